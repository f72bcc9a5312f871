import { describe, expect, it } from "vitest";
import { isPlainTty, judgeKernel, kernelQuery } from "../../../src/shell/evidence/kernel.ts";
import {
  BUSYBOX_LINE,
  BUSYBOX_SECRET,
  EDITOR,
  LINE,
  RAW,
  SECRET,
  SHELL,
  WAITING_SHELL,
} from "./kernel-answers.ts";

const HOOKED = new Set([SHELL]);
/** A foreground job of one process, below the waiting login shell. */
const job = (stat: string, wchan: string, comm: string) =>
  `${WAITING_SHELL}13928 13928 13928 ${stat.padEnd(4)} ${wchan.padEnd(32)} ${comm}\n`;
/** The login shell in front. */
const shell = (wchan: string, comm = "bash") => `13748 13748 13748 Ss+  ${wchan.padEnd(32)} ${comm}\n`;

describe("a program that waits for a line", () => {
  it.each([
    ["cat", LINE + job("S+", "wait_woken", "cat"), "cat", false],
    ["python3 -c 'input()'", LINE + job("S+", "wait_woken", "python3"), "python3", false],
    ["cat on an older kernel", LINE + job("S+", "n_tty_read", "cat"), "cat", false],
    ["cat on FreeBSD", LINE + job("S+", "ttyin", "cat"), "cat", false],
    ["cat, asked through BusyBox", BUSYBOX_LINE + job("S+", "wait_woken", "cat"), "cat", false],
    ["bash's own `read`", LINE + shell("wait_woken"), "bash", true],
    ["dash at its prompt", LINE + shell("wait_woken", "dash"), "dash", true],
    [
      "BusyBox ash's own `read`, which polls",
      LINE + shell("poll_schedule_timeout.constprop.", "busybox"),
      "busybox",
      true,
    ],
    [
      "the reader at the end of a pipe",
      `${LINE}${WAITING_SHELL}13928 13928 13928 S+   wait_woken                       cat
13929 13928 13928 S+   anon_pipe_read                   grep\n`,
      "grep",
      false,
    ],
    [
      "cat with a background job beside it",
      `${LINE}${WAITING_SHELL}18222 18222 13928 S    hrtimer_nanosleep                sleep
13928 13928 13928 S+   wait_woken                       cat\n`,
      "cat",
      false,
    ],
  ])("%s", (_, answer, program, shellInFront) => {
    expect(judgeKernel(answer, HOOKED)).toEqual({ waiting: "line", program, shellInFront });
  });
});

describe("a program that waits for a secret", () => {
  it.each([
    ["su, whose password prompt is root's", SECRET + job("S+", "do_wait", "su"), "su", false],
    ["sudo, whose wait channel is hidden", SECRET + job("S+", "-", "sudo"), "sudo", false],
    ["python's getpass", SECRET + job("S+", "wait_woken", "python3"), "python3", false],
    ["ssh that asks for a password", SECRET + job("S+", "wait_woken", "ssh"), "ssh", false],
    ["bash's `read -s`", SECRET + shell("wait_woken"), "bash", true],
    ["asked through BusyBox", BUSYBOX_SECRET + job("S+", "wait_woken", "passwd"), "passwd", false],
  ])("%s", (_, answer, program, shellInFront) => {
    expect(judgeKernel(answer, HOOKED)).toEqual({ waiting: "secret", program, shellInFront });
  });
});

describe("a program that waits for keys", () => {
  it.each([
    ["vim", RAW + job("Sl+", "poll_schedule_timeout.constprop.", "vim"), "vim", false],
    ["less", EDITOR + job("S+", "wait_woken", "less"), "less", false],
    [
      "python's line editor",
      EDITOR + job("S+", "poll_schedule_timeout.constprop.", "python3"),
      "python3",
      false,
    ],
    ["top", EDITOR + job("S+", "poll_schedule_timeout.constprop.", "top"), "top", false],
    ["fish inside bash", RAW + job("S+", "poll_schedule_timeout.constprop.", "fish"), "fish", false],
    ["node", EDITOR + job("Sl+", "ep_poll", "node"), "node", false],
    ["an editor whose wait channel is hidden", EDITOR + job("S+", "-", "nano"), "nano", false],
    ["bash at its own prompt", EDITOR + shell("poll_schedule_timeout.constprop."), "bash", true],
    ["zsh at its own prompt, hidden", EDITOR + shell("-", "zsh"), "zsh", true],
  ])("%s", (_, answer, program, shellInFront) => {
    expect(judgeKernel(answer, HOOKED)).toEqual({ waiting: "keys", program, shellInFront });
  });
});

describe("a program that is busy", () => {
  it.each([
    ["sleep", LINE + job("S+", "hrtimer_nanosleep", "sleep"), "sleep"],
    ["tail -f", LINE + job("S+", "poll_schedule_timeout.constprop.", "tail"), "tail"],
    [
      "a pipe whose first member sleeps",
      `${LINE}${WAITING_SHELL}13928 13928 13928 S+   hrtimer_nanosleep                sleep
13929 13928 13928 S+   anon_pipe_read                   cat\n`,
      "cat",
    ],
    [
      "a subshell in a pipe",
      `${LINE}${WAITING_SHELL}13928 13928 13928 S+   do_wait                          bash
19833 13928 13928 S+   anon_pipe_read                   grep
19844 13928 13928 S+   hrtimer_nanosleep                sleep\n`,
      "sleep",
    ],
    [
      "a loop of the shell's own",
      `${LINE}13748 13748 13748 Rs+  -                                bash\n`,
      "bash",
    ],
    ["a process in disk wait", SECRET + job("D+", "io_schedule", "dd"), "dd"],
    ["a script that sleeps with echo off", SECRET + job("S+", "hrtimer_nanosleep", "sleep"), "sleep"],
    ["a program that sleeps in raw mode", RAW + job("S+", "hrtimer_nanosleep", "sl"), "sl"],
    [
      "a reader beside a process that computes",
      `${LINE}${job("R+", "-", "sort")}13930 13928 13928 S+   wait_woken                       cat\n`,
      "cat",
    ],
  ])("%s is not waiting", (_, answer, program) => {
    expect(judgeKernel(answer, HOOKED)).toMatchObject({ waiting: "no", program });
  });
});

describe("what cannot be known is not guessed", () => {
  it.each([
    ["ssh in raw mode: what waits is behind it", RAW + job("S+", "poll_schedule_timeout.constprop.", "ssh")],
    ["docker exec -it", RAW + job("Sl+", "futex_do_wait", "docker")],
    ["sudo that relays a terminal of its own", RAW + job("S+", "poll_schedule_timeout.constprop.", "sudo")],
    ["script", RAW + job("S+", "poll_schedule_timeout.constprop.", "script")],
    ["tmux, whose name has a blank", RAW + job("S+", "do_epoll_wait", "tmux: client")],
    ["a hidden wait channel in line mode", LINE + job("S+", "-", "cat")],
    ["a zero wait channel in line mode", LINE + job("S+", "0", "cat")],
    ["nobody in the foreground", `${LINE}13748 13748 13999 Ss   do_wait                          bash\n`],
    [
      "only a zombie in the foreground",
      `${LINE}${WAITING_SHELL}13928 13928 13928 Z+   -                                cat <defunct>\n`,
    ],
    ["no processes", LINE],
    ["no terminal modes", job("S+", "wait_woken", "cat")],
    ["an error message", "stty: /dev/pts/9: Permission denied\nps: command not found\n"],
    ["a login banner and nothing else", "Welcome!\n"],
    ["nothing", ""],
  ])("%s", (_, answer) => {
    expect(judgeKernel(answer, HOOKED)).toEqual({ waiting: "unknown" });
  });
});

describe("the shell in front", () => {
  it("is one that carries our hooks, not any shell", () => {
    expect(judgeKernel(EDITOR + shell("wait_woken"), new Set([1]))).toMatchObject({ shellInFront: false });
    expect(judgeKernel(EDITOR + job("S+", "wait_woken", "bash"), HOOKED)).toMatchObject({
      shellInFront: false,
    });
  });

  it("is in the foreground alone", () => {
    const helper = "13930 13748 13748 S+   anon_pipe_read                   fzf\n";
    expect(judgeKernel(EDITOR + shell("wait_woken") + helper, HOOKED)).toMatchObject({ shellInFront: false });
  });
});

describe("modes", () => {
  it("are read whole: echoe and -echonl are not echo", () => {
    const withoutEcho = LINE.replace(" echo ", " ");
    expect(judgeKernel(withoutEcho + job("S+", "wait_woken", "cat"), HOOKED)).toEqual({ waiting: "unknown" });
  });

  it("are found behind a banner that the login shell prints to every command", () => {
    expect(
      judgeKernel(`*** authorised use only ***\n${LINE}${job("S+", "wait_woken", "cat")}`, HOOKED),
    ).toMatchObject({
      waiting: "line",
    });
  });
});

describe("the query", () => {
  it("asks about one terminal, in words every login shell understands", () => {
    expect(kernelQuery("/dev/pts/7")).toBe(
      "stty -a -F /dev/pts/7; ps -o pid= -o pgid= -o tpgid= -o stat= -o wchan:32= -o comm= -t pts/7",
    );
  });

  it.each([
    ["/dev/pts/0", true],
    ["/dev/pts/123456", true],
    ["/dev/ttyS0", true],
    ["/dev/ttys003", true],
    ["/dev/tty", false],
    ["/dev/pts/1;reboot", false],
    ["/dev/pts/1\nreboot", false],
    ["/dev/pts/$(reboot)", false],
    ["/dev/../etc/passwd", false],
    ["not a tty", false],
    ["", false],
  ])("%j may stand in it: %s", (tty, plain) => {
    expect(isPlainTty(tty)).toBe(plain);
  });
});
