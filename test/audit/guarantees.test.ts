import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLater } from "../../src/audit/later.ts";
import { type Keeping, openAuditLog } from "../../src/audit/log.ts";
import { verifyAuditLog } from "../../src/audit/verify.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
let folder: string;
let path: string;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-audit-"));
  path = join(folder, "audit.jsonl");
  now = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (keeping: Keeping = {}) => openAuditLog(path, () => now, undefined, keeping);

function write(keeping: Keeping, ...names: string[]): void {
  const log = open(keeping);
  for (const name of names) log.record({ event: name });
  log.close();
}

const events = async (file = path) =>
  [...(await readFile(file, "utf8")).matchAll(/"event":"(\w+)"/g)].map(([, name]) => name);
const files = async () => (await readdir(folder)).filter((name) => !/head$|lock$/.test(name)).sort();
const verdict = async () => {
  const { lines, problems } = await verifyAuditLog(path);
  return {
    lines,
    problems: problems.map((one) => `${one.path?.slice(folder.length + 1)}:${one.line} ${one.reason}`),
  };
};

describe("an audit log that rotates", () => {
  it("goes on in a new file once it is too large, as one chain over numbered files", async () => {
    write({ rotation: { size: 400 } }, ..."abcdefghijkl");
    expect((await files()).length).toBeGreaterThan(3);
    expect(await files()).toContain("audit.jsonl.000001");
    const { lines, problems } = await verdict();
    expect(problems).toEqual([]);
    expect(lines).toBe(12 + (await files()).length - 1);
    expect((await stat(join(folder, "audit.jsonl.000001"))).mode & 0o777).toBe(0o600);
  });

  it("does so once its first line is too old, and keeps what the operator said", async () => {
    const day = 86_400_000;
    const log = open({ rotation: { ageMs: day, keep: 2 } });
    for (let count = 0; count < 6; count++) {
      log.record({ event: "a" });
      now += day;
    }
    log.close();
    expect(await files()).toEqual(["audit.jsonl", "audit.jsonl.000004", "audit.jsonl.000005"]);
    expect(await events()).toEqual(["continued", "retired", "a"]);
    const report = await verifyAuditLog(path);
    expect(report.problems).toEqual([]);
    expect(report.continues).toMatchObject({ retired: true });
  });

  it("is gone on with by every process that shares it, also by one that slept over two rotations", async () => {
    const sleeping = open();
    sleeping.record({ event: "early" });
    write({ rotation: { size: 300, keep: 1 } }, ..."abcdef");
    sleeping.record({ event: "late" });
    sleeping.close();
    expect((await verdict()).problems).toEqual([]);
    expect((await events()).at(-1)).toBe("late");
  });

  it("is whole after an end between the two halves of a rotation", async () => {
    write({}, "a", "b");
    await rename(path, `${path}.000001`);
    write({}, "c");
    expect(await verdict()).toEqual({ lines: 4, problems: [] });
    // The same where nothing is left but the files themselves.
    await rename(path, `${path}.000002`);
    await rm(`${path}.head`);
    write({}, "d");
    expect(await verdict()).toEqual({ lines: 6, problems: [] });
  });

  it("misses a rotated file that nobody retired", async () => {
    write({ rotation: { size: 200 } }, ..."abcdef");
    const [, first = "", second = ""] = await files();
    await rename(join(folder, second), join(folder, "elsewhere"));
    expect((await verdict()).problems[0]).toMatch(/^audit\.jsonl\.\d+:1 has number \d+, expected \d+/);
    await rename(join(folder, "elsewhere"), join(folder, second));
    expect((await verdict()).problems).toEqual([]);
    await rm(join(folder, first));
    expect((await verdict()).problems[0]).toMatch(
      /:1 goes on where audit\.jsonl\.000001 ends, which is not here/,
    );
  });
});

describe("the end of an audit log", () => {
  const cut = async (lines: number) => {
    const text = await readFile(path, "utf8");
    const kept = text.split("\n").slice(0, lines).join("\n");
    await truncate(path, Buffer.byteLength(`${kept}\n`));
  };

  it("is missed when lines are cut off there, before the next line and for ever after", async () => {
    write({}, "a", "b", "c", "d");
    await cut(2);
    expect((await verdict()).problems).toEqual([
      "audit.jsonl:3 is missing: 2 lines were cut off at the end (4 were written, the last here has number 2)",
    ]);
    write({}, "e");
    expect(await events()).toEqual(["a", "b", "gap", "e"]);
    expect((await verdict()).problems).toEqual([
      "audit.jsonl:3 has number 5, expected 3: lines were removed, added or moved",
    ]);
  });

  it("is missed when the whole file is", async () => {
    write({}, "a", "b");
    await rm(path);
    expect((await verdict()).problems).toEqual([
      expect.stringMatching(/:1 is missing: 2 lines were cut off at the end/),
    ]);
    await writeFile(path, "");
    expect((await verdict()).problems).toHaveLength(1);
  });

  it("is known to be changed, although no line follows", async () => {
    write({}, "a", "b");
    await writeFile(path, (await readFile(path, "utf8")).replace('"b"', '"x"'));
    expect((await verdict()).problems).toEqual([
      "audit.jsonl:2 was changed: it is not the line that was written last",
    ]);
  });
});

describe("an audit log that cannot be written for a while", () => {
  it("on a full disk keeps whole lines, says what to do, goes on when there is room, and counts what it missed", async () => {
    const program = `
      import { openAuditLog } from ${JSON.stringify(join(root, "src", "audit", "log.ts"))};
      import { renameSync } from "node:fs";
      const [path] = process.argv.slice(1);
      const log = openAuditLog(path, () => 0);
      const said = [];
      for (let count = 0; said.length < 3; count++)
        try { log.record({ event: "fill", text: "x".repeat(300) }); } catch (error) { said.push(error.toText()); }
      renameSync(path, path + ".1");
      log.record({ event: "after" });
      log.close();
      process.stdout.write(said[0]);`;
    const limited = `ulimit -f 4; exec "$0" --import tsx --input-type=module -e "$1" "$2"`;
    const { stdout } = await run("bash", ["-c", limited, process.execPath, program, path], { cwd: root });
    expect(stdout).toMatch(/^audit_failed: .*cannot be written \((the disk is full|.*EFBIG.*)\), so nothing/);
    expect(stdout).toContain("no restart is needed");
    expect(await events()).toEqual(["continued", "missed", "after"]);
    expect(await readFile(path, "utf8")).toContain('"event":"missed","entries":3');
    expect((await verdict()).problems).toEqual([]);
  });

  it("refuses while its file may not be written, whoever asks, and goes on afterwards", async () => {
    const log = open();
    log.record({ event: "a" });
    await chmod(path, 0o400);
    expect(() => log.record({ event: "b" })).toThrow(/nobody may write to it \(mode 400\); run: chmod 600/);
    await chmod(path, 0o666);
    expect(() => log.record({ event: "b" })).toThrow(/can be changed by other users/);
    await chmod(path, 0o600);
    log.record({ event: "c" });
    log.close();
    expect(await events()).toEqual(["a", "missed", "c"]);
    expect((await verdict()).problems).toEqual([]);
  });

  it("names the process that keeps its lock, and that it is suspended", async () => {
    const log = open();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    try {
      child.kill("SIGSTOP");
      await expect
        .poll(async () => (await readFile(`/proc/${child.pid}/stat`, "latin1")).includes(") T "), {
          timeout: 30_000,
        })
        .toBe(true);
      await writeFile(`${path}.lock`, String(child.pid));
      const suspended = new RegExp(`process ${child.pid} keeps .*is suspended.*kill -CONT ${child.pid}`);
      expect(() => log.record({ event: "a" })).toThrow(suspended);
      expect(() => log.record({ event: "b" })).toThrow(suspended);
    } finally {
      child.kill("SIGKILL");
    }
    await rm(`${path}.lock`);
    log.record({ event: "c" });
    log.close();
    expect(await events()).toEqual(["missed", "c"]);
  });

  it("that could not be opened at the start is opened as soon as it can", async () => {
    await writeFile(join(folder, "state"), "no folder");
    path = join(folder, "state", "audit.jsonl");
    const log = openLater(path, () => open());
    expect(() => log.record({ event: "a" })).toThrow(/cannot be written \((a part of its path|EEXIST)/);
    await rm(join(folder, "state"));
    log.record({ event: "b" });
    log.close();
    expect(await events()).toEqual(["missed", "b"]);
    expect(() => log.record({ event: "c" })).toThrow(/is closed/);
  });
});
