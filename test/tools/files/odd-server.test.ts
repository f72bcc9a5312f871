import { createCipheriv } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../../ssh/scripted.ts";
import { type DeskOver, deskOver } from "../desk-over.ts";
import { AGENT } from "../fake.ts";
import { type OddServer, startOddSftp } from "./odd-sftp.ts";

let server: OddServer;
let desk: DeskOver;
let base: string;
let here: string;
let there: string;

const bytes = (length: number, seed = 1) =>
  createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(length));
const SIZE = 1_500_000;

beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "odd-")));
  server = await startOddSftp();
  here = join(base, "here");
  there = join(base, "there");
  desk = deskOver([server.host], {
    places: { roots: [here], cwd: here, home: "/nonexistent", withheld: [] },
  });
});
beforeEach(() => {
  mkdirSync(here);
  mkdirSync(there);
  server.seen.atOnce = 0;
  server.seen.longest = 0;
});
afterEach(() => {
  for (const name of Object.keys(server.habits)) Reflect.deleteProperty(server.habits, name);
  for (const folder of [here, there]) rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await desk.dispose();
  await server.stop();
  rmSync(base, { recursive: true, force: true });
});

const up = (args: object = {}) =>
  desk.call("ssh_upload", { host: "odd", local: "a", path: join(there, "a"), ...args });
const down = (args: object = {}) =>
  desk.call("ssh_download", { host: "odd", path: join(there, "a"), local: "a", ...args });
const parts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".part"));

describe("an SFTP server with habits of its own", () => {
  const habits: [string, OddServer["habits"]][] = [
    ["gives short answers", { most: 10_000 }],
    ["takes 32 kB", { most: 32 * 1024 }],
    ["answers out of order", { shuffled: true }],
    ["fails at the end of a file", { endIsFailure: true }],
    ["takes one request at a time, of 32 kB", { oneAtATime: true, most: 32 * 1024 }],
    ["knows neither fstat nor fsetstat", { noFacts: true }],
  ];
  it.each(habits)("that %s: every byte comes and goes", async (_, habit) => {
    Object.assign(server.habits, habit);
    writeFileSync(join(there, "a"), bytes(SIZE));
    utimesSync(join(there, "a"), 1_600_000_000, 1_600_000_000);
    expect(await down()).toMatch(/\[odd download done T\d+ .* size=1,500,000 .* verified=no notes=\d+\]$/);
    expect(readFileSync(join(here, "a")).equals(bytes(SIZE))).toBe(true);
    rmSync(join(there, "a"));
    expect(await up()).toMatch(/\[odd upload done T\d+ .* size=1,500,000 .* verified=no notes=\d+\]$/);
    expect(readFileSync(join(there, "a")).equals(bytes(SIZE))).toBe(true);
    expect(parts(there)).toEqual([]);
    if (habit.noFacts !== true) expect(statSync(join(there, "a")).mtimeMs).toBe(1_600_000_000_000);
  });

  it("that takes one request at a time is not asked for files side by side either", async () => {
    mkdirSync(join(there, "d"));
    for (let i = 0; i < 6; i++) writeFileSync(join(there, "d", `f${i}`), bytes(100_000, i));
    Object.assign(server.habits, { oneAtATime: true, most: 32 * 1024 });
    const text = await desk.call("ssh_download", { host: "odd", path: join(there, "d"), local: "d" });
    expect(text).toMatch(/\[odd download done T\d+ .* files=6 size=600,000 /);
    for (let i = 0; i < 6; i++)
      expect(readFileSync(join(here, "d", `f${i}`)).equals(bytes(100_000, i))).toBe(true);
  });

  it("that dies in the middle leaves a part, which the same call goes on from", async () => {
    for (const call of [down, up]) {
      const [source, target] = call === down ? [there, here] : [here, there];
      writeFileSync(join(source, "a"), bytes(6_000_000));
      server.habits.diesAfter = 5_000_000;
      const failed = await call();
      expect(failed).toMatch(
        /^connect_failed: .*\(T\d+: 5\.\d MB had arrived\)\n|^connect_failed: .*\(T\d+: 4\.\d MB had arrived\)\n/,
      );
      expect(failed).toMatch(/it goes on from what arrived/);
      expect(existsSync(join(target, "a"))).toBe(false);
      expect(parts(target)).toHaveLength(1);
      Reflect.deleteProperty(server.habits, "diesAfter");
      expect(await call()).toMatch(/ resumed=\d/);
      expect(readFileSync(join(target, "a")).equals(bytes(6_000_000))).toBe(true);
      expect(parts(target)).toEqual([]);
      for (const folder of [here, there]) rmSync(join(folder, "a"));
    }
  });

  it("that is full at the end puts nothing under the name", async () => {
    writeFileSync(join(here, "a"), bytes(SIZE));
    server.habits.fullAfter = SIZE - 1;
    expect(await up()).toMatch(/^file_failed: /);
    expect(existsSync(join(there, "a"))).toBe(false);
    Reflect.deleteProperty(server.habits, "fullAfter");
    expect(await up()).toContain("upload done");
    expect(readFileSync(join(there, "a")).equals(bytes(SIZE))).toBe(true);
  });

  it("that replaces no file with a rename: the old one goes first, and that is said", async () => {
    writeFileSync(join(here, "a"), "new");
    writeFileSync(join(there, "a"), "older");
    expect(await up()).toMatch(/^file_exists: /);
    expect(readFileSync(join(there, "a"), "utf8")).toBe("older");
    expect(await up({ overwrite: true })).toContain("note: the server replaces no file in one step");
    expect(readFileSync(join(there, "a"), "utf8")).toBe("new");
  });

  it("that lists hostile names puts nothing outside, and each is shown as it is", async () => {
    mkdirSync(join(there, "d"));
    writeFileSync(join(there, "d", "good"), "good");
    const names = ["../evil", "..", "/etc/evil", "a\u001b[2Jb", "r\u202egpj.exe", "two\nlines", "x\0y"];
    server.habits.names = names;
    const before = readdirSync(base);
    const text = await desk.call("ssh_download", { host: "odd", path: join(there, "d"), local: "d" });
    expect(text).toMatch(/\[odd download incomplete T\d+ .* files=1 /);
    expect(readdirSync(join(here, "d"))).toEqual(["good"]);
    expect(readdirSync(here)).toEqual(["d"]);
    expect(readdirSync(base)).toEqual(before);
    expect(text).not.toMatch(/[\u0000\u001b\u202e]/);
    expect(text).toMatch(/a<U\+001B>\[2Jb/);
  });
});

describe("a transfer", () => {
  it("outlasts the call, is waited for by its id, and ended by it", async () => {
    writeFileSync(join(there, "a"), bytes(SIZE));
    Object.assign(server.habits, { most: 4096, shuffled: true });
    const begun = await down({ timeout_s: 0 });
    expect(begun).toMatch(/\[odd download running (T\d+) .* arrived=[\d,]+ /);
    const id = /T\d+/.exec(begun)?.[0] ?? "";
    expect(begun).toContain(`note: it goes on: ssh_download(transfer: "${id}") waits for it`);
    expect(await down({ timeout_s: 0 })).toMatch(/^busy: transfer T\d+ goes to the same place/);
    expect(await desk.call("ssh_download", { transfer: id })).toMatch(new RegExp(`download done ${id} `));
    expect(readFileSync(join(here, "a")).equals(bytes(SIZE))).toBe(true);
    expect(await desk.call("ssh_download", { transfer: "T999" })).toMatch(
      /^unknown_command: .*\nNext: There are T1/,
    );
    rmSync(join(here, "a"));
    const second = /T\d+/.exec(await down({ timeout_s: 0 }))?.[0];
    const ended = await desk.call("ssh_download", { transfer: second, cancel: true });
    expect(ended).toMatch(new RegExp(`\\[odd download cancelled ${second} `));
    expect(existsSync(join(here, "a"))).toBe(false);
  });

  it("ends with the call that began it, where the caller gives that up", async () => {
    writeFileSync(join(there, "a"), bytes(SIZE));
    Object.assign(server.habits, { most: 4096, shuffled: true });
    const giveUp = new AbortController();
    const call = desk.call(
      "ssh_download",
      { host: "odd", path: join(there, "a"), local: "a" },
      { ...AGENT, signal: giveUp.signal },
    );
    await until(() => parts(here).length === 1, "a part is there");
    giveUp.abort();
    expect(await call).toMatch(/download cancelled T\d+ /);
    expect(existsSync(join(here, "a"))).toBe(false);
  });

  it("is refused with the reason where it cannot be begun", async () => {
    expect(await desk.call("ssh_upload", { host: "odd", path: "/x" })).toMatch(
      /^invalid_argument: .*"local" is missing/,
    );
    expect(await desk.call("ssh_upload", { cancel: true })).toMatch(
      /^invalid_argument: "cancel" belongs to "transfer"/,
    );
    expect(await up({ local: "../outside" })).toMatch(/^denied: /);
    expect(await up({ local: "none" })).toMatch(/^no_such_file: /);
    expect(await down({ path: join(there, "none") })).toMatch(/^no_such_file: /);
    expect(await down({ path: "/dev/zero", local: "z" })).toMatch(/^file_failed: .*no regular file/);
  });
});

describe("a refusal of a server", () => {
  it("that says no more than Failure is shown with what was tried, and what was looked at", async () => {
    Object.assign(server.habits, { opening: 4 });
    const path = join(there, "new");
    const text = await desk.call("ssh_write_file", { host: "odd", path, content: "x" });
    expect(text).toMatch(
      /^file_failed: the SFTP server refused .* on odd: Failure\. It was tried to make it; what could be looked at does not say why: nothing is there, its folder is there \(mode 755, owner \d+:\d+\), free space is not reported; .*new was not made\nNext: Limits of the server's own/,
    );
    writeFileSync(join(there, "a"), "x");
    expect(await desk.call("ssh_read_file", { host: "odd", path: join(there, "a") })).toMatch(
      /It was tried to open it for reading; .*: a file is there \(mode 644, owner \d+:\d+\), /,
    );
  });

  it("of a file that root might have names the way to it, as the inventory has it", async () => {
    Object.assign(server.habits, { opening: 3 });
    writeFileSync(join(there, "a"), "x");
    const path = join(there, "a");
    const login = { ...server.host, user: "deploy" };
    const named = { ...login, name: "named", sudo: { from: "env", name: "NONE" } as const };
    const hosts = deskOver([{ ...login, name: "plain" }, named, { ...login, name: "rooted", user: "root" }]);
    try {
      const read = (host: string, more = {}) => hosts.call("ssh_read_file", { host, path, ...more });
      expect(await read("plain")).toMatch(
        /^permission_denied: .*\nNext: sudo: true does it as root where sudo asks this login for no password; else the operator/,
      );
      expect(await read("named")).toMatch(
        /\nNext: sudo: true does it as root, with the password that the inventory names\.$/,
      );
      expect(await read("rooted")).not.toContain("sudo: true");
      expect(await hosts.call("ssh_write_file", { host: "plain", path, content: "y" })).toContain(
        "sudo: true",
      );
    } finally {
      await hosts.dispose();
    }
  });
});
