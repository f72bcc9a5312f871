import { appendFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuditLog } from "../../src/audit/log.ts";
import { verifyAuditLog } from "../../src/audit/verify.ts";

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

describe("the audit log", () => {
  it("is readable by its owner only", async () => {
    write("a");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("goes on with the chain of an earlier run", async () => {
    write("a", "b");
    write("c");
    const text = await readFile(path, "utf8");
    expect(verifyAuditLog(text)).toEqual([]);
    expect(text.match(/"seq":\d+/g)).toEqual(['"seq":1', '"seq":2', '"seq":3']);
  });

  it("goes on after a line longer than one read", async () => {
    write("a", "b".repeat(300_000));
    write("c");
    expect(verifyAuditLog(await readFile(path, "utf8"))).toEqual([]);
  });

  it("cuts off a torn last line instead of writing after it", async () => {
    write("a", "b");
    await appendFile(path, '{"seq":3,"ev');
    write("c");
    const text = await readFile(path, "utf8");
    expect(verifyAuditLog(text)).toEqual([]);
    expect(text.trimEnd().split("\n")).toHaveLength(3);
  });

  it("shows a changed line and a removed one", async () => {
    write("a", "b", "c");
    const text = await readFile(path, "utf8");
    expect(verifyAuditLog(text.replace('"b"', '"x"'))).toEqual([
      "line 3 does not continue the line before it",
    ]);
    const [first, , third] = text.split("\n");
    expect(verifyAuditLog(`${first}\n${third}\n`)[0]).toBe("line 2 has number 3, expected 2");
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
    expect(() => openAuditLog(link, () => 0)).toThrow(/audit log/);
  });
});
