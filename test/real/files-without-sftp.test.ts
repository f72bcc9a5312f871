import { createCipheriv } from "node:crypto";
import {
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
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { startDropbear } from "./kit/dropbear.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUser } from "./kit/users.ts";

/** Hosts whose server has no SFTP: OpenSSH without the subsystem, and dropbear without the program it runs for it. */
let bare: TestServer;
let dropbear: TestServer;
let desk: DeskOver;
let here: string;

const bytes = (length: number) =>
  createCipheriv("aes-128-ctr", Buffer.alloc(16, 3), Buffer.alloc(16)).update(Buffer.alloc(length));
const SIZE = 1_300_001;
const OLD = 1_500_000_000;

beforeAll(async () => {
  bare = await startSshd({ sftp: false });
  dropbear = await startDropbear({ withoutSftp: true });
  here = realpathSync(mkdtempSync(join(tmpdir(), "no-sftp-")));
  desk = deskOver(
    [
      hostFor(bare, "fish", { name: "fish", platform: "auto" }),
      hostFor(dropbear, "bash", { name: "small", platform: "posix" }),
      hostFor(bare, "dash", {
        name: "guarded",
        platform: "posix",
        policy: { ...UNRESTRICTED, denyPatterns: ["^stat\\b"] },
      }),
    ],
    { places: { roots: [here], cwd: here, home: "/nonexistent", withheld: [] } },
  );
});
afterAll(async () => {
  await desk?.dispose();
  for (const server of [bare, dropbear]) await server?.stop();
  rmSync(here, { recursive: true });
});

const ACCOUNTS: Readonly<Record<string, string>> = { small: "bash" };

async function inHome(host: string, work: (folder: string, uid: number) => Promise<void>): Promise<void> {
  const { home, uid } = testUser(ACCOUNTS[host] ?? host);
  const folder = mkdtempSync(join(home, "bare-"));
  chownSync(folder, uid, uid);
  try {
    await work(folder, uid);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(["fish", "small"])("files of a host without SFTP (%s)", (host) => {
  const call = (tool: string, args: object) => desk.call(tool, { host, ...args });

  it("are written in one step, read, edited and listed, whatever their names are", () =>
    inHome(host, async (folder) => {
      const path = join(folder, "it's $(id) `a` \\ -n.txt");
      const made = await call("ssh_write_file", { path, content: "one\ntwo ü\n" });
      expect(made).toMatch(/note: \S+ gives no SFTP: its files are worked with by commands of its shell/);
      expect(readFileSync(path, "utf8")).toBe("one\ntwo ü\n");
      chmodSync(path, 0o751);
      expect(await call("ssh_edit_file", { path, edits: [{ old: "one", new: "1" }] })).toContain("+1");
      expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["1\ntwo ü\n", 0o751]);
      expect(await call("ssh_read_file", { path })).toMatch(/1\n.*two ü/);
      expect(await call("ssh_write_file", { path, content: "x", expect: "absent" })).toMatch(
        /^file_(changed|exists): /,
      );
      symlinkSync("nowhere", join(folder, ".link"));
      mkdirSync(join(folder, "sub"));
      const list = await call("ssh_list_dir", { path: folder });
      expect(list).toMatch(/-n\.txt/);
      expect(list).toMatch(/\.link -> nowhere/);
      expect(readdirSync(folder).sort()).toEqual([".link", "it's $(id) `a` \\ -n.txt", "sub"]);
    }));

  it("go up and down with their bytes, modes and times, verified", () =>
    inHome(host, async (folder) => {
      writeFileSync(join(here, "a.bin"), bytes(SIZE));
      chmodSync(join(here, "a.bin"), 0o640);
      utimesSync(join(here, "a.bin"), OLD, OLD);
      const path = join(folder, "a.bin");
      expect(await call("ssh_upload", { local: "a.bin", path })).toMatch(
        / upload done T\d+ .* verified=sha256/,
      );
      expect(await call("ssh_download", { path, local: "back.bin" })).toMatch(
        / download done T\d+ .* verified=sha256/,
      );
      for (const file of [path, join(here, "back.bin")]) {
        expect(readFileSync(file).equals(bytes(SIZE))).toBe(true);
        expect([statSync(file).mode & 0o777, statSync(file).mtimeMs]).toEqual([0o640, OLD * 1000]);
      }
      expect(readdirSync(folder)).toEqual(["a.bin"]);
      rmSync(join(here, "back.bin"));
    }));

  it("are refused with their reasons", () =>
    inHome(host, async (folder) => {
      expect(await call("ssh_read_file", { path: join(folder, "none") })).toMatch(/^no_such_file: /);
      expect(await call("ssh_list_dir", { path: join(folder, "none") })).toMatch(/^no_such_file: /);
      expect(await call("ssh_read_file", { path: "/etc/shadow" })).toMatch(/^permission_denied: /);
      expect(await call("ssh_read_file", { path: "/root/.ssh/x" })).toMatch(/^permission_denied: /);
      expect(await call("ssh_write_file", { path: "/etc/ssh-mcp-never", content: "x" })).toMatch(
        /^permission_denied: /,
      );
      expect(existsSync("/etc/ssh-mcp-never")).toBe(false);
      expect(await call("ssh_read_file", { path: folder })).toMatch(/^file_failed: .*folder/);
      writeFileSync(join(folder, "f"), "x");
      expect(await call("ssh_list_dir", { path: join(folder, "f") })).toMatch(/^file_failed: /);
    }));
});

describe("a login whose start-up files print, where that comes before SFTP", () => {
  it.each(["OpenSSH", "dropbear"])(
    "has its files read and written all the same, their bytes alone (%s)",
    (kind) =>
      inHome("bash", async (folder) => {
        const { home } = testUser("bash");
        const rc = join(home, ".bashrc");
        const before = existsSync(rc) ? readFileSync(rc) : undefined;
        const noisy = join(folder, "noisy");
        writeFileSync(noisy, "#!/bin/sh\necho welcome\nexec /usr/lib/openssh/sftp-server\n", { mode: 0o755 });
        const server = kind === "OpenSSH" ? await startSshd({ sftp: noisy }) : await startDropbear();
        const own = deskOver([hostFor(server, "bash", { name: "noisy", platform: "posix" })]);
        try {
          writeFileSync(rc, "echo welcome; echo again\n");
          const path = join(folder, "x");
          const args = { host: "noisy", path };
          expect(await own.call("ssh_write_file", { ...args, content: "one\ntwo\n" })).toMatch(
            / write created /,
          );
          expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
          expect(await own.call("ssh_read_file", args)).toMatch(/^one\ntwo\nnote: noisy gives no SFTP: /);
        } finally {
          if (before === undefined) rmSync(rc);
          else writeFileSync(rc, before);
          await own.dispose();
          await server.stop();
        }
      }),
  );
});

describe("commands in place of SFTP", () => {
  it("are judged by the operator's patterns", async () => {
    expect(await desk.call("ssh_list_dir", { host: "guarded", path: "/" })).toMatch(
      /^denied: guarded has no SFTP, and the command/,
    );
  });
});
