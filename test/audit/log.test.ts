import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuditLog } from "../../src/audit/log.ts";
import { type AuditProblem, verifyAuditLog, verifyLines } from "../../src/audit/verify.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-audit-"));
  path = join(folder, "audit.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(...names: string[]): void {
  const log = openAuditLog(path, () => 0);
  for (const name of names) log.record({ event: name });
  log.close();
}

async function problems(): Promise<readonly AuditProblem[]> {
  return (await verifyAuditLog(path)).problems;
}

describe("the audit log", () => {
  it("is readable by its owner only", async () => {
    write("a");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("goes on with the chain of an earlier run", async () => {
    write("a", "b");
    write("c");
    expect(await problems()).toEqual([]);
    const text = await readFile(path, "utf8");
    expect(text.match(/"seq":\d+/g)).toEqual(['"seq":1', '"seq":2', '"seq":3']);
  });

  it("goes on after a line longer than one read", async () => {
    write("a", "b".repeat(300_000));
    write("c");
    expect(await problems()).toEqual([]);
  });

  it("cuts off a torn last line instead of writing after it", async () => {
    write("a", "b");
    await appendFile(path, '{"seq":3,"ev');
    write("c");
    expect(await problems()).toEqual([]);
    const text = await readFile(path, "utf8");
    expect(text.match(/"event":"\w+"(,"bytes":12)?/g)).toEqual([
      '"event":"a"',
      '"event":"b"',
      '"event":"repaired","bytes":12',
      '"event":"c"',
    ]);
  });

  it("keeps text with line breaks on one line", async () => {
    write('x\n{"seq":9}');
    expect((await readFile(path, "utf8")).trimEnd().split("\n")).toHaveLength(1);
  });

  it("leaves a file of somebody else's alone, also one without a line end", async () => {
    await writeFile(path, "my notes");
    expect(() => openAuditLog(path, () => 0)).toThrow(/not one of an audit log/);
    expect(await readFile(path, "utf8")).toBe("my notes");
  });

  it("fails once its file was deleted, rather than write where nobody can read", async () => {
    const log = openAuditLog(path, () => 0);
    log.record({ event: "a" });
    await rm(path);
    expect(() => log.record({ event: "b" })).toThrow(/deleted/);
    log.close();
  });

  it("refuses a file that is not one of its own, and a link", async () => {
    await writeFile(path, "something else\n");
    expect(() => openAuditLog(path, () => 0)).toThrow(/audit log/);
    const link = join(folder, "link");
    await symlink(path, link);
    expect(() => openAuditLog("/dev/null", () => 0)).toThrow(/not a regular file/);
    expect(() => openAuditLog(link, () => 0)).toThrow(/audit log/);
  });
});

describe("an audit log that several processes share", () => {
  it("keeps one chain when they take turns", async () => {
    const [one, other] = [openAuditLog(path, () => 0), openAuditLog(path, () => 0)];
    for (const log of [one, other, other, one, other]) log.record({ event: "x" });
    one.close();
    other.close();
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 5, problems: [] });
  });

  it("keeps one chain when they write at the same time", async () => {
    const writer = `import { openAuditLog } from ${JSON.stringify(join(root, "src", "audit", "log.ts"))};
      const log = openAuditLog(process.argv[1], () => 0);
      for (let line = 0; line < 100; line++) log.record({ event: "x".repeat(line * 40) });
      log.close();`;
    const args = ["--import", "tsx", "--input-type=module", "-e", writer, path];
    await Promise.all([1, 2, 3].map(() => run(process.execPath, args, { cwd: root })));
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 300, problems: [] });
    expect((await readdir(folder)).sort()).toEqual(["audit.jsonl", "audit.jsonl.head"]);
  });

  it("goes on behind the lock of a process that has ended, and not behind that of one that lives", async () => {
    const log = openAuditLog(path, () => 0);
    const lock = `${path}.lock`;
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    await writeFile(lock, String(gone));
    await utimes(lock, 0, 0);
    log.record({ event: "a" });
    await writeFile(lock, String(process.ppid));
    await utimes(lock, 0, 0);
    expect(() => log.record({ event: "b" })).toThrow(
      /another process \(\d+\) keeps .*audit\.jsonl\.lock; if there/,
    );
    expect(await readFile(lock, "utf8")).toBe(String(process.ppid));
    await rm(lock);
    log.record({ event: "c" });
    log.close();
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 3, problems: [] });
    expect(await readFile(path, "utf8")).toContain('"event":"missed","entries":1');
  });

  it.each<[string, (lock: string) => unknown]>([
    ["a pipe", (lock) => execFileSync("mkfifo", [lock])],
    ["a link to an endless device", (lock) => symlink("/dev/zero", lock)],
    ["a folder", (lock) => mkdir(lock)],
  ])("neither waits for nor removes what is no lock: %s", async (_what, put) => {
    const log = openAuditLog(path, () => 0);
    await put(`${path}.lock`);
    expect(() => log.record({ event: "a" })).toThrow(
      /audit\.jsonl\.lock is no lock of this program.*remove it/,
    );
    await rm(`${path}.lock`, { recursive: true });
    log.record({ event: "b" });
    log.close();
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 2, problems: [] });
  });

  it("fails once lines of it were removed, rather than begin a chain that hides it", async () => {
    write("a");
    const kept = await readFile(path, "utf8");
    const log = openAuditLog(path, () => 0);
    log.record({ event: "b" });
    await truncate(path, kept.length);
    expect(() => log.record({ event: "c" })).toThrow(/lines of it were removed/);
    expect(() => log.record({ event: "d" })).toThrow(/lines of it were removed/);
    log.close();
    expect(await readFile(path, "utf8")).toBe(kept);
  });
});

describe("an audit log that is rotated while it is in use", () => {
  const old = () => join(folder, "audit.jsonl.1");

  it("goes on in the new file, whose first line names what came before; both are whole", async () => {
    const [one, other] = [openAuditLog(path, () => 0), openAuditLog(path, () => 0)];
    one.record({ event: "a" });
    other.record({ event: "b" });
    await rename(path, old());
    one.record({ event: "c" });
    other.record({ event: "d" });
    one.close();
    other.close();
    const before = await verifyAuditLog(old());
    expect(before).toMatchObject({ lines: 2, problems: [] });
    const after = await verifyAuditLog(path);
    expect(after).toMatchObject({ lines: 5, problems: [] });
    await rename(old(), join(folder, "elsewhere"));
    const alone = await verifyAuditLog(path);
    expect(alone).toMatchObject({ lines: 3, problems: [], continues: { lines: 2, hash: before.hash } });
    expect((await readFile(path, "utf8")).match(/"event":"\w+"/g)).toEqual([
      '"event":"continued"',
      '"event":"c"',
      '"event":"d"',
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    write("e");
    expect(await problems()).toEqual([]);
  });

  it("goes on in a file that was emptied, and says so", async () => {
    const log = openAuditLog(path, () => 0);
    log.record({ event: "a" });
    await copyFile(path, old());
    await truncate(path, 0);
    log.record({ event: "b" });
    log.close();
    const { hash } = await verifyAuditLog(old());
    await rename(old(), join(folder, "elsewhere"));
    expect(await verifyAuditLog(path)).toMatchObject({
      lines: 2,
      problems: [],
      continues: { lines: 1, hash },
    });
  });

  it("fails where another file was put in its place, or a link", async () => {
    for (const replace of [
      () => writeFile(path, "something else\n"),
      () => writeFile(path, '{"seq":1}\n'),
      () => symlink(old(), path),
    ]) {
      await rm(path, { force: true });
      await rm(old(), { force: true });
      const log = openAuditLog(path, () => 0);
      log.record({ event: "a" });
      log.record({ event: "b" });
      await rename(path, old());
      await replace();
      expect(() => log.record({ event: "c" })).toThrow(/cannot be written/);
      log.close();
    }
  });

  it("is no way to hide a line: one that was taken out of the new file is found", async () => {
    const log = openAuditLog(path, () => 0);
    for (const event of ["a", "b"]) log.record({ event });
    await rename(path, old());
    for (const event of ["c", "d"]) log.record({ event });
    log.close();
    const [first = "", , third = ""] = (await readFile(path, "utf8")).split("\n");
    expect((await verifyLines([Buffer.from(`${first}\n${third}\n`)])).problemCount).toBe(1);
    expect((await verifyLines([Buffer.from(`${third}\n`)])).problemCount).toBe(1);
  });
});

describe("an audit log that others can write", () => {
  it.each([0o666, 0o622, 0o660, 0o602])("is refused with the command that helps (%o)", async (mode) => {
    write("a");
    await chmod(path, mode);
    expect(() => openAuditLog(path, () => 0)).toThrow(/can be changed by other users .*chmod go-w/);
  });
});

describe("an audit log in a folder in which all users may put files in its place", () => {
  it("is refused with the command that helps, unless the folder is sticky", async () => {
    await chmod(folder, 0o777);
    expect(() => openAuditLog(path, () => 0)).toThrow(
      /all users can replace it in its folder; run: chmod o-w/,
    );
    await chmod(folder, 0o1777);
    write("a");
    expect(await problems()).toEqual([]);
  });
});

describe("the verification of an audit log", () => {
  const reasons = (report: { problems: readonly AuditProblem[] }) =>
    report.problems.map(({ line, reason }) => `${line} ${reason}`);

  it("names what was changed, removed, moved, added or torn, with the line", async () => {
    write("a", "b", "c");
    const text = await readFile(path, "utf8");
    const [one = "", two = "", three = ""] = text.split("\n");
    const cases: [string, RegExp[]][] = [
      [text.replace('"b"', '"x"'), [/^2 was changed: line 3 does not continue it/]],
      [`${one}\n${three}\n`, [/^2 has number 3, expected 2/]],
      [`${two}\n${three}\n`, [/^1 has number 2 and is not the first line/]],
      [`${one}\n${three}\n${two}\n`, [/^2 has number 3/, /^3 has number 2, expected 4/]],
      [`${one}\n${one}\n${two}\n`, [/^2 has number 1, expected 2/]],
      [`${one}\nhello\n${two}\n${three}\n`, [/^2 is not an audit entry/, /^3 has number 2/]],
      [`${one}\n\n${two}\n`, [/^2 is not an audit entry/, /^3 has number 2/]],
      [text.slice(0, -1), [/^3 is torn/]],
      [text.replaceAll("\n", "\r\n"), [/^1 was changed/, /^2 was changed/]],
    ];
    for (const [changed, expected] of cases) {
      const found = reasons(await verifyLines([Buffer.from(changed)]));
      expect(found).toEqual(expected.map((one) => expect.stringMatching(one)));
    }
  });

  it("says the same wherever the bytes are cut", async () => {
    write("ä", "b", "c".repeat(200));
    const bytes = await readFile(path);
    const whole = await verifyLines([bytes]);
    expect(whole).toMatchObject({ lines: 3, problemCount: 0, first: "1970-01-01T00:00:00.000Z" });
    for (const size of [1, 2, 7, 64])
      expect(
        await verifyLines(
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          ),
        ),
      ).toEqual(whole);
  });

  it("knows a line that is longer than any entry, and names no more than twenty problems", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    function* endless() {
      for (let count = 0; count < 256; count++) yield megabyte;
      yield Buffer.from("\n".repeat(1_000));
    }
    const report = await verifyLines(endless());
    expect(report).toMatchObject({ lines: 1_000, problemCount: 1_000 });
    expect(report.problems).toHaveLength(20);
    expect(reasons(report)[0]).toBe("1 is longer than any entry");
  });

  it("refuses what is no log, and says what it is", async () => {
    await writeFile(path, "");
    await expect(verifyAuditLog(path)).rejects.toThrow(/audit\.jsonl is empty/);
    await expect(verifyAuditLog(folder)).rejects.toThrow(/is a folder/);
    await expect(verifyAuditLog("/dev/zero")).rejects.toThrow(/is not a regular file/);
    await expect(verifyAuditLog(join(folder, "none"))).rejects.toThrow(
      /cannot be opened: there is no such file/,
    );
    const pipe = join(folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    await expect(verifyAuditLog(pipe)).rejects.toThrow(/is not a regular file/);
  });
});
