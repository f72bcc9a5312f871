import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ExecFiles } from "../../../src/remote/files/exec-files.ts";
import { linkBusybox } from "../../recipes/local.ts";

const root = mkdtempSync(join(tmpdir(), "exec-files-"));
const bin = join(root, "bin");
beforeAll(() => {
  mkdirSync(bin);
  linkBusybox(bin);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A shell of this machine that has only these programs; left out: all. */
const shellOf = (path?: string) => async (script: string, stdin?: Buffer) => {
  const program = path === undefined ? "/bin/sh" : join(path, "sh");
  const { stdout, stderr, status } = spawnSync(program, ["-c", script], {
    input: stdin ?? "",
    env: { PATH: path ?? process.env.PATH },
    maxBuffer: 1 << 26,
  });
  return { stdout, stderr: stderr.toString(), exit: status ?? undefined };
};

describe.each([
  ["the system's programs", undefined],
  ["BusyBox's alone", bin],
])("files by commands, with %s", (_whose, path) => {
  const files = new ExecFiles("here", shellOf(path));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(root, "files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are made exclusively, written and read at any place, and cut", async () => {
    const name = join(folder, "-n it's\n$(id)");
    const file = await files.open(name, "create", 0o640);
    const content = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7) % 256));
    await file.write(0, content);
    await file.write(1001, Buffer.from([0, 10, 13, 255]));
    content.set([0, 10, 13, 255], 1001);
    expect(readFileSync(name).equals(content)).toBe(true);
    expect(await file.stat()).toMatchObject({ type: "file", size: 3000, mode: 0o640 });
    expect((await file.read(999, 10)).equals(content.subarray(999, 1009))).toBe(true);
    expect((await file.read(2990, 100)).equals(content.subarray(2990))).toBe(true);
    expect(await file.read(3000, 10)).toHaveLength(0);
    expect(await file.read(9000, 10)).toHaveLength(0);
    await file.set({ size: 5, mode: 0o604, times: { atime: 1000, mtime: 2000 } });
    expect(statSync(name)).toMatchObject({ size: 5, mode: 0o100604, mtimeMs: 2_000_000, atimeMs: 1_000_000 });
    await expect(files.open(name, "create")).rejects.toMatchObject({ code: "file_exists" });
    await (await files.open(name, "truncate")).write(0, Buffer.from("new"));
    expect(readFileSync(name, "utf8")).toBe("new");
  });

  it("are put in each other's place in one step, and in no folder", async () => {
    const at = (name: string) => join(folder, name);
    writeFileSync(at("a"), "a");
    writeFileSync(at("b"), "b");
    await files.rename(at("a"), at("b"));
    expect([readFileSync(at("b"), "utf8"), existsSync(at("a"))]).toEqual(["a", false]);
    await files.mkdir(at("d"), 0o750);
    expect(statSync(at("d")).mode & 0o7777).toBe(0o750);
    await expect(files.rename(at("b"), at("d"))).rejects.toThrow(/is a folder/);
    await expect(files.remove(at("d"))).rejects.toThrow(/is a folder/);
    await files.symlink("d", at("l"));
    // A link to a folder is replaced as a link, or not at all.
    if (path === undefined) await files.rename(at("b"), at("l"));
    else {
      await expect(files.rename(at("b"), at("l"))).rejects.toThrow(/is a folder/);
      await files.remove(at("l"));
      await files.rename(at("b"), at("l"));
    }
    expect([lstatSync(at("l")).isFile(), readFileSync(at("l"), "utf8")]).toEqual([true, "a"]);
    await files.hardlink(at("l"), at("h"));
    expect(statSync(at("h")).nlink).toBe(2);
    await expect(files.hardlink(at("l"), at("h"))).rejects.toMatchObject({ code: "file_exists" });
    await expect(files.symlink("x", at("h"))).rejects.toMatchObject({ code: "file_exists" });
    await files.remove(at("h"));
    await files.rmdir(at("d"));
    expect([existsSync(at("h")), existsSync(at("d"))]).toEqual([false, false]);
  });

  it("are listed with what they are, under any name", async () => {
    writeFileSync(join(folder, "a\nb"), "xy", { mode: 0o600 });
    writeFileSync(join(folder, "...c"), "");
    await files.symlink("no where", join(folder, ".l"));
    const found = [];
    for await (const part of files.list(folder)) found.push(...part);
    expect(found.map(({ name, facts }) => [name, facts.type, facts.size]).sort()).toEqual([
      ["...c", "file", 0],
      [".l", "link", 8],
      ["a\nb", "file", 2],
    ]);
    expect(found.find(({ name }) => name === "a\nb")).toMatchObject({ links: 1, facts: { mode: 0o600 } });
    expect(await files.readlink(join(folder, ".l"))).toBe(readlinkSync(join(folder, ".l")));
    expect(await files.realpath(join(folder, "x/.."))).toBe(folder);
  });

  it("are refused by what the programs say", async () => {
    const none = join(folder, "none");
    for (const asked of [
      files.stat(none),
      files.open(none, "read"),
      files.open(none, "write"),
      files.remove(none),
    ])
      await expect(asked).rejects.toMatchObject({ code: "no_such_file" });
    await expect(files.open(join(none, "x"), "create")).rejects.toMatchObject({ code: "no_such_file" });
    await expect(files.open(folder, "read")).rejects.toThrow(/is a folder/);
    await expect(files.open("/dev/null", "read")).rejects.toMatchObject({ code: "file_failed" });
    writeFileSync(join(folder, "f"), "");
    await expect(files.mkdir(join(folder, "f"))).rejects.toMatchObject({ code: "file_exists" });
    await expect(files.stat(join(folder, "f", "x"))).rejects.toThrow(/no folder/);
    const listed = files.list(join(folder, "f"))[Symbol.asyncIterator]();
    await expect(listed.next()).rejects.toThrow(/no folder/);
  });
});
