import { describe, expect, it } from "vitest";
import { commandLine } from "../../../src/shell/posix/command-line.ts";
import { bootstrapLine, hookCode, PING_LINE, UNHOOK_LINE } from "../../../src/shell/posix/hooks.ts";
import { ShellMarks } from "../../../src/shell/posix/marks.ts";
import type { MarkEvent } from "../../../src/shell/record/shell-level.ts";
import { MarkScanner } from "../../../src/terminal/scanner.ts";

const BASH = "5.2.15(1)-release///-bash";
const DASH = "///-dash";

/** A framing whose every effect is written down, in order where order matters. */
function framed() {
  const writes: string[] = [];
  const shown: string[] = [];
  const modes: string[] = [];
  const events: MarkEvent[] = [];
  const framing = new ShellMarks({
    put: (bytes) => writes.push(bytes.toString()),
    show: (bytes) => shown.push(bytes.toString()),
    draw: (text) => shown.push(`<${text}>`),
    applyModes: (bytes) => modes.push(bytes.toString()),
    tidy: () => shown.push("|"),
    aside: (rows) => shown.push(`[${rows.map((row) => row.toString()).join("")}]`),
    event: (event) => events.push(event),
  });
  const scanner = new MarkScanner(framing.nonce);
  /** Bytes from the remote end; `{L1;D;1;0;/}` stands for a mark with this session's nonce. */
  const receive = (text: string) => {
    // Mark by mark: a level's key is only made when its shell has answered.
    for (const piece of text.split(/(?<=\})|(?=\{L)/)) {
      const bytes = piece.replace(
        /\{L(\d+);([A-Z])([^}]*)\}/,
        (_, level: string, kind: string, fields: string) => {
          const known = kind === "D" ? fields.replace(/^;[^;]*;[^;]*/, "$&;himBHs") : fields;
          const key = kind === "I" ? "" : `;${framing.keyOf(Number(level)) ?? "00000000"}`;
          return `\u001b]7717;${framing.nonce}L${level};${kind}${key}${known}\u0007`;
        },
      );
      for (const token of scanner.push(Buffer.from(bytes))) {
        if (token.type === "mark") framing.onMark(token.mark);
        else framing.onBytes(token.bytes);
      }
    }
  };
  const label = (level: number) => `${framing.nonce}L${level}`;
  /** What happened since the last call. */
  const take = () => ({
    writes: writes.splice(0),
    shown: shown.splice(0).join(""),
    events: events.splice(0),
  });
  return { framing, receive, label, take, modes };
}

/** The line typed for a command, as it is echoed. */
function echoOf({ framing, label }: ReturnType<typeof framed>, id: number, text: string): string {
  return commandLine(
    { family: "bash", label: label(1), key: framing.keyOf(1) ?? "" },
    id,
    text,
  ).line.trimEnd();
}

/** A framing at the first prompt of a shell. */
function ready(identity = BASH) {
  const rig = framed();
  rig.framing.bootstrap();
  rig.receive(`{L1;I;${identity}}`);
  rig.receive("{L1;R;100;/dev/pts/4;1;;}{L1;P;0;0;/home/u}");
  rig.receive("$ ");
  rig.take();
  return rig;
}

/** Command 1 holds a nested shell, whose prompt is up. */
function nested() {
  const rig = ready();
  rig.framing.submit(1, "bash");
  rig.receive("{L1;C;1}inner$ ");
  rig.framing.bootstrap(1);
  rig.receive(`{L2;I;${BASH}}{L2;R;200;/dev/pts/4;1;u;h}{L2;P;0;0;/home/u}`);
  rig.take();
  return rig;
}

describe("joining a shell", () => {
  it("types one line, then hook code for the shell that answered, and is ready at the prompt's mark", () => {
    const { framing, receive, label, take } = framed();
    framing.bootstrap();
    expect(framing.phase).toBe("identify");
    expect(take().writes).toEqual([bootstrapLine(label(1))]);

    receive(` command stty -icanon …\r\n{L1;I;${BASH}}`);
    expect(framing.phase).toBe("hooking");
    expect(take().writes).toEqual([hookCode("bash", label(1), framing.keyOf(1) ?? "", false)]);

    receive("{L1;R;4711;/dev/pts/3;1;;}");
    expect(framing.phase).toBe("settling");
    receive("\u001b[?2004h{L1;P;0;0;/home/u}user@host:~$ ");
    expect(framing.phase).toBe("prompt");
    const { writes, shown, events } = take();
    expect(writes).toEqual([]);
    expect(shown).toBe("user@host:~$ ");
    expect(events).toEqual([
      { type: "ready", level: framing.level },
      { type: "prompt", exit: 0, cwd: "/home/u" },
    ]);
    expect(framing.level).toMatchObject({
      number: 1,
      family: "bash",
      name: "bash 5.2.15",
      hooked: true,
      pid: 4711,
      tty: "/dev/pts/3",
      openedBy: 0,
    });
  });

  it("shows nothing of the set-up, and applies what it did to the terminal's modes", () => {
    const { framing, receive, take, modes } = framed();
    framing.bootstrap();
    const line = take().writes.join("").trimEnd();
    receive(`\u001b[?2004l${line}\r\n{L1;I;${BASH}}$ {L1;R;1;/dev/pts/1;1;;}\u001b[?2004h`);
    receive("{L1;P;0;0;/}");
    expect(take().shown).toBe("");
    expect(modes.join("")).toContain("\u001b[?2004l");
    expect(modes.join("")).toContain("\u001b[?2004h");
  });

  it("accepts only plausible values from the R mark", () => {
    const { framing, receive } = framed();
    framing.bootstrap();
    receive(`{L1;I;${DASH}}{L1;R;12; rm -rf;1;not a tty;me;my;host}`);
    expect(framing.level).toMatchObject({ pid: 12, user: "not a tty", host: "me;my;host" });
    expect(framing.level).not.toHaveProperty("tty");
    const other = framed();
    other.framing.bootstrap();
    other.receive(`{L1;I;${DASH}}{L1;R;$(reboot);not a tty;1;;}`);
    expect(other.framing.level).not.toHaveProperty("pid");
    expect(other.framing.level).not.toHaveProperty("tty");
  });

  it.each([
    ["an identity of another level", "{L2;I;5.2///bash}"],
    ["a ready mark before any identity", "{L1;R;1;/dev/pts/1;1;;}"],
    ["an end mark", "{L1;D;0;0;/}{L1;P;0;0;/}"],
    ["a start mark", "{L1;C;1}"],
  ])("ignores %s", (_, bytes) => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    take();
    receive(bytes);
    expect(framing.phase).toBe("identify");
    expect(take()).toEqual({ writes: [], shown: "", events: [] });
  });

  it("answers an identity mark once", () => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    take();
    receive(`{L1;I;${BASH}}{L1;I;${BASH}}`);
    expect(take().writes).toHaveLength(1);
  });

  it("steps back when nothing answered, and shows what came instead", () => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    receive("Illegal variable name.\r\n% ");
    expect(take().shown).toBe("");
    expect(framing.abandonBootstrap(undefined)).toEqual({ tidy: false });
    expect(framing.phase).toBe("unframed");
    expect(take().shown).toBe("Illegal variable name.\r\n% ");
    receive("later");
    expect(take().shown).toBe("later");
  });

  it("says that the terminal needs tidying when the shell sits in the raw read", () => {
    const { framing, receive } = framed();
    framing.bootstrap();
    receive(`{L1;I;${BASH}}`);
    expect(framing.abandonBootstrap(undefined)).toEqual({ tidy: true });
    expect(framing.level).toBeUndefined();
  });

  it("still sends the hook code to a shell that answers late, once", () => {
    const { framing, receive, label, take } = framed();
    framing.bootstrap();
    framing.abandonBootstrap(undefined);
    take();
    receive(`{L1;I;${DASH}}{L1;I;${DASH}}`);
    expect(take().writes).toEqual([hookCode("sh", label(1), framing.keyOf(1) ?? "", false)]);
    receive("{L1;R;1;/dev/pts/1;1;;}{L1;P;0;0;/}$ ");
    expect(framing.phase).toBe("prompt");
    expect(take().events).toMatchObject([{ type: "ready" }, { type: "prompt" }]);
  });

  it("lets go of an echo that cannot be one", () => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    receive("x".repeat(300 * 1024));
    expect(take().shown.length).toBe(300 * 1024);
  });
});

describe("a shell whose prompt carries no mark", () => {
  it("settles at once where the hook is beside the prompt", () => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    receive(`{L1;I;${BASH}}{L1;R;1;/dev/pts/1;1;;}locked$ `);
    take();
    framing.settleWithoutHook();
    expect(framing.phase).toBe("prompt");
    expect(framing.level?.hooked).toBe(false);
    expect(take().events).toEqual([{ type: "ready", level: framing.level }]);
  });

  it("puts a prompt that shows the hook back, once, and is ready when that line's end mark comes", () => {
    const { framing, receive, take } = framed();
    framing.bootstrap();
    receive(`{L1;I;${DASH}}{L1;R;1;/dev/pts/1;1;;}$(__mp 2>/dev/null)$ `);
    take();
    framing.settleWithoutHook();
    framing.settleWithoutHook();
    framing.settleWithoutHook();
    expect(take()).toEqual({ writes: [UNHOOK_LINE], shown: "", events: [] });
    expect(framing.phase).toBe("settling");
    receive("{L1;D;0;0;/home/u}$ ");
    expect(framing.phase).toBe("prompt");
    expect(take()).toMatchObject({
      shown: "$ ",
      events: [{ type: "ready" }, { type: "prompt", cwd: "/home/u" }],
    });
  });

  it("does not settle what is settled", () => {
    const { framing, take } = ready();
    framing.settleWithoutHook();
    expect(framing.level?.hooked).toBe(true);
    expect(take()).toEqual({ writes: [], shown: "", events: [] });
  });
});

describe("a command", () => {
  it("is typed once, its echo thrown away, its output passed on, its end taken from its own mark", () => {
    const { framing, receive, take, label } = ready();
    framing.submit(1, "ls /tmp");
    expect(framing.phase).toBe("hold");
    expect(framing.running).toBe(1);
    expect(take().writes).toEqual([
      commandLine({ family: "bash", label: label(1), key: framing.keyOf(1) ?? "" }, 1, "ls /tmp").line,
    ]);

    const { line } = commandLine(
      { family: "bash", label: label(1), key: framing.keyOf(1) ?? "" },
      1,
      "ls /tmp",
    );
    receive(`${line.slice(0, 20)} \r${line.slice(20)}\n`);
    expect(take().shown).toBe("");
    receive("{L1;C;1}a\r\nb");
    expect(framing.phase).toBe("run");
    expect(take()).toEqual({ writes: [], shown: "<ls /tmp>a\r\nb", events: [{ type: "started", id: 1 }] });

    receive("{L1;D;1;3;/tmp}");
    expect(framing.phase).toBe("post");
    expect(framing.running).toBeUndefined();
    expect(framing.atPrompt).toBe(true);
    expect(take()).toEqual({
      writes: [],
      shown: "|",
      events: [{ type: "ended", id: 1, exit: 3, cwd: "/tmp", how: "mark" }],
    });

    receive("[1]+ Done\r\n{L1;P;1;3;/tmp}$ ");
    expect(framing.phase).toBe("prompt");
    expect(take()).toEqual({
      writes: [],
      shown: "[1]+ Done\r\n$ ",
      events: [{ type: "prompt", exit: 3, cwd: "/tmp" }],
    });
  });

  it("keeps rows of others out of its echo, and shows them before it", () => {
    const rig = ready();
    rig.framing.submit(1, "ls /tmp", { prompt: "$ " });
    const line = echoOf(rig, 1, "ls /tmp");
    rig.receive(`${line.slice(0, 9)}lantern 1\r\nlantern 2\r\n${line.slice(9, 30)}lantern 3\r\n`);
    rig.receive(`${line.slice(30)}\r\n{L1;C;1}`);
    expect(rig.take().shown).toBe("[lantern 1\r\nlantern 2\r\nlantern 3\r\n]<ls /tmp>");
  });

  it("keeps rows of others that come while the lines of a long one are read", () => {
    const rig = ready();
    const text = `echo ${"x".repeat(1500)}`;
    rig.framing.submit(1, text, { prompt: "$ " });
    rig.take();
    rig.receive("{L1;K;1}");
    const lines = rig.take().writes.join("").trimEnd().split("\n");
    rig.receive(lines.map((line, at) => `${line}\r\nmeadow ${at}\r\n`).join(""));
    rig.receive("{L1;C;1}");
    expect(rig.take().shown).toBe(`[${lines.map((_, at) => `meadow ${at}\r\n`).join("")}]<${text}>`);
  });

  it("gives its payload when the shell is ready for it, once", () => {
    const { framing, receive, take, label } = ready(DASH);
    const text = `echo ${"x".repeat(500)}`;
    framing.submit(1, text);
    const shell = { family: "sh", status: 0, label: label(1), key: framing.keyOf(1) ?? "" } as const;
    const long = commandLine(shell, 1, text);
    expect(take().writes).toEqual([long.line]);
    receive("{L1;K;2}{L2;K;1}");
    expect(take().writes).toEqual([]);
    receive("{L1;K;1}{L1;K;1}");
    expect(take().writes).toEqual([long.payload?.toString()]);
    receive("{L1;C;1}{L1;K;1}");
    expect(take().writes).toEqual([]);
    expect(framing.phase).toBe("run");
  });

  it("that was interrupted ends with the prompt's mark", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "sleep 30");
    receive("{L1;C;1}^C\r\n");
    take();
    receive("{L1;P;1;130;/}");
    expect(framing.phase).toBe("prompt");
    expect(take().events).toEqual([{ type: "ended", id: 1, exit: 130, cwd: "/", how: "prompt" }]);
  });

  it("may be typed before the prompt of the one before, whose late mark does not end it", () => {
    const rig = ready();
    const { framing, receive, take } = rig;
    framing.submit(1, "true");
    receive("{L1;C;1}{L1;D;1;0;/}");
    framing.submit(2, "false", { prompt: "$ " });
    take();
    receive("{L1;P;1;0;/}$ ");
    expect(framing.phase).toBe("hold");
    receive(`${echoOf(rig, 2, "false")}\r\n{L1;C;2}{L1;D;2;1;/}`);
    expect(take()).toMatchObject({
      shown: "<false>|",
      events: [
        { type: "started", id: 2 },
        { type: "ended", id: 2, exit: 1, how: "mark" },
      ],
    });
  });

  it("whose line the shell dropped ends as dropped, with what came instead shown", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "echo never");
    receive("^C\r\n{L1;P;0;130;/}");
    expect(framing.phase).toBe("prompt");
    expect(take()).toMatchObject({
      shown: "^C\r\n|",
      events: [{ type: "ended", id: 1, exit: 130, how: "dropped" }],
    });
    framing.submit(2, "echo next");
    receive("{L1;C;2}next\r\n{L1;D;2;0;/}");
    expect(take().events.at(-1)).toMatchObject({ type: "ended", id: 2, how: "mark" });
  });

  it("is not taken for dropped at the prompt of a hook that was only slow, and the hook counts again", () => {
    const { framing, receive } = ready();
    framing.ping();
    receive("{L1;D;0;0;/}");
    expect(framing.level?.hooked).toBe(false);
    framing.submit(1, "echo kept");
    receive("{L1;P;0;0;/}");
    expect(framing.level?.hooked).toBe(true);
    expect(framing.phase).toBe("hold");
  });

  it("typed before the prompt of the one before is dropped only at the second prompt", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "true");
    receive("{L1;C;1}{L1;D;1;0;/}");
    framing.submit(2, "echo never");
    receive("{L1;P;1;0;/}$ ");
    expect(framing.phase).toBe("hold");
    take();
    receive("^C\r\n{L1;P;1;130;/}");
    expect(take().events).toMatchObject([{ type: "ended", id: 2, how: "dropped" }]);
  });

  it("is not treated as dropped at a prompt that was announced as late", () => {
    const rig = ready();
    const { framing, receive, take } = rig;
    framing.expectPrompts(1);
    framing.submit(1, "echo kept", { prompt: "$ " });
    receive("{L1;P;0;130;/}$ ");
    expect(framing.phase).toBe("hold");
    receive(`${echoOf(rig, 1, "echo kept")}\r\n{L1;C;1}kept\r\n{L1;D;1;0;/}`);
    expect(take()).toMatchObject({
      shown: "<echo kept>kept\r\n|",
      events: [{ type: "started" }, { type: "ended", exit: 0 }],
    });
  });

  it("that was cut short behind its id ends by its own mark without having started", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "echo never");
    receive("syntax error\r\n{L1;D;1;2;/}");
    expect(take().events).toEqual([{ type: "ended", id: 1, exit: 2, cwd: "/", how: "dropped" }]);
  });

  it("goes on when its held echo is shown, and still ends by its mark", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "cat");
    receive("what is this");
    framing.showHeld();
    expect(take().shown).toBe("what is this");
    expect(framing.phase).toBe("hold");
    receive("{L1;C;1}x{L1;D;1;0;/}");
    expect(take()).toMatchObject({
      shown: "<cat>x|",
      events: [{ type: "started" }, { type: "ended", how: "mark" }],
    });
  });

  it("is refused while another is being typed or runs", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "sleep 9");
    take();
    expect(() => framing.submit(2, "echo")).toThrow("without a prompt");
    receive("{L1;C;1}");
    expect(() => framing.submit(2, "echo")).toThrow("without a prompt");
    expect(take().writes).toEqual([]);
    expect(() => framed().framing.submit(1, "echo")).toThrow("without a prompt");
  });

  it.each([
    ["ksh93's signals become those of everybody else", "258", 130],
    ["a plain status stays", "255", 255],
    ["256 is no signal", "256", 256],
    ["words are no status", "zero", undefined],
    ["nothing is no status", "", undefined],
    ["a negative number is no status", "-1", undefined],
  ])("%s", (_, status, exit) => {
    const { framing, receive, take } = ready();
    framing.submit(1, "x");
    receive(`{L1;C;1}{L1;D;1;${status};/}`);
    expect(take().events.at(-1)).toMatchObject({ type: "ended", exit });
  });

  it("keeps semicolons of the directory", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "cd");
    receive("{L1;C;1}{L1;D;1;0;/a;b;c}");
    expect(take().events.at(-1)).toMatchObject({ cwd: "/a;b;c" });
  });
});

describe("marks that are not the running command's", () => {
  it.each([
    ["an end with an older id", "{L1;D;6;0;/fake}"],
    ["a prompt with an older id", "{L1;P;6;0;/fake}"],
    ["an end with a later id", "{L1;D;8;0;/fake}"],
    ["an end without id", "{L1;D;;0;/fake}"],
    ["an end with words for an id", "{L1;D;x;0;/fake}"],
    ["an end of a level that is not there", "{L2;D;7;0;/fake}"],
    ["an end of level zero", "{L0;D;7;0;/fake}"],
    ["a start, again", "{L1;C;7}"],
    ["a payload request", "{L1;K;7}"],
    ["an identity", "{L1;I;5.2///bash}"],
    ["an identity one level up", "{L2;I;5.2///bash}"],
    ["a ready mark", "{L2;R;1;/dev/pts/1;1;;}"],
    ["a kind nobody knows", "{L1;X;7;0;/}"],
  ])("%s changes nothing while it runs", (_, forged) => {
    const { framing, receive, take } = ready();
    framing.submit(7, "cat transcript");
    receive("{L1;C;7}");
    take();
    receive(`before${forged}after`);
    expect(framing.phase).toBe("run");
    expect(take()).toEqual({ writes: [], shown: "beforeafter", events: [] });
    receive("{L1;D;7;0;/}");
    expect(take().events).toMatchObject([{ type: "ended", id: 7, exit: 0, cwd: "/" }]);
  });

  it.each(["{L1;C;6}", "{L1;C;8}", "{L2;C;7}", "{L1;C;x}", "{L1;D;6;0;/fake}"])(
    "%s does not start or end what is on its way",
    (forged) => {
      const { framing, receive, take } = ready();
      framing.submit(7, "ls");
      take();
      receive(forged);
      expect(framing.phase).toBe("hold");
      expect(take().events).toEqual([]);
    },
  );

  it("of another session are bytes", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "cat");
    receive("{L1;C;1}");
    take();
    receive("\u001b]7717;000000000000L1;D;1;0;/fake\u0007");
    expect(framing.phase).toBe("run");
    expect(take().shown).toBe("\u001b]7717;000000000000L1;D;1;0;/fake\u0007");
  });

  it("each session has a nonce of its own", () => {
    expect(new Set(Array.from({ length: 50 }, () => framed().framing.nonce)).size).toBe(50);
    expect(framed().framing.nonce).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("a ping", () => {
  it("ends the command with the shell's own answer, its echo thrown away", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "sleep 30");
    receive("{L1;C;1}^C\r\nlocked$ ");
    take();
    framing.ping();
    expect(framing.phase).toBe("ping");
    expect(framing.running).toBe(1);
    expect(take().writes).toEqual([PING_LINE]);
    receive(" __m -p\r\n{L1;D;1;130;/}");
    expect(take()).toEqual({
      writes: [],
      shown: "|",
      events: [{ type: "ended", id: 1, exit: 130, cwd: "/", how: "mark" }],
    });
  });

  it("that is not answered is given up, and what came is output", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "cat");
    receive("{L1;C;1}");
    framing.ping();
    take();
    receive(" __me\r\n");
    expect(take().shown).toBe("");
    framing.giveUpPing();
    expect(framing.phase).toBe("run");
    expect(take()).toEqual({ writes: [], shown: " __me\r\n", events: [] });
    receive("{L1;D;1;0;/}");
    expect(take().events).toMatchObject([{ type: "ended", id: 1 }]);
  });

  it("that nobody sent is not given up", () => {
    const { framing, take } = ready();
    framing.giveUpPing();
    expect(framing.phase).toBe("prompt");
    expect(take().shown).toBe("");
  });
});

describe("a nested shell", () => {
  it("is one level up, knows which command opened it, and frames commands of its own", () => {
    const { framing, receive, take } = nested();
    expect(framing.levels.map((level) => level.number)).toEqual([1, 2]);
    expect(framing.level).toMatchObject({ number: 2, pid: 200, user: "u", host: "h", openedBy: 1 });
    framing.submit(2, "echo hi");
    receive("{L2;C;2}hi\r\n{L2;D;2;0;/}{L2;P;2;0;/}");
    expect(take().events).toMatchObject([
      { type: "started", id: 2 },
      { type: "ended", id: 2, exit: 0, how: "mark" },
      { type: "prompt" },
    ]);
  });

  it("asks the nested shell who it is", () => {
    const { framing, receive, label, take } = ready();
    framing.submit(1, "su - other");
    receive("{L1;C;1}$ ");
    framing.bootstrap(1);
    expect(take().writes.at(-1)).toBe(bootstrapLine(label(2)));
    receive(`{L2;I;${DASH}}`);
    expect(take().writes).toEqual([hookCode("sh", label(2), framing.keyOf(2) ?? "", true)]);
  });

  it("is gone when the command that opened it ends, and so is what ran in it", () => {
    const { framing, receive, take } = nested();
    framing.submit(2, "exit 6");
    receive("{L2;C;2}exit\r\n");
    take();
    receive("{L1;D;1;6;/home/u}");
    expect(framing.levels).toHaveLength(1);
    expect(framing.phase).toBe("post");
    expect(take().events).toEqual([
      { type: "ended", id: 2, exit: 6, cwd: "/home/u", how: "left_shell" },
      {
        type: "ended",
        id: 1,
        exit: 6,
        cwd: "/home/u",
        how: "mark",
        left: expect.objectContaining({ number: 2, pid: 200 }),
      },
    ]);
    receive("{L1;P;1;6;/home/u}");
    framing.submit(3, "echo out");
    receive("{L1;C;3}out\r\n{L1;D;3;0;/}");
    expect(take().events.at(-1)).toMatchObject({ type: "ended", id: 3, exit: 0 });
  });

  it("is not left by a mark of the level below with another command's id", () => {
    const { framing, receive, take } = nested();
    receive("{L1;D;0;0;/}{L1;P;2;0;/}{L1;D;99;0;/}");
    expect(framing.level?.number).toBe(2);
    expect(take().events).toEqual([]);
  });

  it("that is two levels up goes with the one in between, whose command ends too", () => {
    const { framing, receive, take } = nested();
    framing.submit(2, "bash");
    receive("{L2;C;2}third$ ");
    framing.bootstrap(2);
    receive(`{L3;I;${DASH}}{L3;R;300;/dev/pts/4;1;u;h}{L3;P;0;0;/}`);
    expect(framing.levels).toHaveLength(3);
    framing.submit(3, "sleep 30");
    receive("{L3;C;3}");
    take();
    receive("{L1;P;1;137;/home/u}");
    expect(framing.levels).toHaveLength(1);
    expect(take().events).toMatchObject([
      { type: "ended", id: 3, how: "left_shell" },
      { type: "ended", id: 2, how: "left_shell" },
      { type: "ended", id: 1, exit: 137, how: "prompt" },
    ]);
  });

  it("that does not answer leaves the command running, and its end is still seen", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "ssh router");
    receive("{L1;C;1}router> ");
    framing.bootstrap(1);
    receive("% Unknown command\r\nrouter> ");
    take();
    expect(framing.abandonBootstrap(1)).toEqual({ tidy: false });
    expect(framing.phase).toBe("run");
    expect(take().shown).toBe("% Unknown command\r\nrouter> ");
    receive("bye\r\n{L1;D;1;0;/}");
    expect(take()).toMatchObject({ shown: "bye\r\n|", events: [{ type: "ended", id: 1, exit: 0 }] });
  });

  it("that ended while it was being joined ends its command as soon as joining is given up", () => {
    const { framing, receive, take } = ready();
    framing.submit(1, "ssh menu");
    receive("{L1;C;1}menu> ");
    framing.bootstrap(1);
    take();
    receive("goodbye\r\n{L1;D;1;4;/}{L1;P;1;4;/}$ ");
    expect(framing.abandonBootstrap(1)).toEqual({ tidy: false });
    expect(framing.phase).toBe("prompt");
    expect(take()).toMatchObject({
      shown: "goodbye\r\n$ |",
      events: [
        { type: "ended", id: 1, exit: 4, cwd: "/", how: "mark" },
        { type: "prompt", exit: 4, cwd: "/" },
      ],
    });
  });
});

describe("after all framing was lost", () => {
  it("bytes pass, marks are ignored, and a new bootstrap begins at level one", () => {
    const { framing, receive, label, take } = nested();
    framing.submit(2, "ls");
    receive("held");
    take();
    framing.reset();
    expect(take().shown).toBe("held");
    expect(framing.phase).toBe("unframed");
    expect(framing.level).toBeUndefined();
    receive("{L2;C;2}text{L2;D;2;0;/}{L1;P;1;0;/}");
    expect(take()).toEqual({ writes: [], shown: "text", events: [] });
    framing.bootstrap();
    expect(take().writes).toEqual([bootstrapLine(label(1))]);
  });
});
