import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../src/audit/log.ts";
import { hostOf } from "../../ssh/hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../../ssh/sshd.ts";
import { type DeskOver, deskOver } from "../desk-over.ts";

describe.skipIf(!canRunSshd)("files of a real sshd", () => {
  let server: TestServer;
  let desk: DeskOver;
  let folder: string;
  const recorded: AuditEvent[] = [];
  beforeAll(async () => {
    server = await startSshd({ config: ["Subsystem sftp internal-sftp"] });
    const audit = { record: (event: AuditEvent) => void recorded.push(event), close: () => {} };
    desk = deskOver([{ ...hostOf(server), name: "web1" }], { audit });
    folder = join(server.folder, "files");
    mkdirSync(folder);
  });
  afterAll(async () => {
    await desk.dispose();
    await server.stop();
  });

  const at = (name: string) => join(folder, name);
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(at(name), content);
    utimesSync(at(name), 1_600_000_000, 1_600_000_000);
    return at(name);
  };
  const read = (path: string, args: object = {}) =>
    desk.call("ssh_read_file", { host: "web1", path, ...args });
  const list = (path: string, args: object = {}) =>
    desk.call("ssh_list_dir", { host: "web1", path, ...args });
  const MTIME = "mtime=2020-09-13T12:26:40Z";

  describe("reading", () => {
    it("shows the whole text, and the state last", async () => {
      const path = file("plain", "one\ntwo\n  three\n");
      expect(await read(path)).toBe(
        `one\ntwo\n  three\n[web1 read done path=${path} size=16 ${MTIME} 3 lines]`,
      );
    });

    it("shows lines from the beginning, from within, from the end, and says where nothing is", async () => {
      const path = file(
        "hundred",
        `${Array.from({ length: 100 }, (_, at) => `line ${at + 1}`).join("\n")}\n`,
      );
      expect(await read(path, { lines: 2 })).toContain("line 1\nline 2\n[web1 read done");
      expect(await read(path, { lines: 2 })).toContain("lines=1-2]");
      const within = await read(path, { offset: 50, lines: 2 });
      expect(within).toMatch(/^line 50\nline 51\n\[.* lines=50-51\]$/);
      expect(await read(path, { offset: 99 })).toMatch(/^line 99\nline 100\n\[.* lines=99-100 of 100\]$/);
      expect(await read(path, { offset: -2 })).toMatch(/^line 99\nline 100\n\[.* lines=99-100 of 100\]$/);
      expect(await read(path, { offset: -3, lines: 1 })).toMatch(/^line 98\n\[.* lines=98-98 of 100\]$/);
      expect(await read(path, { offset: 101 })).toMatch(
        /note: nothing there: the file ends with line 100\n\[.*lines=0 of 100 /,
      );
    });

    it("says what stands in a missing file's place, and that no variable or pattern is expanded", async () => {
      symlinkSync("away", at("dangling"));
      symlinkSync("circle", at("circle"));
      for (const [name, target] of [
        ["dangling", "away"],
        ["circle", "circle"],
      ] as const)
        expect(await read(at(name))).toMatch(
          new RegExp(
            `^no_such_file: \\S+/${name} is a link to ${target}, which is not there or leads back to it\n`,
          ),
        );
      for (const path of ["$HOME/plain", at("*.conf"), "~nobody/plain"])
        expect(await read(path)).toMatch(/^no_such_file: .*\nNext: Nothing in a path is expanded but ~ /);
      expect(await read(at("none"))).toMatch(/\nNext: ssh_list_dir shows/);
    });

    it("shows matching lines with their numbers", async () => {
      const path = file("log", "ok\nerror: one\nok\nerror: two");
      expect(await read(path, { grep: "^error" })).toMatch(
        /^2: error: one\n4: error: two\n\[web1 read done path=\S+ matches=2 .* 4 lines no-newline-at-end\]$/,
      );
      expect(await read(path, { grep: "two", context: 1 })).toMatch(/^3- ok\n4: error: two\n/);
    });

    it("shows ranges of bytes, the end of the file known", async () => {
      const path = file("range", "0123456789");
      expect(await read(path, { byte_offset: 3, bytes: 4 })).toMatch(/^3456\n\[.* bytes=3-6\]$/);
      expect(await read(path, { byte_offset: 8 })).toMatch(/^89\n\[.* bytes=8-9 end no-newline-at-end\]$/);
      expect(await read(path, { byte_offset: 99 })).toMatch(/bytes=0 end/);
    });

    it("reads what the kernel makes up, whose size is said to be 0", async () => {
      const text = await read("/proc/self/status");
      expect(text).toContain("Name:");
      expect(text).toContain("note: its size is said to be 0");
      expect(text).toMatch(/ size=[1-9]/);
    });

    it("tells encodings and line ends apart, and shows what misleads", async () => {
      expect(await read(file("crlf", "a\r\nb\r\n"))).toMatch(/^a\nb\n\[.* 2 lines ends=crlf\]$/);
      expect(await read(file("mixed", "a\r\nb\n"))).toMatch(/^a<U\+000D>\nb\nnote: .*\nnote: .*CRLF.*\n\[/);
      expect(await read(file("bom", "\ufeffa\n"))).toMatch(/^a\n\[.* encoding=utf-8_with_BOM\]$/);
      const utf16 = Buffer.from("\ufeffgrüße\n", "utf16le");
      expect(await read(file("utf16", utf16))).toMatch(/^grüße\n\[.* encoding=utf-16le\]$/);
      expect(await read(file("utf16be", Buffer.from(utf16).swap16()))).toMatch(/^grüße\n/);
      expect(await read(file("latin", Buffer.from("grüße\n", "latin1")))).toMatch(
        /^grüße\nnote: no UTF-8.*\n\[.* encoding=latin-1 notes=1\]$/,
      );
      expect(await read(file("escape", "\u001b[2Jx\u202ey\n"))).toMatch(
        /^<U\+001B>\[2Jx<U\+202E>y\nnote: 1 line holds/,
      );
    });

    it("describes what is no text", async () => {
      const text = await read("/bin/true");
      expect(text).toMatch(/^00000000 {2}7f 45 4c 46 /);
      expect(text).toMatch(/note: a binary file \(ELF program or library\)/);
      expect(text).toMatch(/ binary notes=1\]$/);
      expect(await read(file("empty", ""))).toMatch(/^\[web1 read done path=\S+ size=0 \S+ 0 lines\]$/);
    });

    it("refuses what is too large for a whole, and reads its beginning, its end and its middle", async () => {
      const path = file("large", "first line\n");
      truncateSync(path, 50_000_000);
      execFileSync("sh", ["-c", `printf 'x\\nlast line\\n' >> ${path}`]);
      expect(await read(path)).toMatch(
        /^file_failed: .* has 50,000,012 bytes; up to 10,000,000 .*\nNext: offset and lines/,
      );
      expect(await read(path, { lines: 1 })).toMatch(/^first line\n\[/);
      expect(await read(path, { offset: -1 })).toMatch(/^last line\n\[.* last=1\]/);
      expect(await read(path, { byte_offset: 50_000_002 })).toMatch(/^last line\n/);
    });

    it("refuses folders, FIFOs and devices, and names what is missing", async () => {
      execFileSync("mkfifo", [at("fifo")]);
      expect(await read(folder)).toMatch(/^file_failed: .* is a folder, and is not read\nNext: ssh_list_dir/);
      expect(await read("/dev/zero")).toMatch(/^file_failed: .* is a device/);
      expect(await read(at("nothing"))).toMatch(/^no_such_file: there is no \S+nothing on web1\n/);
    });

    it("never waits for a FIFO that nobody writes", async () => {
      expect(await read(at("fifo"))).toMatch(/^file_failed: .* is a FIFO/);
    });
  });

  describe("listing", () => {
    it("shows mode, owner, size, time and name, of links the target", async () => {
      const dir = at("dir");
      mkdirSync(join(dir, "sub"), { recursive: true });
      writeFileSync(join(dir, "a.conf"), "12345");
      chmodSync(join(dir, "a.conf"), 0o4750);
      symlinkSync("a.conf", join(dir, "link"));
      writeFileSync(join(dir, "sub", "b.conf"), "");
      for (const name of ["a.conf", "sub"]) utimesSync(join(dir, name), 1_600_000_000, 1_600_000_000);
      const text = await list(dir);
      expect(text).toMatch(/^-rwsr-x--- root root +5 2020-09-13T12:26:40Z a\.conf$/m);
      expect(text).toMatch(/^lrwxrwxrwx root root +6 \S+ +link -> a\.conf$/m);
      expect(text).toMatch(/^drwxr-xr-x root root +- 2020-09-13T12:26:40Z sub\/$/m);
      expect(text).toMatch(/\[web1 list done path=\S+ 3 entries\]$/);
      const deep = await list(dir, { depth: 3, glob: "**/*.conf" });
      expect(deep).toMatch(/ a\.conf\n.* sub\/b\.conf\n\[.* 2 entries\]$/);
      expect(await list(dir, { sort: "size", lines: 1 })).toMatch(/ entries=1-1 of 3\]$/);
    });

    it("shows hostile names so that they can be given back, and does nothing else with them", async () => {
      const dir = at("hostile");
      mkdirSync(dir);
      const names = [
        "\u001b[2J",
        "a\nb",
        " lead",
        "-rf",
        "x -> y",
        "\u202egpj.exe",
        'quo"te',
        "back\\slash",
        "ünï",
      ];
      for (const name of names) writeFileSync(join(dir, name), name);
      const text = await list(dir);
      expect(text).not.toMatch(/[\u001b\u202e]/);
      const shown = text
        .split("\n")
        .slice(0, -1)
        .map((row) => row.split("Z ")[1] ?? "");
      const back = shown.map((name) => (name.startsWith('"') ? JSON.parse(name) : name));
      expect(back.sort()).toEqual([...names].sort());
      for (const name of names) expect(await read(join(dir, name))).toContain("[web1 read done");
    });

    it("shows a part of a large folder, and reaches the rest", async () => {
      const dir = at("many");
      mkdirSync(dir);
      for (let at = 0; at < 2000; at++) writeFileSync(join(dir, `f${String(at).padStart(4, "0")}`), "");
      const text = await list(dir);
      expect(text).toMatch(/lines .* left out from line \d+; offset and lines, or glob/);
      expect(text).toMatch(/ 2,000 entries shown=\d+ of 2,000\]$/);
      expect(await list(dir, { offset: 1999 })).toMatch(
        /f1998\n.*f1999\n\[.* entries=1,999-2,000 of 2,000\]$/,
      );
    });

    it("names what is no folder", async () => {
      expect(await list(file("plain2", "x"))).toMatch(/^file_failed: /);
      expect(await list(at("nowhere"))).toMatch(/^no_such_file: /);
    });
  });

  describe("whose files", () => {
    it("are a host's or a session's, one of the two", async () => {
      expect(await desk.call("ssh_read_file", { path: "/etc/hosts" })).toMatch(
        /^invalid_argument: give either host or session/,
      );
      expect(await desk.call("ssh_read_file", { host: "nobody", path: "x" })).toMatch(/^unknown_host: /);
      expect(await desk.call("ssh_list_dir", { session: "web9" })).toMatch(/^unknown_session: /);
    });

    it("are taken from the session's directory where a session is named, and never from another shell's within it", async () => {
      file("here", "found\n");
      await desk.call("ssh_shell", { session: "web1", command: `cd ${folder}` });
      expect(await desk.call("ssh_read_file", { session: "web1", path: "here" })).toMatch(
        /^found\n\[web1 read done path=\/\S+\/here /,
      );
      await desk.call("ssh_shell", { session: "web1", command: "sh" });
      await desk.call("ssh_shell", { session: "web1", command: "cd /" });
      const within = await desk.call("ssh_read_file", { session: "web1", path: "here" });
      expect(within).toMatch(/^not_ready: .*level 2.*\nNext: Give an absolute path/);
    });

    it("are in the audit log with what was done and the path", async () => {
      await read(at("plain"));
      expect(recorded.filter(({ verb }) => verb === "file").slice(-2)).toMatchObject([
        { event: "action", tool: "ssh_read_file", host: "web1", kind: "read", path: at("plain") },
        { event: "outcome", tool: "ssh_read_file", host: "web1" },
      ]);
    });
  });
});
