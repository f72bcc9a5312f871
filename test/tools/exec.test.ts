import type { ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/log.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { UNIX_QUESTION } from "../../src/multiplexer/unix-proof.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type Script, type ScriptedServer, startScripted, until } from "../ssh/scripted.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";
import { AGENT } from "./fake.ts";

let server: ScriptedServer;
let desk: DeskOver;
afterEach(async () => {
  await desk.dispose();
  await server.stop();
});

const recorded: AuditEvent[] = [];

async function start(script: Script, change: Partial<ResolvedHost> = {}): Promise<void> {
  server = await startScripted(script);
  recorded.length = 0;
  const audit = { record: (event: AuditEvent) => void recorded.push(event), close() {} };
  desk = deskOver([{ ...server.host, name: "web1", ...change }], { audit });
}

function says(stdout: string, stderr = "", code = 0) {
  return (channel: ServerChannel) => {
    channel.write(stdout);
    channel.stderr.write(stderr);
    channel.exit(code);
    channel.end();
  };
}

/** Says one thing the first time, and another from then on. */
function once<T>(first: () => T, then: T): () => T {
  let calls = 0;
  return () => (calls++ === 0 ? first() : then);
}

const killed = (channel: ServerChannel) => {
  channel.exit("KILL");
  channel.end();
};

const exec = (command = "x", more: object = {}) => desk.call("ssh_exec", { host: "web1", command, ...more });
/** Until it runs there: on a busy machine a short wait may end in the login. */
async function begun(timeoutS = 0.3): Promise<string> {
  for (;;) {
    const text = await exec("x", { timeout_s: timeoutS });
    if (text.includes("#1 running")) return text;
  }
}
const read = (args: object) => desk.call("ssh_read", args);

describe("ssh_exec", () => {
  it("shows stdout, then stderr behind a row of its own, and counts both", async () => {
    await start({ exec: says("one\ntwo\n", "oops\n", 3) });
    expect(await exec()).toMatch(
      /^one\ntwo\nstderr:\noops\n\[web1 #1 done exit=3( \d+\.\d+s)? 2 lines stderr=1\]$/,
    );
  });

  it("names the signal that ended the command", async () => {
    await start({ exec: killed });
    expect(await exec()).toMatch(/^\[web1 #1 done signal=KILL( \S+s)? 0 lines\]$/);
  });

  it("claims no end where the server closes the channel without a word", async () => {
    await start({ exec: (channel) => void channel.end("half") });
    expect(await exec()).toMatch(
      /^half\nnote: the server closed the channel without an exit code: .* unknown\n\[web1 #1 closed no_status( \S+s)? 1 line notes=1\]$/,
    );
  });

  it("that does not end in time is running, goes on, and is read on from its cursor to its end", async () => {
    let channel: ServerChannel | undefined;
    await start({
      exec: (opened) => {
        channel = opened;
        opened.write("one\ntw");
      },
    });
    const text = await begun(0.5);
    expect(text).toMatch(/^one\ntw\n\[web1 #1 running \S+ 2 lines cursor=6\]$/);
    expect(await desk.call("ssh_sessions", {})).toMatch(/\nssh_exec #1 {2}on web1 · running \S+ · 6 B · x$/);
    const waiting = read({ exec: 1, cursor: 6, timeout_s: 20 });
    channel?.write("o\nthree\n");
    channel?.stderr.write("oops\n");
    channel?.exit(0);
    channel?.end();
    // The line that had not ended is shown again, whole.
    expect(await waiting).toMatch(/^two\nthree\nstderr:\noops\n\[web1 #1 done exit=0 \S+ new=3 lines\]$/);
    expect(await read({ exec: 1 })).toMatch(/^one\ntwo\nthree\nstderr:\noops\n\[web1 #1 done exit=0 /);
    expect(await desk.call("ssh_sessions", {})).not.toContain("ssh_exec");
    expect(await read({ exec: 1, cursor: 5 })).toContain("note: cursor 5 is not known: all is shown");
  });

  it("is read in parts while it runs, and a reading that is given up ends nothing", async () => {
    await start({ exec: (channel) => void channel.write("one\ntwo\n") });
    await begun();
    expect(await read({ exec: 1, grep: "tw" })).toMatch(
      /^2: two\n\[web1 #1 running matches=1 lines=1-2 of 2\]$/,
    );
    const caller = new AbortController();
    const reading = desk.call("ssh_read", { exec: 1 }, { ...AGENT, signal: caller.signal });
    caller.abort();
    expect(await reading).toMatch(/ #1 running /);
    expect(server.channels()).toBe(1);
  });

  it("that is cancelled is sent TERM, and has ended by what the server says", async () => {
    const signals: string[] = [];
    await start({
      exec: (channel) => void channel.write("begun\n"),
      signal: (channel, name) => {
        signals.push(name);
        channel.exit("TERM");
        channel.end();
      },
    });
    await begun();
    expect(await desk.call("ssh_disconnect", { exec: 1 })).toMatch(
      /^begun\nnote: it was cancelled: it was ended from here; what it had started itself may go on there\n\[web1 #1 done signal=TERM \S+ 1 line notes=1\]$/,
    );
    expect(signals).toEqual(["TERM"]);
    expect(await desk.call("ssh_disconnect", { exec: 1 })).toMatch(/ done signal=TERM /);
  });

  it("is ended by limit_s alone, and where the server says nothing its end is unknown", async () => {
    const signals: string[] = [];
    const lines: string[] = [];
    await start({
      exec: (channel, command) => {
        lines.push(command);
        if (command === "x") channel.write("begun\n");
        else says("")(channel);
      },
      signal: (_channel, name) => signals.push(name),
    });
    await exec("the connection is made");
    expect(await exec("x", { limit_s: 1 })).toMatch(
      /^begun\nnote: limit_s was over after \S+: the server was asked to send it TERM and KILL, and said nothing of its end; its channel was closed; whether the command goes on there, or has ended, is unknown .*\n\[web1 #2 closed limit \S+ 1 line notes=1\]$/,
    );
    await until(() => server.channels() === 0, "the channel is closed");
    expect(signals).toEqual(["TERM", "KILL"]);
    // It began with the other: which of the two processes is its own could not be told, so none was looked for.
    expect(lines).toEqual(["the connection is made", "x"]);
  });

  it("whose caller goes away before its end is ended", async () => {
    const signals: string[] = [];
    await start({
      exec: (channel) => void channel.write("begun\n"),
      signal: (channel, name) => {
        signals.push(name);
        channel.exit(name);
        channel.end();
      },
    });
    const caller = new AbortController();
    const called = desk.call("ssh_exec", { host: "web1", command: "x" }, { ...AGENT, signal: caller.signal });
    await until(() => desk.multiplexer.execs.running()[0]?.stdout.bytes === 6, "it runs and has printed");
    caller.abort();
    await called;
    expect(signals).toEqual(["TERM"]);
    expect(await read({ exec: 1 })).toMatch(/ done signal=TERM /);
  });

  it("gets its input byte for byte, and is told what of it was not sent", async () => {
    let heard = "";
    await start({
      exec: (channel, command) => {
        if (command !== "cat") return says("")(channel);
        channel.on("data", (chunk: Buffer) => {
          heard += chunk.toString("hex");
        });
        channel.on("end", () => says("")(channel));
      },
    });
    const stdin = "a\r\nb\u0000\u0003é\u{1f600}";
    expect(await exec("cat", { stdin })).toMatch(/ done exit=0 /);
    expect(heard).toBe(Buffer.from(stdin).toString("hex"));
    const much = await exec("true", { stdin: "x".repeat(8 << 20) });
    expect(much).toMatch(/note: it ended before all of stdin was sent: [\d,]+ bytes were not\n/);
  });

  it("goes to its directory with its variables by a line that the gate judges and records", async () => {
    const lines: string[] = [];
    await start(
      {
        exec: (channel, command) => {
          lines.push(command);
          says("")(channel);
        },
      },
      { policy: { ...UNRESTRICTED, denyPatterns: ["reboot", "/etc/shadow", "^rm "] } },
    );
    await exec("ls", { cwd: "/srv", env: { A: "it's" } });
    expect(lines).toEqual([
      expect.stringMatching(
        /^exec \/bin\/sh -c 'cd "\$1" .* 'sh' '\/srv' 'ssh-mcp: directory not entered \w+' 'ls' 'A=it'\\''s'$/,
      ),
    ]);
    expect(recorded[0]).toMatchObject({
      event: "action",
      text: "ls",
      cwd: "/srv",
      env: '{"A":"it\'s"}',
      typed: lines[0],
    });
    for (const [command, more] of [
      ["reboot", { cwd: "/" }],
      ["ls", { env: { A: "/etc/shadow" } }],
      ["ls", { cwd: "/etc/shadow" }],
      ["sh", { stdin: "id\nrm x" }],
      ["cat x | bash -s", { stdin: "rm x" }],
    ] as const)
      expect(await exec(command, more)).toMatch(/^denied: /);
    expect(await exec("cat", { stdin: "rm x" })).toMatch(/ done /);
    expect(lines).toHaveLength(2);
  });

  it("is NOT run where its directory cannot be entered, which is no exit code of it", async () => {
    await start({
      exec: (channel, line) => {
        const row = /'(ssh-mcp: directory not entered \w+)'/.exec(line)?.[1] ?? "";
        says("", `sh: cd: no such directory\n${row}\n`, 126)(channel);
      },
    });
    expect(await exec("ls", { cwd: "/srv" })).toMatch(
      /note: the command was NOT run: the directory could not be entered \(sh: cd: no such directory\)\n\[web1 #1 closed not_run /,
    );
    // What a command itself prints is its own affair.
    await server.stop();
    await desk.dispose();
    await start({ exec: says("", "ssh-mcp: directory not entered 0\n", 126) });
    expect(await exec("ls", { cwd: "/srv" })).toMatch(/ done exit=126 /);
  });

  it("refuses what does not go together, and sends nothing", async () => {
    await start({ exec: says("") });
    expect(await exec("cat", { pty: true, stdin: "x" })).toMatch(/^invalid_argument: .*Nothing was sent/);
    expect(await exec("ls", { env: { "A-B": "x" } })).toMatch(/^invalid_argument: .*no name of a variable/);
    expect(await exec("a\u0000b")).toMatch(/^invalid_argument: .*NUL/);
    expect(server.connections()).toBe(0);
  });

  it("runs 64 at once and no more, and names those that run", async () => {
    await start(
      { exec: () => {} },
      { limits: { sessions: 10, transcriptBytes: 1 << 20, channelsPerConnection: 100 } },
    );
    // Each call ends by a signal of its own.
    const called = () => ({ ...AGENT, signal: new AbortController().signal });
    const order = { host: "web1", command: "x", timeout_s: 3 };
    await Promise.all(Array.from({ length: 64 }, () => desk.call("ssh_exec", order, called())));
    expect(await exec("y")).toMatch(
      /^limit_reached: 64 commands of ssh_exec run already, .*#1 web1 x; .*nothing was sent\nNext: ssh_sessions /,
    );
  });

  it("has ended where the server says so, also while something holds its output open", async () => {
    await start({
      exec: (channel) => {
        channel.write("done\n");
        channel.exit(0);
      },
    });
    expect(await exec()).toMatch(
      /^done\nnote: the command has ended, but something that it started kept its output open: .*\n\[web1 #1 done exit=0( \S+s)? 1 line notes=1\]$/,
    );
  });

  it("tells a lost link from an end, and asks for nothing twice", async () => {
    let asked = 0;
    await start({
      exec: (channel) => {
        asked++;
        channel.write("begun\n", () => void server.drop());
      },
    });
    expect(await exec()).toMatch(
      /^begun\nnote: .*; whether the command goes on there, or has ended, is unknown; it was not sent again\n\[web1 #1 closed disconnect /,
    );
    expect(asked).toBe(1);
  });

  it("whose request is refused was not run", async () => {
    await start({ admits: () => false });
    expect(await exec()).toMatch(/^channel_refused: .*refused a command channel: /);
    expect(recorded.map(({ event }) => event)).toEqual(["action", "error"]);
  });

  it("whose request is not answered may have been started, and says so", async () => {
    await start({
      admits: (command) => (command === "x" ? new Promise<boolean>(() => {}) : true),
      exec: says(""),
    });
    await exec("the connection is made");
    expect(await exec("x", { timeout_s: 1 })).toMatch(/Whether the command was started there is unknown/);
  });

  it("that its caller gives up is closed, and its output is kept", async () => {
    await start({ exec: (channel) => void channel.write("begun\n") });
    const caller = new AbortController();
    const called = desk.call("ssh_exec", { host: "web1", command: "x" }, { ...AGENT, signal: caller.signal });
    await until(() => server.channels() === 1, "it runs");
    caller.abort();
    await called;
    await until(() => server.channels() === 0, "its channel is closed");
    expect(desk.reported).toEqual([]);
  });

  it("passes the same gate as a command of a session: policy before anything is dialled, and the audit log", async () => {
    await start({ exec: says("") }, { policy: { ...UNRESTRICTED, denyPatterns: ["reboot"] } });
    expect(await exec("sudo reboot")).toMatch(/^denied: .*deny pattern "reboot"/);
    expect(server.connections()).toBe(0);
    await exec("uptime");
    expect(recorded).toMatchObject([
      { event: "refused", verb: "exec", host: "web1", text: "sudo reboot", code: "denied" },
      { event: "action", verb: "exec", tool: "ssh_exec", host: "web1", text: "uptime" },
      { event: "outcome", verb: "exec", command: 1, state: "done", exit: 0, bytes: 0 },
    ]);
  });
});

describe("ssh_exec on network devices", () => {
  it("is refused by a server that names itself as such a device's, before the request", async () => {
    const asked: string[] = [];
    await start(
      { ident: "Cisco-1.25", exec: (_channel, command) => void asked.push(command) },
      { platform: "auto" },
    );
    expect(await exec("show version")).toMatch(
      /takes no exec requests: its server calls itself SSH-2\.0-Cisco-1\.25 \(/,
    );
    expect(asked).toEqual([]);
    expect(server.channels()).toBe(0);
  });

  describe("of unknown platform", () => {
    /** A far end with this identification, and the lines that reached it by exec requests. */
    async function unknown(ident: string, answer: Script["exec"], more: Partial<Script> = {}) {
      const asked: string[] = [];
      await start(
        {
          ident,
          exec: (channel, command) => {
            asked.push(command);
            answer?.(channel, command);
          },
          ...more,
        },
        { platform: "auto" },
      );
      return asked;
    }
    const OPENSSH = "OpenSSH_9.2p1";
    /** What runs commands is a Unix shell. */
    const unix: NonNullable<Script["exec"]> = (channel, command) =>
      says(command === UNIX_QUESTION ? "Welcome!\nssh-mcp-42 4711\n" : "ok\n")(channel);

    it.each([
      "Go",
      "RomSShell_5.40",
      "mpSSH_0.2.1",
      "lancom",
      "Zyxel SSH server",
      "Comware-7.1",
      "HUAWEI-1.5",
    ])("are sent nothing where their server is no Unix system's: %s", async (ident) => {
      const asked = await unknown(ident, says("ok\n"));
      expect(await exec("reload")).toMatch(/^channel_refused: web1 takes no exec requests: its server calls/);
      expect(asked).toEqual([]);
      expect(server.channels()).toBe(0);
    });

    it.each<[string, Script["exec"]]>([
      [
        "an error row that repeats the line",
        (channel, line) => says(`% Invalid input: ${line}\r\n`)(channel),
      ],
      ["an error row of its own", says("syntax error, expecting <command>\n", "", 1)],
      ["nothing, and no exit code", (channel) => void channel.end()],
      ["a prompt", says("web1# ")],
      ["the marks without a number", says("ssh-mcp-$((6*7)) $$\nssh-mcp-42\n")],
      ["a menu", says("1) Assign Interfaces\n2) Reboot\nEnter an option: ")],
    ])("get no command where what takes exec requests answers with %s", async (_what, answer) => {
      const asked = await unknown(OPENSSH, answer);
      expect(await exec("reload")).toMatch(
        /^channel_refused: web1 takes no exec requests: .*no Unix shell answered.*Nothing was sent\nNext: ssh_shell /,
      );
      expect(await exec("reload")).toMatch(/^channel_refused/);
      expect(asked).toEqual([UNIX_QUESTION]);
    });

    /** Only the first question meets something else. */
    const atFirst = (first: NonNullable<Script["exec"]>): NonNullable<Script["exec"]> => {
      let questions = 0;
      return (channel, line) => (line === UNIX_QUESTION && questions++ === 0 ? first : unix)(channel, line);
    };
    it.each<[string, () => Partial<Script>]>([
      ["the request is refused", () => ({ admits: once(() => false, true) })],
      ["each channel is refused", () => ({ refusesChannel: once(() => true, false) })],
      ["a signal ends what was to answer", () => ({ exec: atFirst(killed) })],
      ["the connection is lost", () => ({ exec: atFirst(() => server.drop()) })],
      ["the time is over", () => ({ exec: atFirst(() => {}) })],
    ])("are asked again at the next call where %s, and no command goes before", async (_what, make) => {
      const { exec: answer, ...more } = make();
      const asked = await unknown(OPENSSH, answer ?? unix, more);
      expect(await exec("reload", { timeout_s: 1 })).toMatch(
        /^(channel_refused|connect_failed): .*on web1 could not be asked .*\. The command was NOT sent\nNext: .*wait, or close a session/,
      );
      expect(asked).not.toContain("reload");
      expect(await exec("reload")).toMatch(/^ok\n\[web1 #2 done exit=0/);
    });

    it("whose connection ends at the question each time are asked twice and no more", async () => {
      const asked = await unknown(OPENSSH, () => server.drop());
      expect(await exec("reload")).toMatch(/^connect_failed: .*The command was NOT sent/);
      expect(await exec("reload")).toMatch(/^connect_failed: .*The command was NOT sent/);
      expect(await exec("reload")).toMatch(/^channel_refused: .*its connection ended both times/);
      expect(asked).toEqual([UNIX_QUESTION, UNIX_QUESTION]);
    });

    it("get no command where the question has used up the time of the call", async () => {
      let late = 0;
      const asked = await unknown(OPENSSH, (channel, line) => {
        if (line === UNIX_QUESTION) late = 30_000;
        unix(channel, line);
      });
      await desk.dispose();
      const clock = { ...systemClock, now: () => systemClock.now() + late };
      desk = deskOver([{ ...server.host, name: "web1", platform: "auto" }], { clock });
      expect(await exec("reload")).toMatch(
        /^not_ready: .*took the \d+ s of the call; the command was NOT sent/,
      );
      expect(await exec("reload")).toMatch(/^ok\n\[web1 #2 done exit=0/);
      expect(asked).toEqual([UNIX_QUESTION, "reload"]);
    });

    it("that are given up at the question got no command, and that is said", async () => {
      const caller = new AbortController();
      const asked = await unknown(OPENSSH, () => caller.abort());
      const said = await desk.call(
        "ssh_exec",
        { host: "web1", command: "reload" },
        { ...AGENT, signal: caller.signal },
      );
      expect(said).toMatch(/NOT sent/);
      expect(asked).toEqual([UNIX_QUESTION]);
    });

    it("are not even asked where their banner is a device's", async () => {
      const asked = await unknown(OPENSSH, unix, { banner: "--- JUNOS 21.4R1.12 built 2021-12-17\r\n" });
      expect(await exec("reload")).toMatch(/^channel_refused: .*its banner is a network device's/);
      expect(asked).toEqual([]);
    });

    it("are asked once, and get the command where a Unix shell answers", async () => {
      const asked = await unknown(OPENSSH, unix);
      expect(await exec("uptime")).toMatch(/^ok\n\[web1 #1 done exit=0/);
      expect(await exec("date")).toMatch(/^ok\n\[web1 #2 done exit=0/);
      expect(asked).toEqual([UNIX_QUESTION, "uptime", "date"]);
      expect(recorded.filter(({ event }) => event === "typed")).toMatchObject([
        { kind: "setup", session: "ssh_exec #1", host: "web1", text: UNIX_QUESTION },
      ]);
    });

    it("are asked nothing that a rule denies, and get no command then", async () => {
      const asked = await unknown(OPENSSH, unix);
      await desk.dispose();
      desk = deskOver([
        {
          ...server.host,
          name: "web1",
          platform: "auto",
          policy: { ...UNRESTRICTED, denyPatterns: ["\\bsh -c\\b"] },
        },
      ]);
      expect(await exec("uptime")).toMatch(/^channel_refused: .*what it is cannot be asked/);
      expect(asked).toEqual([]);
    });
  });

  it("runs where the profile, or the host's entry, allows it", async () => {
    await start({ exec: says("ok\r\n") }, { platform: "mikrotik_routeros" });
    expect(await exec()).toMatch(/^ok\n\[web1 #1 done exit=0/);
    await desk.dispose();
    await server.stop();
    await start({ exec: says("ok\r\n") }, { platform: "cisco_ios", device: { exec_channel: true } });
    expect(await exec()).toMatch(/^ok\n\[web1 #1 done exit=0/);
  });

  it("counts as a login of its own in the limit of sessions", async () => {
    const waiting: ServerChannel[] = [];
    await start({ exec: (channel) => void waiting.push(channel) }, { platform: "mikrotik_routeros" });
    const running = [exec("a"), exec("b")];
    await until(() => waiting.length === 2, "both run");
    expect(server.connections()).toBe(2);
    expect(await exec("c")).toMatch(
      /^limit_reached: web1 has 2 open sessions, its limit: ssh_exec #1, ssh_exec #2/,
    );
    for (const channel of waiting) says("")(channel);
    await Promise.all(running);
    const again = exec("d");
    await until(() => waiting.length === 3, "the next runs");
    for (const channel of waiting.slice(2)) says("")(channel);
    expect(await again).toMatch(/done exit=0/);
  });
});

describe("the output of an ssh_exec", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`).join("\n");

  it("is read again by its number: lines of both outputs, and what matches", async () => {
    await start({ exec: says(`${many}\n`, "bad\nworse\n", 1) });
    await exec();
    expect(await read({ exec: 1, offset: 4_999, lines: 3 })).toBe(
      "line 4999\nline 5000\nstderr:\n[web1 #1 done exit=1 lines=4999-5001 of 5,003]",
    );
    expect(await read({ exec: 1, offset: -2 })).toBe(
      "bad\nworse\n[web1 #1 done exit=1 lines=5002-5003 of 5,003]",
    );
    expect(await read({ exec: 1, grep: "worse|line 77$" })).toBe(
      "77: line 77\n5003: worse\n[web1 #1 done exit=1 matches=2 lines=1-5003 of 5,003]",
    );
    expect(await read({ exec: 1, offset: 9_000 })).toContain(
      "note: nothing there: the output ends with line 5,003",
    );
  });

  it("is found by host and number as well, where no session has such a command", async () => {
    await start({ exec: says("found\n") });
    await exec();
    expect(await read({ session: "web1", command: 1 })).toBe("found\n[web1 #1 done exit=0 1 line]");
    expect(await read({ session: "web1", command: 2 })).toMatch(/^unknown_session/);
  });

  it("goes with no argument that belongs to a session, and a number nobody has is answered with those there are", async () => {
    await start({ exec: says("") });
    expect(await read({ exec: 4 })).toMatch(/^unknown_command: .*none was started yet/);
    await exec();
    expect(await read({ exec: 4 })).toMatch(/Next: #1 to #1 can be read/);
    expect(await read({ exec: 1, wait_for: "x" })).toMatch(/^invalid_argument: .*"wait_for"/);
    expect(await read({ exec: 1, session: "web1" })).toMatch(/^invalid_argument: .*"session"/);
  });
});
