import { execFileSync, spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/log.ts";
import { readSums, sumScript } from "../../src/remote/move/sums.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { startDropbear } from "./kit/dropbear.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUser } from "./kit/users.ts";

let sshd: TestServer;
let inProcess: TestServer;
let dropbear: TestServer;
let desk: DeskOver;
let base: string;
let here: string;
const recorded: AuditEvent[] = [];

const bytes = (length: number, seed = 1) =>
  createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(length));
const SIZE = 3_000_000;
const OLD = 1_600_000_000;

beforeAll(async () => {
  sshd = await startSshd({ sftp: "/usr/lib/openssh/sftp-server" });
  inProcess = await startSshd();
  dropbear = await startDropbear();
  base = realpathSync(mkdtempSync(join(tmpdir(), "files-move-")));
  here = join(base, "here");
  const audit = { record: (event: AuditEvent) => void recorded.push(event), close: () => {} };
  const hosts = [
    hostFor(sshd, "bash"),
    hostFor(inProcess, "zsh"),
    hostFor(sshd, "fish"),
    hostFor(sshd, "tcsh"),
    hostFor(dropbear, "bash", { name: "small" }),
    hostFor(sshd, "dash", { name: "auto", platform: "auto" }),
    hostFor(sshd, "bash", { name: "guarded", policy: { ...UNRESTRICTED, denyPatterns: ["sha256"] } }),
  ];
  desk = deskOver(hosts, {
    audit,
    places: { cwd: here, home: "/nonexistent", withheld: [] },
  });
});
beforeEach(() => mkdirSync(here));
afterEach(() => rmSync(here, { recursive: true }));
afterAll(async () => {
  await desk?.dispose();
  for (const server of [sshd, inProcess, dropbear]) await server?.stop();
  if (base !== undefined) rmSync(base, { recursive: true, force: true });
});

/** A folder of the account's own, gone afterwards. */
async function inHome(account: string, work: (folder: string) => Promise<void>): Promise<void> {
  const { home, uid } = testUser(account);
  const folder = mkdtempSync(join(home, "move-"));
  chownSync(folder, uid, uid);
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const upload = (host: string, local: string, path: string, more: object = {}) =>
  desk.call("ssh_upload", { host, local, path, ...more });
const download = (host: string, path: string, local: string, more: object = {}) =>
  desk.call("ssh_download", { host, path, local, ...more });
const ACCOUNTS: Readonly<Record<string, string>> = { small: "bash", auto: "dash" };

describe.each(["bash", "zsh", "fish", "tcsh", "small", "auto"])("files up and down on %s", (host) => {
  it("arrive with bytes, mode and time, and are verified by the host's own checksum", () =>
    inHome(ACCOUNTS[host] ?? host, async (folder) => {
      writeFileSync(join(here, "it's.bin"), bytes(SIZE));
      chmodSync(join(here, "it's.bin"), 0o751);
      utimesSync(join(here, "it's.bin"), OLD, OLD);
      const there = join(folder, "it's $(here) `a` \\ -n.bin");
      expect(await upload(host, "it's.bin", there)).toMatch(
        /^\[\S+ upload done T\d+ .* size=3,000,000 \d+\.\d+s .*\/s verified=sha256\]$/,
      );
      expect(await download(host, there, "back.bin")).toMatch(
        /^\[\S+ download done T\d+ .* verified=sha256\]$/,
      );
      for (const path of [there, join(here, "back.bin")]) {
        expect(readFileSync(path).equals(bytes(SIZE))).toBe(true);
        expect(statSync(path).mode & 0o777).toBe(0o751);
        expect(statSync(path).mtimeMs).toBe(OLD * 1000);
      }
      expect(readdirSync(folder)).toHaveLength(1);
    }));
});

describe("on OpenSSH's server", () => {
  it("a folder goes as a whole, and a second time nothing is done", () =>
    inHome("bash", async (folder) => {
      mkdirSync(join(here, "site", "deep"), { recursive: true });
      for (let i = 0; i < 30; i++) writeFileSync(join(here, "site", `f${i}`), bytes(10_000, i));
      writeFileSync(join(here, "site", "deep", "new\nline"), "odd");
      symlinkSync("/etc/passwd", join(here, "site", "link"));
      writeFileSync(join(here, "site", ".env"), "TOKEN=1");
      const first = await upload("bash", "site", join(folder, "copy"));
      expect(first).toMatch(/^left out: \S*\/\.env: .*withheld/m);
      expect(first).toMatch(/^left out: \S*\/link: it is a link$/m);
      expect(first).toMatch(/\[bash upload incomplete T\d+ .* files=31 .* left_out=2 .* verified=sha256\]$/);
      expect(readFileSync(join(folder, "copy", "deep", "new\nline"), "utf8")).toBe("odd");
      const second = await upload("bash", "site", join(folder, "copy"));
      expect(second).toMatch(/ files=0 size=0 same=31 /);
      // Back here the odd name is refused, and shown harmless.
      const back = await download("bash", join(folder, "copy"), "back");
      expect(back).toMatch(/^left out: .*new line.*hide or disguise/m);
      expect(back).toMatch(/ files=30 /);
    }));

  it("what the kernel makes up, and a log that grows meanwhile, come as they are", () =>
    inHome("bash", async (folder) => {
      expect(await download("bash", "/proc/version", "version")).toMatch(/ verified=sha256\]$/);
      expect(readFileSync(join(here, "version"))).toEqual(readFileSync("/proc/version"));
      const log = join(folder, "log");
      writeFileSync(log, bytes(SIZE));
      let growing = true;
      const grower = (async () => {
        for (; growing; await new Promise(setImmediate)) appendFileSync(log, "line\n");
      })();
      const text = await download("bash", log, "log");
      growing = false;
      await grower;
      expect(text).toMatch(/note: .* grew from \d+ to \d+ bytes while it was read/);
      expect(text).toMatch(/note: not verified: it changed while it was read/);
      const came = readFileSync(join(here, "log"));
      expect(came.equals(readFileSync(log).subarray(0, came.length))).toBe(true);
      expect(came.length).toBeGreaterThanOrEqual(SIZE);
    }));

  it("what may not be read or written is refused with the reason, and leaves nothing behind", () =>
    inHome("bash", async (folder) => {
      writeFileSync(join(here, "a"), "a");
      expect(await download("bash", "/etc/shadow", "shadow")).toMatch(/^permission_denied: .*\/etc\/shadow/);
      expect(await upload("bash", "a", "/etc/a")).toMatch(/^permission_denied: /);
      expect(await upload("bash", "a", join(folder, "none", "a"))).toMatch(/^no_such_file: /);
      expect(await download("bash", "/dev/null", "n")).toMatch(/^file_failed: .*no regular file/);
      symlinkSync("/etc/passwd", join(folder, "link"));
      expect(await upload("bash", "a", join(folder, "link"), { overwrite: true })).toMatch(
        /^file_exists: .*is a link/,
      );
      mkdirSync(join(folder, "d"));
      chownSync(join(folder, "d"), testUser("bash").uid, testUser("bash").uid);
      expect(await upload("bash", "a", join(folder, "d"))).toContain(`to=${folder}/d/a `);
      expect(readdirSync(folder).sort()).toEqual(["d", "link"]);
      expect(readdirSync(here)).toEqual(["a"]);
    }));

  it("a disk that is full at the end is said, and no file stands under the name", () =>
    inHome("bash", async (folder) => {
      const disk = join(folder, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=1m,uid=${testUser("bash").uid}`, "tmpfs", disk]);
      try {
        writeFileSync(join(here, "a"), bytes(SIZE));
        expect(await upload("bash", "a", join(disk, "a"))).toMatch(/^file_failed: there is no room/);
        expect(existsSync(join(disk, "a"))).toBe(false);
      } finally {
        execFileSync("umount", [disk]);
      }
    }));

  it("one host's file goes to another's, and the gate sees both hosts", () =>
    inHome("zsh", async (folder) => {
      const { home } = testUser("bash");
      writeFileSync(join(home, "sync.bin"), bytes(SIZE, 5));
      utimesSync(join(home, "sync.bin"), OLD, OLD);
      recorded.length = 0;
      const text = await desk.call("ssh_sync", {
        host: "bash",
        path: "sync.bin",
        to_host: "zsh",
        to_path: `${folder}/`,
      });
      expect(text).toMatch(/^\[bash→zsh sync done T\d+ .* size=3,000,000 .* verified=sha256\]$/);
      expect(readFileSync(join(folder, "sync.bin")).equals(bytes(SIZE, 5))).toBe(true);
      expect(statSync(join(folder, "sync.bin")).mtimeMs).toBe(OLD * 1000);
      const actions = recorded.filter(({ event }) => event === "action");
      expect(actions).toMatchObject([
        { host: "bash", kind: "sync", path: "sync.bin", to: `zsh:${folder}/` },
        { host: "zsh", kind: "sync", path: `${folder}/`, to: "bash:sync.bin" },
      ]);
      rmSync(join(home, "sync.bin"));
    }));

  it("a pattern that refuses the question for checksums is heeded: not verified, with the reason", () =>
    inHome("bash", async (folder) => {
      writeFileSync(join(here, "a"), "a");
      const text = await upload("guarded", "a", join(folder, "a"));
      expect(text).toMatch(
        /^note: not verified: its question is not allowed there: .*\n\[guarded upload done .* verified=no notes=1\]$/,
      );
    }));
});

it("every shell of the system reads the question for checksums alike", () => {
  const folder = mkdtempSync(join(tmpdir(), "sums-"));
  try {
    const names = ["a b", "it's", "$x", "-n", "*", "new\nline", "é"];
    for (const name of names) writeFileSync(join(folder, name), name);
    const script = sumScript(names.map((name) => ({ path: join(folder, name) })));
    const expected = names.map((name) => createHash("sha256").update(name).digest("hex"));
    for (const [command, ...args] of [
      ["sh"],
      ["dash"],
      ["bash"],
      ["busybox", "ash"],
      ["ksh93"],
      ["mksh"],
      ["yash"],
    ]) {
      // yash reads characters, not bytes: in a locale without é it does not find that file.
      const env = { ...process.env, LC_ALL: "C.UTF-8" };
      const { stdout } = spawnSync(command ?? "", args, { input: script, encoding: "utf8", env });
      expect(readSums(stdout, names.length), command).toEqual(expected);
    }
    for (const only of ["openssl", "busybox", "shasum"]) {
      const bin = join(folder, `bin-${only}`);
      mkdirSync(bin);
      symlinkSync(
        execFileSync("sh", ["-c", `command -v ${only}`], { encoding: "utf8" }).trim(),
        join(bin, only),
      );
      if (only === "shasum") symlinkSync("/usr/bin/perl", join(bin, "perl"));
      const path = `${bin}${only === "shasum" ? `:${dirname("/usr/bin/env")}` : ""}`;
      const { stdout } = spawnSync("/bin/dash", [], { input: script, encoding: "utf8", env: { PATH: path } });
      expect(readSums(stdout, names.length), only).toEqual(expected);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
