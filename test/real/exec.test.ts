import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNIX_QUESTION } from "../../src/multiplexer/unix-proof.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { startDropbear } from "./kit/dropbear.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUsers } from "./kit/users.ts";

let sshd: TestServer;
let dropbear: TestServer;
let device: TestServer;
let rooted: TestServer;
let heard: string;
let desk: DeskOver;

const SHELLS = ["bash", "zsh", "dash", "ksh", "mksh", "fish", "tcsh"];

beforeAll(async () => {
  sshd = await startSshd();
  dropbear = await startDropbear();
  heard = join(mkdtempSync(join(tmpdir(), "ssh-mcp-exec-")), "heard");
  writeFileSync(heard, "");
  chmodSync(dirname(heard), 0o777);
  chmodSync(heard, 0o666);
  // A command line of its own behind a Unix system's server, as many network devices have it.
  device = await startSshd({
    config: [
      `ForceCommand echo "$SSH_ORIGINAL_COMMAND" >> ${heard}; echo "% Invalid input: $SSH_ORIGINAL_COMMAND"`,
    ],
  });
  rooted = await startSshd({
    config: ["PermitRootLogin yes", `AuthorizedKeysFile ${testUsers().keyPath}.pub`, "StrictModes no"],
  });
  desk = deskOver([
    hostFor(rooted, "bash", { name: "root", user: "root" }),
    hostFor(sshd, "bash"),
    hostFor(sshd, "fish"),
    hostFor(dropbear, "bash", { name: "small" }),
    hostFor(device, "dash", { name: "edge1", platform: "auto" }),
    hostFor(dropbear, "bash", { name: "small-auto", platform: "auto" }),
    ...SHELLS.map((shell) => hostFor(sshd, shell, { name: `${shell}-auto`, platform: "auto" })),
  ]);
});
afterAll(async () => {
  await desk?.dispose();
  await sshd?.stop();
  await dropbear?.stop();
  await device?.stop();
  await rooted?.stop();
  rmSync(dirname(heard), { recursive: true, force: true });
});

const exec = (host: string, command: string, more: object = {}) =>
  desk.call("ssh_exec", { host, command, ...more });

describe.each(["bash", "fish", "small"])("ssh_exec on %s", (host) => {
  it("separates both outputs and has the exit code", async () => {
    expect(await exec(host, "echo out; echo err >&2; exit 7")).toMatch(
      new RegExp(`^out\nstderr:\nerr\n\\[${host} #\\d+ done exit=7 (?:\\S+s )?1 line stderr=1\\]$`),
    );
  });

  it("has the signal that ended the command", async () => {
    expect(await exec(host, "exec sh -c 'kill -TERM $$'")).toMatch(/ done signal=TERM /);
  });

  it("has no terminal, an input that has ended, and nothing of the call before", async () => {
    await exec(host, "cd /; sh -c 'X=1'");
    const text = await exec(host, "cat; sh -c 'test -t 0 || test -t 1 || echo no terminal; pwd'");
    expect(text).toMatch(/^no terminal\n\/(?:home|tmp|var|root)\S*\n\[/);
  });

  it("does not end with a command in the background that has its output", async () => {
    const text = await exec(host, "echo begun; sh -c 'sleep 30 & exit 0'");
    // dropbear closes the channel itself.
    const held = /^begun\nnote: the command has ended, but something that it started kept its output open/;
    expect(text).toMatch(host === "small" ? /^begun\n\[/ : held);
    expect(text).toMatch(/ done exit=0 /);
  });
});

describe("ssh_exec on a host of unknown platform", () => {
  it.each([...SHELLS, "small"])("goes where a Unix shell answers that it is one: %s", async (name) => {
    const host = `${name}-auto`;
    expect(await exec(host, "echo one")).toMatch(new RegExp(`^one\n\\[${host} #\\d+ done exit=0 `));
    expect(await exec(host, "echo two")).toMatch(/^two\n/);
  });

  it("sends nothing but the one question to what answers as no shell", async () => {
    for (const command of ["reload", "write erase"])
      expect(await exec("edge1", command)).toMatch(/^channel_refused: edge1 takes no exec requests/);
    expect(readFileSync(heard, "utf8")).toBe(`${UNIX_QUESTION}\n`);
  });
});

/** A command that ends with 1 once the group is gone: what was ended is a zombie until somebody has asked for it. */
const stillThere = (group = "") =>
  `i=0; while kill -0 -- -${group} 2>&- && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done; kill -0 -- -${group} 2>&-`;

describe("ssh_exec on a real server", () => {
  it("counts 200 MB to the last line, keeps both ends and finds lines under their numbers", async () => {
    const text = await exec("bash", "seq 1 22987543", { timeout_s: 50, max_tokens: 400 });
    const id = Number(/#(\d+) done exit=0/.exec(text)?.[1]);
    expect(text).toMatch(/ 22,987,543 lines notes=1\]$/);
    expect(text).toMatch(
      /note: 18\d\.\d MB of the 19\d\.\d MB of stdout are no longer kept, from its middle/,
    );
    expect(text.startsWith("1\n2\n3\n")).toBe(true);
    expect(text).toContain("\n22987543\nnote:");
    expect(await desk.call("ssh_read", { exec: id, offset: 22_900_000, lines: 2 })).toMatch(
      /^22900000\n22900001\nnote: .*\n\[.* lines=22900000-22900001 of 22,987,543 notes=1\]$/,
    );
    const found = await desk.call("ssh_read", { exec: id, grep: "^(?:77|22900077|9000000)$" });
    expect(found).toMatch(/^77: 77\n22900077: 22900077\nnote: /);
    expect(found).toMatch(/note: 2\d,\d{3},\d{3} lines of this part are no longer kept, NOT searched/);
  });

  it("shows binary output as text made visible, and counts what is none", async () => {
    const text = await exec("bash", "printf 'a\\377b\\001\\033[0m\\n\\376'");
    expect(text).toMatch(
      /^a\ufffdb<U\+0001><U\+001B>\[0m\n\ufffd\nnote: stdout is no UTF-8 text: 2 places of it are shown as \ufffd\n/,
    );
    const random = await exec("bash", "head -c 300000 /dev/urandom", { max_tokens: 100_000 });
    expect(random.replace(/\n/g, "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it("passes a text of several lines and quotes as it is", async () => {
    const line = `printf '%s' "it's \\"a\\" \\$x" | sha256sum`;
    const sum = createHash("sha256").update(`it's "a" $x`).digest("hex");
    expect(await exec("bash", `true\n${line}`)).toContain(sum);
  });

  it("gets its input byte for byte, more of it than any window, and its end", async () => {
    const stdin = `${"é\r\n\t\u0001'\\".repeat(400_000)}end`;
    const sum = createHash("sha256").update(stdin).digest("hex");
    for (const host of ["bash", "fish", "small"])
      expect(await exec(host, "sha256sum; echo ended", { stdin })).toMatch(new RegExp(`^${sum}  -\nended\n`));
    // It does not read it, and says nothing of its own.
    expect(await exec("bash", "exit 3", { stdin })).toMatch(
      /note: it ended before all of stdin was sent: .* done exit=3 /s,
    );
  });

  it.each(["bash", "fish", "small"])(
    "goes to its directory with its variables in the login shell: %s",
    async (host) => {
      const env = { VALUE: `it's "x" \\ $y\n!z`, LANG: "C" };
      const command = 'printf "%s|" "$VALUE"; pwd # a comment';
      expect(await exec(host, command, { cwd: "/usr/lib", env })).toMatch(
        /^it's "x" \\ \$y\n!z\|\/usr\/lib\n\[/,
      );
      const missing = await exec(host, "echo RAN; touch /tmp/ran-elsewhere", { cwd: "/no/such" });
      expect(missing).toMatch(
        /note: the command was NOT run: the directory could not be entered \(.*\)\n\[\S+ #\d+ closed not_run /,
      );
      expect(missing).not.toContain("\nRAN\n");
      const home = await exec(host, "pwd", { cwd: "~" });
      expect(await exec(host, "pwd")).toContain(home.split("\n")[0]);
    },
  );

  it("has a terminal where one is asked for, and none else", async () => {
    expect(await exec("bash", "test -t 0 && test -t 1 && tty; stty size", { pty: true })).toMatch(
      /^\/dev\/pts\/\d+\n50 200\n\[/,
    );
  });

  it("goes on behind its call, is read on, and ends with all that it had started", async () => {
    const text = await exec("bash", "echo $$; while sleep 0.1; do echo tick; done; true", { timeout_s: 1 });
    const [, pid, id, cursor] =
      /^(\d+)\n[\s\S]* #(\d+) running \S+ \d+ lines cursor=(\d+)\]$/.exec(text) ?? [];
    expect(await desk.call("ssh_read", { exec: Number(id), cursor: Number(cursor), timeout_s: 1 })).toMatch(
      /^(?:tick\n)+\[bash #\d+ running \S+ new=\d+ lines cursor=\d+\]$/,
    );
    expect(await desk.call("ssh_disconnect", { exec: Number(id) })).toMatch(/ done signal=TERM /);
    // A signal reaches the whole group.
    expect(await exec("bash", stillThere(pid))).toContain(" exit=1 ");
  });

  it("is ended by limit_s: KILL follows TERM, and what has a session of its own is said to go on, maybe", async () => {
    const text = await exec("bash", "trap '' TERM; echo up; sleep 30; sleep 30", {
      limit_s: 1,
      timeout_s: 20,
    });
    expect(text).toMatch(
      /^up\nnote: limit_s was over: it was ended from here; what it had started itself may go on there\n(?:note: the command has ended, but something that it started kept its output open: .*\n)?\[bash #\d+ done signal=KILL /,
    );
  });

  it("that root runs gets no signal of sshd's: the one group that is as old is ended", async () => {
    const text = await exec("root", "echo $$; sleep 48; echo x", { timeout_s: 0.5 });
    const [, pid, id] = /^(\d+)\n\[root #(\d+) running /.exec(text) ?? [];
    expect(await desk.call("ssh_disconnect", { exec: Number(id) })).toMatch(/ done signal=TERM /);
    expect(await exec("root", stillThere(pid))).toContain(" exit=1 ");
  });

  it("reports a lost link as that, with what came before", async () => {
    const text = await exec("bash", "echo up; sleep 0.5; kill -9 $PPID; sleep 20");
    expect(text).toMatch(
      /^up\nnote: .*; whether the command goes on there, or has ended, is unknown; it was not sent again\n/,
    );
    expect(text).toMatch(/ closed disconnect /);
  });
});
