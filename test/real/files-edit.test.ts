import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/log.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";
import { testUser, testUsers } from "./kit/users.ts";

let server: TestServer;
let desk: DeskOver;
let root: string;
let uid: number;
const recorded: AuditEvent[] = [];

beforeAll(async () => {
  server = await startSshd();
  process.env.SSH_MCP_TEST_SUDO = testUsers().password;
  process.env.SSH_MCP_TEST_WRONG = "wrong-all-the-same";
  const asRoot = (name: string) => ({ sudo: { ref: { from: "env", name } as const, program: "sudo" } });
  desk = deskOver(
    [
      hostFor(server, "bash", { name: "web1" }),
      hostFor(server, "bash", { name: "root1", secrets: asRoot("SSH_MCP_TEST_SUDO") }),
      hostFor(server, "bash", { name: "wrong1", secrets: asRoot("SSH_MCP_TEST_WRONG") }),
      hostFor(server, "bash", { name: "denied1", policy: { ...UNRESTRICTED, denyPatterns: ["\\bsudo\\b"] } }),
    ],
    { audit: { record: (event) => void recorded.push(event), close: () => {} } },
  );
  ({ uid } = testUser("bash"));
  root = mkdtempSync(join(tmpdir(), "ssh-mcp-edit-"));
  chownSync(root, uid, uid);
  chmodSync(root, 0o755);
});
afterAll(async () => {
  await desk?.dispose();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

const write = (path: string, content: string, more: object = {}) =>
  desk.call("ssh_write_file", { host: "web1", path, content, ...more });
const edit = (path: string, edits: readonly object[], more: object = {}) =>
  desk.call("ssh_edit_file", { host: "web1", path, edits, ...more });
const check = (path: string, more: object = {}) => desk.call("ssh_validate", { host: "web1", path, ...more });

let count = 0;
/** A folder of the account's own. */
function folder(): string {
  const path = join(root, `f${++count}`);
  mkdirSync(path);
  chownSync(path, uid, uid);
  return path;
}
/** A file of the account's own, alone in a folder of its own. */
function file(
  name: string,
  content: string | Buffer,
  { mode = 0o644, owner = uid, group = uid } = {},
): string {
  const path = join(folder(), name);
  writeFileSync(path, content);
  chownSync(path, owner, group);
  chmodSync(path, mode);
  return path;
}
const besides = (path: string) => readdirSync(dirname(path));
const text = (path: string) => readFileSync(path, "utf8");
const sha = (said: string) => / sha256=([\da-f]{12})/.exec(said)?.[1] ?? "none";

describe("ssh_write_file", () => {
  it("makes a file whole, says what it is now, and leaves nothing beside it", async () => {
    const path = join(folder(), "new");
    const said = await write(path, "one\ntwo\n");
    expect(said).toMatch(
      new RegExp(
        `^\\[web1 write created path=${path} \\+2 -0 syntax=unchecked size=8 mtime=\\S+Z sha256=[\\da-f]{12}\\]$`,
      ),
    );
    expect(text(path)).toBe("one\ntwo\n");
    expect(statSync(path)).toMatchObject({ uid, mode: 0o100644, nlink: 1 });
    expect(besides(path)).toEqual(["new"]);
  });

  it("replaces a file in one step with its mode, and shows the difference", async () => {
    const path = file("x.sh", "a\nb\nc\n", { mode: 0o750 });
    const { ino } = statSync(path);
    expect(await write(path, "a\nB\nc\n")).toMatch(
      /^@@ -1,3 \+1,3 @@\n a\n-b\n\+B\n c\n\[web1 write done path=\S+ \+1 -1 syntax=unchecked size=6 /,
    );
    expect(statSync(path).mode & 0o7777).toBe(0o750);
    expect(statSync(path).ino).not.toBe(ino);
    expect(besides(path)).toEqual(["x.sh"]);
  });

  it("writes the same content not at all", async () => {
    const path = file("x", "same\n");
    const { ino, mtimeMs } = statSync(path);
    expect(await write(path, "same\n")).toMatch(/^\[web1 write unchanged path=/);
    expect(statSync(path)).toMatchObject({ ino, mtimeMs });
  });

  it("takes what an answer says as what the next call expects, and refuses any other state", async () => {
    const path = file("x", "one\n");
    const first = await write(path, "two\n");
    expect(await write(path, "three\n", { expect: sha(first) })).toContain(" write done ");
    expect(await write(path, "four\n", { expect: sha(first) })).toMatch(
      /^file_changed: .*nothing was changed/,
    );
    expect(await write(path, "four\n", { expect: "2001-01-01T00:00:00Z" })).toMatch(/^file_changed: /);
    expect(await write(path, "four\n", { expect: "absent" })).toMatch(/^file_changed: .*it is there/);
    expect(text(path)).toBe("three\n");
    expect(await write(join(dirname(path), "y"), "four\n", { expect: "absent" })).toContain(" created ");
  });

  it("makes folders if asked", async () => {
    const path = join(folder(), "a/b/new");
    expect(await write(path, "x\n")).toMatch(/^no_such_file: .*\nNext: parents: true makes it\.$/);
    expect(await write(path, "x\n", { parents: true })).toMatch(/note: folders made: \S+\/a, \S+\/a\/b\n/);
    expect(text(path)).toBe("x\n");
  });

  it("refuses a syntax that is wrong by the file's name, before anything is written; skippable", async () => {
    const path = file("x.json", '{"a": 1}\n');
    expect(await write(path, '{"a": 1,}\n')).toMatch(
      /^invalid_argument: nothing was written: as JSON .* 1:9 .*\nNext: .*validate: false/,
    );
    expect(text(path)).toBe('{"a": 1}\n');
    expect(await write(path, '{"a": 1,}\n', { validate: false })).toMatch(
      /note: as JSON it is wrong: 1:9 .*\n\[.* syntax=bad:json /,
    );
    expect(await write(path, '{"a": 2}\n')).toContain(" syntax=ok:json ");
    expect(await write(file("nginx.conf", "a b;\n"), "server {\n  listen 80;\n}\n")).toContain(
      " syntax=ok:nginx ",
    );
    expect(await write(file("resolv.conf", "x\n"), "nameserver 192.0.2.1\nsearch example.com\n")).toContain(
      " syntax=unchecked ",
    );
  });

  it("writes in place, and says so, where a new file would lose something", async () => {
    const linked = file("x", "old\n");
    linkSync(linked, `${linked}.too`);
    expect(await write(linked, "new\n")).toMatch(
      /note: written in place, not replaced in one step: it has 2 names/,
    );
    expect(text(`${linked}.too`)).toBe("new\n");

    const others = file("x", "old content\n", { owner: 0, group: 0, mode: 0o666 });
    expect(await write(others, "new\n")).toMatch(/note: written in place.*owner \(0:0\)/);
    expect(statSync(others)).toMatchObject({ uid: 0, gid: 0, size: 4 });

    const closed = file("x", "old\n");
    chownSync(dirname(closed), 0, 0);
    expect(await write(closed, "new and longer\n")).toMatch(
      /note: written in place.*no file can be made beside it/,
    );
    expect(text(closed)).toBe("new and longer\n");
    for (const path of [linked, others, closed])
      expect(besides(path).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("writes in place what is mounted, as /etc/hosts is in a container", async () => {
    const path = file("hosts", "old\n");
    const source = file("source", "old\n");
    const mounted = mounts(source, path);
    // Where nothing may be mounted: a folder in which only a file's owner may rename it.
    if (!mounted) {
      chownSync(path, 0, 0);
      chmodSync(path, 0o666);
      chownSync(dirname(path), 0, 0);
      chmodSync(dirname(path), 0o1777);
    }
    try {
      expect(await write(path, "127.0.0.1 x\n")).toMatch(
        /note: written in place, not replaced in one step: /,
      );
      expect(text(mounted ? source : path)).toBe("127.0.0.1 x\n");
      expect(besides(path)).toEqual(["hosts"]);
    } finally {
      if (mounted) execFileSync("umount", [path]);
    }
  });

  it("writes a link's target, and leaves the link", async () => {
    const path = file("target", "old\n");
    const link = join(dirname(path), "link");
    symlinkSync("target", link);
    expect(await write(link, "new\n")).toMatch(/note: \S+link is a link to \S+target, which was written\n/);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(text(path)).toBe("new\n");
    symlinkSync("nothing", `${link}2`);
    expect(await write(`${link}2`, "new\n")).toMatch(/^file_failed: .*link to a file that is not there/);
  });

  it("refuses folders, FIFOs and devices, and what the login may not write", async () => {
    const path = file("x", "old\n", { owner: 0, group: 0, mode: 0o644 });
    expect(await write(path, "new\n")).toMatch(/^permission_denied: /);
    expect(text(path)).toBe("old\n");
    expect(besides(path)).toEqual(["x"]);
    execFileSync("mkfifo", ["-m", "666", `${path}.fifo`]);
    expect(await write(`${path}.fifo`, "new\n")).toMatch(/^file_failed: .*no regular file/);
    expect(await write(dirname(path), "new\n")).toMatch(/^file_failed: .*no regular file/);
    expect(await write("/dev/null", "new\n")).toMatch(/^file_failed: .*no regular file/);
  });

  it("shows a name that misleads by its numbers, and writes the file of that very name", async () => {
    const name = "a\u001b[2J\nb\u202ec $(id) ' \"";
    const path = file(name, "old\n");
    const said = await write(path, "new\n");
    expect(said).toMatch(/\[web1 write done path="\S+a\\u001b\[2J\\nb\\u202ec \$\(id\) ' \\"" \+1 -1/);
    expect(said).not.toMatch(/[\u001b\u202e]/);
    expect(text(path)).toBe("new\n");
    const refused = await write(`${path}/x`, "new\n");
    expect(refused).not.toMatch(/[\u001b\u202e]/);
    expect(besides(path)).toEqual([name]);
  });

  it("says what it does not keep of the old content: encoding and line ends", async () => {
    const path = file("x", Buffer.from("\ufeffa\r\nb\r\n"));
    const said = await write(path, "a\nb\n");
    expect(said).toMatch(
      /note: the file was UTF-8 with BOM, and is now UTF-8\nnote: its lines ended with CRLF, and end now with LF\n/,
    );
  });

  it("never writes a placeholder over what it is shown for", async () => {
    const path = file("x", "password=hunter2\nzero\u200bwidth\n");
    expect(await write(path, "password=[secret]\n")).toMatch(
      /^invalid_argument: nothing was written: .*\[secret\]/,
    );
    expect(await write(path, "zero<U+200B>width\n")).toMatch(
      /^invalid_argument: nothing was written: .*<U\+200B>/,
    );
    expect(text(path)).toBe("password=hunter2\nzero\u200bwidth\n");
  });
});

describe("ssh_edit_file", () => {
  it("changes what is named and keeps every other byte", async () => {
    const path = file("x", Buffer.from("\ufeffone\r\ntwo\r\nthree", "utf16le"), { mode: 0o600 });
    const said = await edit(path, [
      { old: "two\nthree", new: "2\n3" },
      { after: 0, new: "zero" },
    ]);
    expect(said).toMatch(/^@@ -1,3 \+1,4 @@\n\+zero\n one\n-two\n-three\n/);
    expect(readFileSync(path).equals(Buffer.from("\ufeffzero\r\none\r\n2\r\n3", "utf16le"))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("does all edits or none, and names each that fails", async () => {
    const path = file("x", "one\n\ttwo\none\n");
    expect(
      await edit(path, [
        { old: "two", new: "2" },
        { old: "one", new: "1" },
        { old: "    two", new: "2" },
      ]),
    ).toMatch(
      /^invalid_argument: nothing was changed: edit 2: old matches 2 times, in lines 1 and 3.*\nedit 3: .*line 2 it is, except for how its lines are indented/,
    );
    expect(text(path)).toBe("one\n\ttwo\none\n");
  });

  it("shows what it would do, and does nothing", async () => {
    const path = file("x", "Port 22\n");
    expect(await edit(path, [{ regex: "^Port (\\d+)", new: "Port 2$1" }], { dry_run: true })).toMatch(
      /^@@ -1 \+1 @@\n-Port 22\n\+Port 222\n\[web1 edit dry_run path=\S+ \+1 -1 syntax=unchecked\]$/,
    );
    expect(text(path)).toBe("Port 22\n");
  });

  it("refuses to break a syntax; what was broken before is edited, and it is said", async () => {
    const path = file("x.yaml", "a: 1\nb: 2\n");
    expect(await edit(path, [{ line: 2, new: "  b: [" }])).toMatch(
      /^invalid_argument: nothing was written: as YAML/,
    );
    const broken = file("x.json", "{ a: 1, b: 2 }\n");
    expect(await edit(broken, [{ old: "1", new: "3" }])).toMatch(
      /note: as JSON it was wrong before, and is: 1:3 /,
    );
    expect(text(broken)).toBe("{ a: 3, b: 2 }\n");
  });

  it("three calls at once on one file all take effect", async () => {
    const path = file("x", "a\nb\nc\n");
    const said = await Promise.all(
      ["a", "b", "c"].map((old) => edit(path, [{ old, new: old.toUpperCase() }])),
    );
    for (const one of said) expect(one).toContain(" edit done ");
    expect(text(path)).toBe("A\nB\nC\n");
  });

  it("does not edit what is no text, nor what is not there", async () => {
    expect(await edit(file("x", Buffer.from([1, 0, 2])), [{ old: "a", new: "b" }])).toMatch(
      /^file_failed: .*NUL/,
    );
    expect(await edit(join(folder(), "x"), [{ old: "a", new: "b" }])).toMatch(
      /^no_such_file: .*\nNext: ssh_write_file/,
    );
  });

  it("takes edits that were written as a string, and answers a wrong one with the field", async () => {
    const path = file("x", "a\n");
    expect(
      await desk.call("ssh_edit_file", { host: "web1", path, edits: '[{"old":"a","new":"b"}]' }),
    ).toContain(" done ");
    expect(await edit(path, [{ old_string: "a", new: "b" }])).toMatch(
      /^invalid_argument: .*edits\.0.*old_string/,
    );
  });

  it("a large file and a long difference: all is written, the counts are true, the answer is short", async () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, at) => `row ${at} of a file that is long, with some text in it\n`,
    );
    const path = file("x", rows.join(""));
    const said = await edit(path, [{ regex: "^row (\\d+)", new: "line $1", all: true }]);
    expect(said).toMatch(/ \+50,000 -50,000 .* shown=\d+ of 100,001/);
    expect(said.length).toBeLessThan(12_500);
    expect(text(path)).toBe(rows.join("").replaceAll("row ", "line "));
  });
});

describe("as root, by sudo", () => {
  const call = (tool: string, host: string, path: string, more: object = {}) =>
    desk.call(tool, { host, path, sudo: true, ...more });

  it("reads, writes and edits what is root's alone, with the password that the inventory names", async () => {
    const path = file("x.conf", "old\n", { owner: 0, group: 0, mode: 0o600 });
    chownSync(dirname(path), 0, 0);
    expect(await write(path, "new\n")).toMatch(/^permission_denied: /);
    expect(await call("ssh_write_file", "root1", path, { content: "new\n" })).toMatch(
      /^@@ -1 \+1 @@\n-old\n\+new\n\[root1 write done /,
    );
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 0, mode: 0o100600 });
    expect(await call("ssh_edit_file", "root1", path, { edits: [{ old: "new", new: "newer" }] })).toContain(
      " done ",
    );
    expect(await call("ssh_read_file", "root1", path)).toMatch(/^newer\n\[root1 read done /);
    expect(besides(path)).toEqual(["x.conf"]);
    // Its owner stays another's where it was one's.
    const theirs = file("y", "old\n", { mode: 0o640 });
    expect(await call("ssh_write_file", "root1", theirs, { content: "new\n" })).not.toContain("in place");
    expect(statSync(theirs)).toMatchObject({ uid, gid: uid, mode: 0o100640 });
    expect(recorded.some((event) => JSON.stringify(event).includes('"sudo":true'))).toBe(true);
    expect(JSON.stringify(recorded)).not.toContain(testUsers().password);
  });

  it("never shows the password to other programs: no argument and no environment holds it", async () => {
    const [arguments_, environment] = [
      bytesOf(await call("ssh_read_file", "root1", "/proc/self/cmdline", { byte_offset: 0 })),
      bytesOf(await call("ssh_read_file", "root1", "/proc/self/environ", { byte_offset: 0 })),
    ];
    expect(arguments_).toBe("/usr/lib/openssh/sftp-server\0");
    expect(environment).toContain("SUDO_USER=");
    expect(environment).not.toContain(testUsers().password);
    // Nothing of it goes on behind the call.
    const [pid = ""] = (await call("ssh_read_file", "root1", "/proc/self/stat")).split(" ");
    expect(pid).toMatch(/^\d+$/);
    await until(() => !existsSync(`/proc/${pid}`), { describe: "the end of root's server" });
  });

  it("shows no secret in use, in no difference and no error", async () => {
    const { password } = testUsers();
    const path = file("x", "a=1\n");
    expect(await write(path, `a=1\npassword=${password}\n`)).toMatch(/^@@ .*\n a=1\n\+password=\[secret\]\n/);
    expect(text(path)).toContain(password);
    const missed = await edit(path, [
      { old: `a=2\npassword=${password}`, new: "x" },
      { old: "Password", new: "x" },
    ]);
    expect(missed).toMatch(/^invalid_argument: .*\[secret\]/s);
    expect(missed).not.toContain(password);
    expect(await edit(path, [{ old: "password=[secret]", new: "x" }])).toMatch(/\[secret\] is a placeholder/);
    expect(await edit(path, [{ old: "a=1", new: "a=2" }])).toMatch(
      /^@@ .*\n-a=1\n\+a=2\n password=\[secret\]\n/,
    );
    expect(text(path)).toBe(`a=2\npassword=${password}\n`);
  });

  it("gives a password once, and says what sudo says", async () => {
    const path = file("x", "old\n", { owner: 0, group: 0, mode: 0o600 });
    expect(await call("ssh_read_file", "wrong1", path)).toMatch(
      /^permission_denied: sudo on wrong1 did not accept the password of the inventory; it was given once/,
    );
    expect(await call("ssh_read_file", "web1", path)).toMatch(
      /^permission_denied: sudo on web1 .*password.*\nNext: .*secrets: \{sudo/,
    );
    expect(await call("ssh_read_file", "denied1", path)).toMatch(
      /^denied: as root by "\/usr\/bin\/sudo -n .*deny pattern/,
    );
  });
});

describe("ssh_validate", () => {
  it("says valid, invalid with line and column, or that it does not know", async () => {
    expect(await check(file("x.toml", "a = 1\n"))).toMatch(/^\[web1 validate valid path=\S+ type=toml\]$/);
    expect(await check(file("x.yml", "a: 1\nb: [\n"))).toMatch(
      /^3:1: .*\n {4}\n\[web1 validate invalid path=\S+ type=yaml faults=1\]$/,
    );
    expect(await check(file("x.conf", "whatever this is\n"))).toMatch(
      /^note: not validated: .*\n\[web1 validate unchecked /,
    );
    expect(await check(file("x.conf", "a = 1\n"), { type: "toml" })).toContain(" valid ");
    expect(await check(file("x.json", "\ufeff{}"))).toMatch(
      /^note: a byte order mark comes first.*\n\[web1 validate valid /,
    );
    expect(await check("/bin/true")).toMatch(/^note: not validated: it is no text/);
  });
});

/** What a result shows as `hexdump -C` does. */
function bytesOf(said: string): string {
  const hex = [...said.matchAll(/^[\da-f]{8} {2}((?:[\da-f]{2} ?)+)/gm)].map(([, row = ""]) =>
    row.replaceAll(" ", ""),
  );
  return Buffer.from(hex.join(""), "hex").toString("latin1");
}

function mounts(source: string, path: string): boolean {
  try {
    execFileSync("mount", ["--bind", source, path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
