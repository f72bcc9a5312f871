import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/shell/evidence/host-processes.ts";
import {
  judgeKernel,
  kernelEcho,
  loginShell,
  type OurShells,
  type Turn,
} from "../../../src/shell/evidence/kernel.ts";
import { isPlainProgram, isPlainTty, kernelQuery } from "../../../src/shell/evidence/kernel-query.ts";
import { isShell } from "../../../src/shell/evidence/shells.ts";
import {
  answerOf,
  BUSYBOX_LINE,
  BUSYBOX_SECRET,
  EDITOR,
  LINE,
  RAW,
  SECRET,
  SHELL,
  type Told,
  TTY,
  told,
  waitingShell,
} from "./kernel-answers.ts";

const ALONE = { others: new Set<number>(), index: 0, of: 1 };
const HOOKED: OurShells = new Map([[SHELL, { tty: TTY, program: undefined }]]);
/** A foreground job of one process, below the waiting login shell. */
const job = (name: string, wchan: string, is: Told = {}) => [waitingShell(), told(name, { wchan, ...is })];
/** The login shell in front. */
const shell = (wchan: string, name = "bash", is: Told = {}) => [
  told(name, { pid: SHELL, ppid: 1, wchan, ...is }),
];

function judged(modes: string | undefined, processes: readonly string[], hooked = HOOKED) {
  const host = readAnswer(answerOf(modes, ...processes));
  const login = host && loginShell(host, SHELL, ALONE);
  if (host === undefined || login === undefined) throw new Error("no login shell in the answer");
  return judgeKernel(host, login, hooked);
}

describe("a shell to which Enter is a character", () => {
  const BARE = EDITOR.replace(" icrnl", " -icrnl");
  const at = (place: string, is: Told = {}) =>
    shell("wait_woken", "ksh93", { call: `0,0,t@${place}`, ...is });
  const hooked = (edits: boolean) =>
    new Map([[SHELL, { tty: TTY, program: "ksh93", at: "0x7ffe0010", edits }]]);
  it.each([
    ["whose line editor is off wants a line feed", BARE, at("0x7ffe0900"), true, true],
    ["at its line editor's place does not", BARE, at("0x7ffe0010"), true, false],
    ["that has no line editor wants a line feed", BARE, at("0x7ffe0010"), false, true],
    ["in line mode wants a line feed", LINE.replace(" icrnl", " -icrnl"), at("0x7ffe0010"), true, true],
    ["whose place is hidden is left alone", BARE, shell("wait_woken", "ksh93"), true, false],
    ["that takes Enter for a line's end does not", LINE, at("0x7ffe0010"), false, false],
  ] as const)("%s", (_, modes, processes, edits, wanted) => {
    expect(judged(modes, processes, hooked(edits))).toMatchObject({
      shellInFront: true,
      wantsLineFeed: wanted,
    });
  });

  it("wants none of a program inside", () => {
    expect(judged(BARE, job("vi", "wait_woken"))).toMatchObject({ wantsLineFeed: false });
  });
});

const POLL = "poll_schedule_timeout.constprop.0";

describe("a program that waits for a line", () => {
  it.each([
    ["cat", LINE, job("cat", "wait_woken"), "cat", false],
    ["cat, by the descriptor it reads", LINE, job("cat", "wait_woken", { call: "0,0,t" }), "cat", false],
    ["a reader whose wait channel is hidden", LINE, job("cat", "0", { call: "63,0,t" }), "cat", false],
    ["cat on an older kernel", LINE, job("cat", "n_tty_read"), "cat", false],
    ["cat, asked through BusyBox", BUSYBOX_LINE, job("cat", "wait_woken"), "cat", false],
    ["bash's own `read`", LINE, shell("wait_woken"), "bash", true],
    ["dash at its prompt", LINE, shell("wait_woken", "dash"), "dash", true],
    ["BusyBox ash's own `read`, which polls", LINE, shell(POLL, "busybox"), "busybox", true],
    [
      "the reader at the end of a pipe",
      LINE,
      [...job("cat", "wait_woken"), told("grep", { pid: 13929, pgrp: 13928, wchan: "anon_pipe_read" })],
      "grep",
      false,
    ],
    [
      "cat with a background job beside it",
      LINE,
      [told("sleep", { pid: 18222, tpgid: 13928, wchan: "hrtimer_nanosleep" }), ...job("cat", "wait_woken")],
      "cat",
      false,
    ],
  ])("%s", (_, modes, processes, program, shellInFront) => {
    expect(judged(modes, processes)).toMatchObject({ waiting: "line", program, shellInFront });
  });

  it("and without stty whether what is typed shows is not known", () => {
    expect(judged(undefined, job("cat", "wait_woken"))).toMatchObject({ waiting: "line", unseen: true });
  });
});

describe("a program that waits for a secret", () => {
  it.each([
    ["su, whose password prompt is root's", SECRET, job("su", "do_wait"), "su", false],
    ["sudo, whose wait channel is hidden", SECRET, job("sudo", ""), "sudo", false],
    ["python's getpass", SECRET, job("python3", "wait_woken"), "python3", false],
    ["ssh that asks for a password", SECRET, job("ssh", "wait_woken"), "ssh", false],
    ["bash's `read -s`", SECRET, shell("wait_woken"), "bash", true],
    ["asked through BusyBox", BUSYBOX_SECRET, job("passwd", "wait_woken"), "passwd", false],
  ])("%s", (_, modes, processes, program, shellInFront) => {
    expect(judged(modes, processes)).toMatchObject({ waiting: "secret", program, shellInFront });
  });
});

describe("a program that waits for keys", () => {
  it.each([
    ["vim", RAW, job("vim", POLL), "vim", false],
    ["less", EDITOR, job("less", "wait_woken"), "less", false],
    ["top", EDITOR, job("top", POLL), "top", false],
    ["fish inside bash", RAW, job("fish", POLL), "fish", false],
    ["node", EDITOR, job("node", "ep_poll"), "node", false],
    ["an editor whose wait channel is hidden", EDITOR, job("nano", ""), "nano", false],
    ["bash at its own prompt", EDITOR, shell(POLL), "bash", true],
    ["zsh at its own prompt, hidden", EDITOR, shell("", "zsh"), "zsh", true],
    ["bash at its own prompt, without stty", undefined, shell(POLL), "bash", true],
  ])("%s", (_, modes, processes, program, shellInFront) => {
    expect(judged(modes, processes)).toMatchObject({ waiting: "keys", program, shellInFront });
  });
});

describe("a program that is busy", () => {
  it.each([
    ["sleep", LINE, job("sleep", "hrtimer_nanosleep"), "sleep"],
    ["sleep, without stty", undefined, job("sleep", "hrtimer_nanosleep"), "sleep"],
    ["tail -f", LINE, job("tail", POLL), "tail"],
    ["a program that reads a socket", LINE, job("nc", "wait_woken", { call: "0,3,o" }), "nc"],
    [
      "a pipe whose first member sleeps",
      LINE,
      [
        ...job("sleep", "hrtimer_nanosleep"),
        told("cat", { pid: 13929, pgrp: 13928, wchan: "anon_pipe_read" }),
      ],
      "cat",
    ],
    ["a loop of the shell's own", LINE, shell("", "bash", { state: "R" }), "bash"],
    ["a shell that was woken while it was looked at", RAW, shell("", "bash", { call: "r" }), "bash"],
    ["a process in disk wait", SECRET, job("dd", "io_schedule", { state: "D" }), "dd"],
    ["a process that a tracer holds", SECRET, job("dd", "ptrace_stop", { state: "t" }), "dd"],
    ["a script that sleeps with echo off", SECRET, job("sleep", "hrtimer_nanosleep"), "sleep"],
    ["a program that sleeps in raw mode", RAW, job("sl", "hrtimer_nanosleep"), "sl"],
    [
      "a reader beside a process that computes",
      LINE,
      [...job("sort", "", { state: "R" }), told("cat", { pid: 13930, pgrp: 13928, wchan: "wait_woken" })],
      "cat",
    ],
  ])("%s is not waiting", (_, modes, processes, program) => {
    expect(judged(modes, processes)).toMatchObject({ waiting: "no", program });
  });
});

describe("what cannot be known is not guessed", () => {
  it.each([
    ["ssh in raw mode: what waits is behind it", RAW, job("ssh", POLL)],
    ["docker exec -it", RAW, job("docker", "futex_do_wait")],
    ["sudo that relays a terminal of its own", RAW, job("sudo", POLL)],
    ["script", RAW, job("script", POLL)],
    ["tmux, whose name has a blank", RAW, job("tmux: client", "do_epoll_wait")],
    ["a hidden wait channel in line mode", LINE, job("cat", "")],
    ["a zero wait channel in line mode", LINE, job("cat", "0")],
    ["nobody in the foreground", LINE, [waitingShell(13999)]],
    ["only a zombie in the foreground", LINE, job("cat", "", { state: "Z" })],
    ["a program that polls, without stty", undefined, job("vim", POLL)],
    ["modes of which one is missing", LINE.replace(" echo ", " "), job("cat", "")],
  ])("%s", (_, modes, processes) => {
    expect(judged(modes, processes)).toMatchObject({ waiting: "unknown" });
  });

  it.each([
    ["an error message", "sh: 1: Permission denied\n"],
    ["a login banner and nothing else", "Welcome!\n"],
    ["an answer that was cut", answerOf(LINE, ...job("cat", "wait_woken")).slice(0, -4)],
    ["nothing", ""],
  ])("%s is no answer", (_, text) => {
    expect(readAnswer(text)).toBeUndefined();
  });
});

describe("the shell in front", () => {
  it("is one that carries our hooks, not any shell", () => {
    const other: OurShells = new Map([[1, { tty: TTY, program: undefined }]]);
    expect(judged(EDITOR, shell("wait_woken"), other)).toMatchObject({ shellInFront: false });
    expect(judged(EDITOR, job("bash", "wait_woken"))).toMatchObject({ shellInFront: false });
  });

  it("is the program in which the hooks were set: exec keeps the process id", () => {
    const bash: OurShells = new Map([[SHELL, { tty: TTY, program: "bash" }]]);
    expect(judged(EDITOR, shell("wait_woken", "zsh"), bash)).toMatchObject({ shellInFront: false });
    expect(judged(EDITOR, shell("wait_woken", "bash"), bash)).toMatchObject({ shellInFront: true });
  });

  it("is in the foreground alone, but for what it has started beside its line editor and does not read", () => {
    const helper = (wchan: string) => told("python3", { pid: 13930, pgrp: SHELL, wchan });
    const seen = (wchan: string) => judged(EDITOR, [...shell(POLL, "fish"), helper(wchan)]);
    expect(seen("anon_pipe_read")).toMatchObject({ waiting: "keys", program: "fish", shellInFront: true });
    expect(seen("wait_woken")).toMatchObject({ shellInFront: false });
  });

  it("of BusyBox, a subshell, polls where it reads a line; a program that polls is busy", () => {
    const login = told("ash", { pid: SHELL, ppid: 1, tpgid: 13928, stack: "7000" });
    const inside = (name: string, stack: string) => [login, told(name, { wchan: POLL, stack, args: "-ash" })];
    expect(judged(LINE, inside("ash", "7000"))).toMatchObject({ waiting: "line", shellInFront: false });
    expect(judged(undefined, inside("ash", "7000"))).toMatchObject({ waiting: "line", unseen: true });
    expect(judged(LINE, inside("ash", "8000")).waiting).toBe("no");
    expect(judged(LINE, inside("nginx", "7000")).waiting).toBe("no");
  });

  it("is no subshell of its own: that runs the same program on the same stack", () => {
    const front = (stack: string) => {
      const login = told("bash", { pid: SHELL, ppid: 1, tpgid: 13928, stack: "7000" });
      return judged(LINE, [login, told("bash", { wchan: "wait_woken", stack, args: "-bash" })]);
    };
    expect(front("7000")).toMatchObject({ front: { shell: false } });
    expect(front("8000")).toMatchObject({ front: { shell: true } });
  });
});

describe("a terminal that a program inside has made", () => {
  const sudo = [
    waitingShell(),
    told("sudo", { wchan: "" }),
    told("sudo", { pid: 14000, ppid: 13928, pts: 5, tpgid: 14001 }),
    told("bash", { pid: 14001, ppid: 14000, pts: 5, args: "-bash" }),
  ];

  it("is looked through: who is in front there has the session's terminal", () => {
    expect(judged(RAW, sudo)).toMatchObject({
      waiting: "unknown",
      front: { program: "bash", shell: true, inner: true, relay: false },
    });
  });

  it("is not guessed at where there are two", () => {
    const second = told("less", { pid: 14100, ppid: 13928, pts: 6 });
    const answer = judged(RAW, [...sudo, second]);
    expect(answer).toMatchObject({ waiting: "unknown" });
    expect(answer).not.toHaveProperty("front");
  });
});

describe("what is stopped on the terminal", () => {
  it("is told of the login's own terminal, and of no other", () => {
    const stopped = told("vim", { pid: 14200, state: "T" });
    const elsewhere = told("vim", { pid: 14201, pts: 9, state: "T" });
    expect(judged(RAW, [waitingShell(), stopped, elsewhere]).stopped).toEqual([14200]);
  });
});

describe("the login shell before it has said its own process id", () => {
  const below = (ppid: number, pid: number, pts: number) =>
    told("bash", { pid, ppid, pts, wchan: "wait_woken" });
  const sshd = told("sshd", { pid: 1, ppid: 0, pts: undefined });
  const found = (processes: readonly string[], turn: Partial<Turn> = {}) => {
    const host = readAnswer(answerOf(LINE, ...processes));
    return host && loginShell(host, undefined, { ...ALONE, ...turn })?.pid;
  };

  it("is the one child of the server's process that has a terminal", () => {
    expect(found([sshd, below(1, 500, 3)])).toBe(500);
  });

  it("is not one of another session", () => {
    expect(found([sshd, below(1, 500, 3), below(1, 600, 4)], { others: new Set([500]) })).toBe(600);
  });

  it("is one of two in the order in which they were started, if two logins are looked for", () => {
    const both = [sshd, below(1, 600, 4), below(1, 500, 3)];
    expect(found(both, { index: 0, of: 2 })).toBe(500);
    expect(found(both, { index: 1, of: 2 })).toBe(600);
  });

  it("is not guessed where there are more or fewer than logins", () => {
    expect(found([sshd, below(1, 500, 3), below(1, 600, 4)])).toBeUndefined();
    expect(found([sshd, below(1, 500, 3)], { index: 1, of: 2 })).toBeUndefined();
  });
});

describe("modes", () => {
  it("are found behind a banner that the login shell prints to every command, and that is noticed", () => {
    const host = readAnswer(`*** authorised use only ***\n${answerOf(LINE, ...job("cat", "wait_woken"))}`);
    expect(host?.noise).toBe(true);
    // A title that a trap prints has no line end.
    expect(readAnswer(`\u001b]0;exec\u0007${answerOf(LINE, ...job("cat", "wait_woken"))}`)?.noise).toBe(true);
    expect(host?.modes.get(TTY)).toMatchObject({ lines: true, echo: true, enterEnds: true });
  });

  it.each([
    ["as they are mostly", LINE, { interrupt: "\u0003", kill: "\u0015", letters: [] }],
    ["no interrupt key", LINE.replace("isig", "-isig"), { interrupt: undefined }],
    ["another one", LINE.replace("intr = ^C", "intr = ^X"), { interrupt: "\u0018" }],
    ["none of them", LINE.replace("intr = ^C", "intr = <undef>"), { interrupt: undefined }],
    ["a letter", LINE.replace("erase = ^?", "erase = e"), { letters: [{ does: "erase", char: "e" }] }],
  ])("name the terminal's own keys: %s", (_what, modes, keys) => {
    expect(judged(modes, job("cat", "wait_woken")).keys).toMatchObject({ ...keys, lines: true });
  });

  it("of a program that waits to print make no reader of it", () => {
    expect(judged(LINE, job("cat", "wait_woken", { call: "1,1,t" }))).toMatchObject({ waiting: "held" });
    expect(judged(LINE, job("cat", "wait_woken", { call: "0,0,t" }))).toMatchObject({ waiting: "line" });
  });

  it("say whether what is typed shows, in line mode", () => {
    const echo = (modes: string | undefined) => {
      const host = readAnswer(answerOf(modes, ...job("cat", "wait_woken")));
      const login = host && loginShell(host, SHELL, ALONE);
      return host && login && kernelEcho(host, login);
    };
    expect([echo(LINE), echo(SECRET), echo(EDITOR), echo(undefined)]).toEqual([
      "on",
      "off",
      "unknown",
      "unknown",
    ]);
  });
});

describe("the question", () => {
  const commands = [
    kernelQuery({}),
    kernelQuery({ login: { pid: 12, tty: TTY }, others: [7] }),
    kernelQuery({}, true),
    kernelQuery({ program: "mariadb" }),
    kernelQuery({ program: "/opt/pg/bin/psql" }),
  ];

  it("is one line that csh and fish take as well: no quote within, no !, no backslash before a quote or backslash", () => {
    for (const command of commands) {
      const [before, script, after, ...more] = command.split("'");
      expect([before, after, more]).toEqual([expect.stringMatching(/sh -c $/), "", []]);
      expect(script).not.toMatch(/[!\r\n]|\\['\\]/);
    }
  });

  it("leaves room in a line of 4 KiB", () => {
    for (const command of commands) expect(command.length).toBeLessThan(2500);
  });

  it("asks for the file of plain programs only", () => {
    expect(["mariadb", "a+b-1.2", "/opt/pg/bin/psql"].every(isPlainProgram)).toBe(true);
    expect(["", "a b", "$(id)", "/opt/", "a/b", "/o'x", "x".repeat(65)].some(isPlainProgram)).toBe(false);
  });

  it("takes plain terminal paths only", () => {
    expect(["/dev/pts/12", "/dev/ttys001"].every(isPlainTty)).toBe(true);
    expect(["/dev/pts/1;id", "/dev/../etc/passwd", "pts/1", ""].some(isPlainTty)).toBe(false);
  });
});

describe("a shell that takes commands from its terminal", () => {
  it.each([
    ["bash", "-bash"],
    ["bash", "bash--norc+ohistory"],
    ["bash", "/opt/bash/bin/bash-l-i"],
    ["bash", "/opt/bash-5.2/bin/bash-l"],
    ["ash", "/opt/my-tools/bin/ash-l"],
    ["zsh", "/home/a-b/c-d/zsh"],
    ["zsh", "zsh-f"],
    ["sh", undefined],
    ["ash", "-ash"],
    ["busybox", "busyboxash"],
    ["bash", "bash--rcfile/home/jo/.rc"],
    ["fish", "fish--private"],
    ["rbash", "-rbash"],
  ])("%s with %s", (name, args) => {
    expect(isShell(name, args)).toBe(true);
  });

  it.each([
    ["bash", "bash-cread x"],
    ["bash", "bash-lcread x"],
    ["sh", "sh/usr/local/bin/menu"],
    ["bash", "/bin/bash-c/opt/x/bash"],
    ["ash", "/opt/my-tools/bin/ash-cread x"],
    ["ash", "/opt/my-tools/bin/ash/opt/menu"],
    ["bash", "bashmenu.sh"],
    ["python3", "python3-i"],
    ["whiptail", "whiptail--yesno"],
    ["busybox", "busyboxvi"],
    ["zsh", `zsh-f${"-x".repeat(50)}`],
  ])("is not %s with %s", (name, args) => {
    expect(isShell(name, args)).toBe(false);
  });
});
