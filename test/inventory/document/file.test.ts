import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, test, vi } from "vitest";
import { openInventory, saveInventory } from "../../../src/inventory/document/file.ts";
import { errorOf, scratch } from "../scratch.ts";

const OLD = "hosts:\n  a: {}\n";
const NEW = "hosts:\n  b: {}\n";

/** All that is in the folder of a file. */
const beside = (path: string) => readdirSync(dirname(path)).sort();

describe("an inventory is replaced in one step", () => {
  it("keeps its mode, and leaves the old one beside it", async () => {
    const path = scratch().write("hosts.yaml", OLD, 0o640);
    const saved = await saveInventory(await openInventory(path), NEW);
    expect(readFileSync(path, "utf8")).toBe(NEW);
    expect(saved).toEqual({ target: path, backup: `${path}~` });
    expect(readFileSync(`${path}~`, "utf8")).toBe(OLD);
    expect([path, `${path}~`].map((file) => statSync(file).mode & 0o777)).toEqual([0o640, 0o640]);
    expect(beside(path)).toEqual(["hosts.yaml", "hosts.yaml~"]);
  });

  it.runIf(process.getuid?.() === 0).each([
    ["the group of another", 0, 4711],
    ["another owner and group", 4712, 4711],
  ])("keeps %s, for the file and the old one beside it", async (_what, uid, gid) => {
    const path = scratch().write("hosts.yaml", OLD, 0o640);
    chownSync(path, uid, gid);
    // Whoever edits it is its owner; only root can make such a file here.
    vi.spyOn(process, "getuid").mockReturnValue(uid);
    await saveInventory(await openInventory(path), NEW);
    vi.restoreAllMocks();
    for (const file of [path, `${path}~`]) {
      const { uid: owner, gid: group, mode } = statSync(file);
      expect([owner, group, mode & 0o777]).toEqual([uid, gid, 0o640]);
    }
  });

  it.runIf(process.getuid?.() === 0)("that belongs to somebody else is not touched", async () => {
    const path = scratch().write("hosts.yaml", OLD);
    const opened = await openInventory(path);
    chownSync(path, 4712, 4711);
    const error = await errorOf(saveInventory(opened, NEW));
    expect(error.message).toContain("belongs to another user");
    expect(error.next).not.toMatch(/chown|chmod/);
    expect(readFileSync(path, "utf8")).toBe(OLD);
    expect(beside(path)).toEqual(["hosts.yaml"]);
  });

  it("keeps a byte order mark and line ends as they were given", async () => {
    const path = scratch().write("hosts.yaml", "\uFEFFhosts: {}\r\n");
    const opened = await openInventory(path);
    await saveInventory(opened, `${opened.text}defaults: {}\r\n`);
    expect(readFileSync(path).toString("utf8")).toBe("\uFEFFhosts: {}\r\ndefaults: {}\r\n");
  });

  it("follows a symbolic link, which stays one", async () => {
    const place = scratch();
    const real = place.write("dotfiles/hosts.yaml", OLD);
    const path = join(place.home, "hosts.yaml");
    symlinkSync(real, path);
    const saved = await saveInventory(await openInventory(path), NEW);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe(NEW);
    expect(saved.backup).toBe(`${real}~`);
    expect(beside(path)).toEqual(["dotfiles", "hosts.yaml"]);
  });

  it("creates a missing file, readable by its owner alone, with the folders on the way", async () => {
    const path = join(scratch().home, "config", "ssh-mcp", "hosts.yaml");
    const opened = await openInventory(path);
    expect(opened.text).toBe("");
    const saved = await saveInventory(opened, NEW);
    expect(saved.backup).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(beside(path)).toEqual(["hosts.yaml"]);
  });

  it("replaces what a program left behind that ended while it wrote", async () => {
    const path = scratch().write("hosts.yaml", OLD);
    const left = join(dirname(path), ".hosts.yaml.ssh-mcp-new");
    writeFileSync(left, "half");
    utimesSync(left, 1, 1);
    await saveInventory(await openInventory(path), NEW);
    expect(readFileSync(path, "utf8")).toBe(NEW);
    expect(existsSync(left)).toBe(false);
  });
});

describe("nothing is written, and nothing is left beside the file,", () => {
  test.each<[what: string, meanwhile: (path: string) => void, why: string]>([
    [
      "where it was changed since it was read",
      (path) => writeFileSync(path, "hosts: {c: {}}\n"),
      "was changed on disk meanwhile",
    ],
    ["where others may change it now", (path) => chmodSync(path, 0o666), "can be changed by other users"],
    ["where it has a second name", (path) => linkSync(path, `${path}.link`), "it has further names"],
  ])("%s", async (_what, meanwhile, why) => {
    const path = scratch().write("hosts.yaml", OLD);
    const opened = await openInventory(path);
    meanwhile(path);
    const [text, names] = [readFileSync(path, "utf8"), beside(path)];
    expect((await errorOf(saveInventory(opened, NEW))).toText()).toContain(why);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(beside(path)).toEqual(names);
  });

  it("where it was created meanwhile", async () => {
    const path = join(scratch().home, "hosts.yaml");
    const opened = await openInventory(path);
    writeFileSync(path, OLD);
    expect((await errorOf(saveInventory(opened, NEW))).message).toContain("was created meanwhile");
    expect(readFileSync(path, "utf8")).toBe(OLD);
    expect(beside(path)).toEqual(["hosts.yaml"]);
  });

  it("where another program is writing it", async () => {
    const path = scratch().write("hosts.yaml", OLD);
    const opened = await openInventory(path);
    writeFileSync(join(dirname(path), ".hosts.yaml.ssh-mcp-new"), "theirs");
    const error = await errorOf(saveInventory(opened, NEW));
    expect(error.code).toBe("busy");
    expect(readFileSync(path, "utf8")).toBe(OLD);
    expect(readFileSync(join(dirname(path), ".hosts.yaml.ssh-mcp-new"), "utf8")).toBe("theirs");
  });

  it("where two write at once: one of them", async () => {
    const path = scratch().write("hosts.yaml", OLD);
    const [one, other] = [await openInventory(path), await openInventory(path)];
    const ends = await Promise.allSettled([
      saveInventory(one, NEW),
      saveInventory(other, "hosts: {c: {}}\n"),
    ]);
    const won = ends.filter(({ status }) => status === "fulfilled");
    expect(won).toHaveLength(1);
    expect([NEW, "hosts: {c: {}}\n"]).toContain(readFileSync(path, "utf8"));
    expect(readFileSync(`${path}~`, "utf8")).toBe(OLD);
    expect(beside(path)).toEqual(["hosts.yaml", "hosts.yaml~"]);
  });

  test.each<[what: string, make: (path: string) => void, why: string]>([
    [
      "bytes that are no UTF-8",
      (path) => writeFileSync(path, Buffer.from([0x23, 0xff, 0x0a])),
      "is not UTF-8",
    ],
    ["a folder", (path) => mkdirSync(path), "is not a regular file"],
    [
      "a link that leads nowhere",
      (path) => symlinkSync("/nowhere/at/all", path),
      "a symbolic link to a file that does not exist",
    ],
  ])("%s is no inventory to edit", async (_what, make, why) => {
    const path = join(scratch().home, "hosts.yaml");
    make(path);
    expect((await errorOf(openInventory(path))).message).toContain(why);
  });
});
