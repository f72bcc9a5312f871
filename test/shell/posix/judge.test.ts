import { describe, expect, it } from "vitest";
import type { Front, KernelEvidence } from "../../../src/shell/evidence/kernel.ts";
import { LearnedPrompt } from "../../../src/shell/evidence/learned-prompt.ts";
import { judgeShell, remembered } from "../../../src/shell/posix/judge.ts";
import {
  NOTHING_REMEMBERED,
  type ShellMemory,
  type ShellScene,
  type ShellVerdict,
} from "../../../src/shell/posix/scene.ts";
import type { Level } from "../../../src/shell/record/shell-level.ts";
import type { Typed } from "../../../src/shell/record/typed.ts";
import { aCommand, frozen, type Seen, seenOf } from "../seen.ts";

const PROMPT = "user@host:~$ ";
const LEVEL: Level = {
  number: 1,
  family: "bash",
  name: "bash 5.2",
  hooked: true,
  openedBy: 0,
  key: "12345678",
};

/** A framed shell on a Unix host, at its prompt. */
const SCENE: ShellScene = {
  phase: "prompt",
  unframed: undefined,
  level: LEVEL,
  running: undefined,
  open: undefined,
  typed: undefined,
  unsent: false,
  promptRow: PROMPT,
  promptAt: undefined,
  platform: "posix",
  ident: "SSH-2.0-OpenSSH_9.2p1",
  promptPattern: undefined,
  namesDevice: false,
  shownDevice: false,
  names: ["user", "host"],
  holding: false,
};
const RUNNING = aCommand();
/** A command runs. */
const RUN: Partial<ShellScene> = { phase: "run", running: RUNNING, open: RUNNING };
const LOGIN: Partial<ShellScene> = { phase: "unframed", level: undefined, promptRow: "" };
const UNFRAMED: Partial<ShellScene> = {
  phase: "unframed",
  level: undefined,
  unframed: { prompt: new LearnedPrompt("% ", undefined) },
};
const UNSENT: Typed = { enter: false, lines: 0, owedPrompt: false, escapeAt: undefined, command: RUNNING };
const ENTERED: Typed = { ...UNSENT, enter: true, lines: 1 };

const kernel = (waiting: "secret" | "line" | "keys" | "no", shellInFront = false): KernelEvidence => ({
  waiting,
  program: shellInFront ? "bash" : "program",
  shellInFront,
});
/** Our shell reads in the very place where it did at its prompt. */
const COMMAND: KernelEvidence = { waiting: "line", program: "dash", shellInFront: true, reads: "command" };
/** Enter is a character to our shell in front. */
const WANTS_LINE_FEED: KernelEvidence = {
  ...kernel("keys", true),
  waiting: "keys",
  wantsLineFeed: true,
} as KernelEvidence;
const UNKNOWN: KernelEvidence = { waiting: "unknown" };
const FRONT: Front = {
  pid: 7,
  program: "zsh",
  alone: true,
  shell: true,
  readsFile: false,
  bash: false,
  inner: false,
  multiplexer: false,
  relay: false,
};
/** A program that has no hooks of ours reads keys. */
const reads = (program: string, front: Partial<Front> = {}): KernelEvidence => ({
  waiting: "keys",
  program,
  shellInFront: false,
  front: { ...FRONT, program, ...front },
});

const NOTHING: ShellVerdict = { do: "nothing" };
const screen = (evidence: "alternate_screen" | "cursor_addressing"): ShellVerdict => ({
  do: "stand",
  state: { state: "screen", evidence },
});
const asks = (asked: string, evidence: string, row: string, submit?: "key") => ({
  do: "stand",
  state: { state: "asking", asked, evidence, row, ...(submit === undefined ? {} : { submit }) },
});

interface Case {
  readonly what: string;
  readonly memory?: Partial<ShellMemory>;
  readonly scene: Partial<ShellScene>;
  readonly seen: Seen;
  readonly verdict: unknown;
  /** Quiet at which it wants to look again. */
  readonly next?: number;
}

const CASES: readonly Case[] = [
  // Login.
  {
    what: "before anything is typed at a login the kernel is asked who reads",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 20 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "a shell that reads at its prompt is joined",
    scene: LOGIN,
    seen: { row: "~ % ", ms: 20, kernel: reads("zsh") },
    verdict: { do: "join", inside: undefined },
  },
  {
    what: "a shell that still reads a start-up file asks a question of that file's",
    scene: LOGIN,
    seen: { row: "~ % ", ms: 20, kernel: reads("zsh", { readsFile: true }) },
    verdict: asks("line", "kernel", "~ %"),
  },
  {
    what: "another program that reads asks",
    scene: LOGIN,
    seen: { row: "Region [us]$ ", ms: 20, kernel: reads("python3", { shell: false }) },
    verdict: asks("line", "kernel", "Region [us]$"),
  },
  {
    what: "bash reads its files whole: a row that names nobody is not typed into",
    scene: LOGIN,
    seen: { row: "Budget in $ ", ms: 20, kernel: reads("bash") },
    verdict: { ...asks("line", "kernel", "Budget in $"), note: expect.stringContaining("prompt_regex") },
  },
  {
    what: "bash at a row that names its login is joined",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 20, kernel: reads("bash") },
    verdict: { do: "join", inside: undefined },
  },
  {
    what: "bash under another name is bash",
    scene: LOGIN,
    seen: { row: "Budget in $ ", ms: 20, kernel: reads("sh", { bash: true }) },
    verdict: { ...asks("line", "kernel", "Budget in $"), note: expect.stringContaining("prompt_regex") },
  },
  {
    what: "a start-up file that is busy is waited for",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 4000, kernel: kernel("no") },
    verdict: NOTHING,
  },
  {
    what: "a terminal multiplexer at login is a screen",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 20, kernel: { waiting: "unknown", front: { ...FRONT, multiplexer: true } } },
    verdict: { do: "stand", state: { state: "screen", evidence: "kernel" } },
  },
  {
    what: "the alternate screen at login is a screen",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 300, alternate: true },
    verdict: { do: "stand", state: { state: "screen", evidence: "alternate_screen" } },
  },
  {
    what: "where the kernel cannot be asked a prompt that names its login is joined",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 20, kernel: UNKNOWN },
    verdict: { do: "join", inside: undefined },
  },
  {
    what: "where the kernel cannot be asked a bare dollar is not typed into",
    scene: LOGIN,
    seen: { row: "$ ", ms: 3000, kernel: UNKNOWN },
    verdict: { ...asks("question", "pattern", "$"), note: expect.stringContaining("prompt_regex") },
  },
  {
    what: "where the kernel cannot be asked prompt_regex is the inventory's word",
    scene: { ...LOGIN, promptPattern: (row) => row === "$" },
    seen: { row: "$ ", ms: 20, kernel: UNKNOWN },
    verdict: { do: "join", inside: undefined },
  },
  {
    what: "a question that stands is not asked about again",
    memory: { stoodAt: 0 },
    scene: LOGIN,
    seen: { row: "Budget in $ ", ms: 4000, end: 0 },
    verdict: NOTHING,
  },
  {
    what: "a row with a blank is no device's at a Unix server: the kernel is asked, nothing is handed over",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "Path [~/prod] > ", ms: 250 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "a name in brackets at a Unix server is no device's while its kernel says that a program reads",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "[eu-west] > ", ms: 250, kernel: reads("bash", { readsFile: true }) },
    verdict: asks("line", "kernel", "[eu-west] >"),
  },
  {
    what: "a name in brackets where the login runs no shell is the prompt of a command line",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "[lldpcli] # ", ms: 250, kernel: { waiting: "unknown", noShell: true } },
    verdict: {
      do: "not a shell",
      why: expect.stringContaining("may not be a Unix shell's"),
      device: true,
      row: expect.any(String),
    },
  },
  {
    what: "a name in brackets is believed where another session has met a command line",
    scene: { ...LOGIN, platform: "auto", shownDevice: true },
    seen: { row: "[lldpcli] # ", ms: 250, kernel: UNKNOWN },
    verdict: {
      do: "not a shell",
      why: expect.stringContaining("may not be a Unix shell's"),
      device: true,
      row: expect.any(String),
    },
  },
  {
    what: "words before a sign are no command line's prompt, even where the login runs no shell",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "Region [us] > ", ms: 250, kernel: { waiting: "unknown", noShell: true } },
    verdict: NOTHING,
    next: 3000,
  },
  {
    what: "a login prompt may still be coming in",
    scene: LOGIN,
    seen: { row: PROMPT, ms: 19 },
    verdict: NOTHING,
    next: 20,
  },
  {
    what: "a Unix shell's prompt is joined where the platform is open",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: PROMPT, ms: 20, kernel: reads("bash") },
    verdict: { do: "join", inside: undefined },
  },
  {
    what: "a router's prompt is not joined where the platform is open: it may be a device",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "core-1#", ms: 250 },
    verdict: {
      do: "not a shell",
      why: expect.stringContaining("may not be a Unix shell's"),
      device: true,
      row: expect.any(String),
    },
  },
  {
    what: "a prompt like a Unix shell's behind an ident that is no Unix server's is not joined",
    scene: { ...LOGIN, platform: "auto", ident: "SSH-2.0-Cisco-1.25" },
    seen: { row: PROMPT, ms: 250 },
    verdict: { do: "not a shell", why: expect.any(String), device: true, row: expect.any(String) },
  },
  {
    what: "a router's prompt is believed a little later",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "core-1#", ms: 249 },
    verdict: NOTHING,
    next: 250,
  },
  {
    what: "a given prompt_regex decides alone whether a prompt is there",
    scene: { ...LOGIN, platform: "auto", promptPattern: (row) => row === "ready:" },
    seen: { row: "ready: ", ms: 250 },
    verdict: {
      do: "not a shell",
      why: "of platform auto only the prompt is known",
      device: false,
      row: expect.any(String),
    },
  },
  {
    what: "a device's prompt that its log rows have pushed up is found although they keep coming",
    scene: { ...LOGIN, platform: "auto", ident: "SSH-2.0-Cisco-1.25" },
    seen: {
      above: ["core-1#", "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down"],
      ms: 20,
    },
    verdict: { do: "not a shell", why: expect.any(String), device: true, row: "core-1#" },
  },
  {
    what: "a row above other text than log rows is no prompt that stands",
    scene: { ...LOGIN, platform: "auto", ident: "SSH-2.0-Cisco-1.25" },
    seen: { above: ["core-1#", "Welcome to the lab"], ms: 20 },
    verdict: NOTHING,
    next: 3000,
  },
  {
    what: "a menu's row is no prompt",
    scene: { ...LOGIN, platform: "auto" },
    seen: { row: "Select an option>", ms: 1000, kernel: UNKNOWN },
    verdict: NOTHING,
    next: 3000,
  },
  {
    what: "a login that asks is the caller's in the end",
    scene: LOGIN,
    seen: { row: "Password: ", ms: 3000, kernel: UNKNOWN },
    verdict: asks("password", "pattern", "Password:"),
  },
  {
    what: "a login that is stuck at an empty row shows the row above",
    scene: LOGIN,
    seen: { above: ["Press F1 for help"], ms: 3000, kernel: UNKNOWN },
    verdict: asks("question", "pattern", "Press F1 for help"),
  },
  { what: "a login that says nothing is waited for", scene: LOGIN, seen: { ms: 60_000 }, verdict: NOTHING },
  // Being set up.
  {
    what: "a set-up line is not judged before it is answered",
    scene: { phase: "identify" },
    seen: { row: PROMPT, ms: 10_000 },
    verdict: NOTHING,
  },
  {
    what: "hook code is not judged before it is answered",
    scene: { phase: "hooking" },
    seen: { row: PROMPT, ms: 10_000 },
    verdict: NOTHING,
  },
  {
    what: "a hook may take its time",
    scene: { phase: "settling" },
    seen: { row: PROMPT, ms: 699 },
    verdict: NOTHING,
    next: 700,
  },
  {
    what: "a prompt without a mark behind the hooks is one of a shell that takes none",
    scene: { phase: "settling" },
    seen: { row: PROMPT, ms: 700 },
    verdict: { do: "settle without hook" },
  },
  // A line on its way.
  {
    what: "a line on its way is waited for",
    scene: { ...RUN, phase: "hold", holding: true },
    seen: { row: PROMPT, ms: 999 },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "what came in place of a line's echo is shown",
    scene: { ...RUN, phase: "hold", holding: true },
    seen: { row: PROMPT, ms: 1000 },
    verdict: { do: "show held" },
  },
  {
    what: "a line that was not taken at a prompt is asked about",
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1000, kernel: kernel("keys", true) },
    verdict: { do: "ping", id: 7, typed: false },
  },
  {
    what: "a line that was not taken is asked about once",
    memory: { pinged: 7 },
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1000, kernel: kernel("keys", true) },
    verdict: asks("line", "kernel", PROMPT.trimEnd()),
  },
  {
    what: "one word of the kernel that Enter did not end a line is not enough",
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1000, end: 100, kernel: WANTS_LINE_FEED },
    verdict: { do: "ask again", line: 7 },
    next: 1060,
  },
  {
    what: "a line that Enter did not end by the kernel's word twice is ended by a line feed",
    memory: { shellReads: { end: 100, quietMs: 1000, line: 7 } },
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1060, end: 100, kernel: WANTS_LINE_FEED },
    verdict: { do: "end line", id: 7 },
  },
  {
    what: "a byte between the kernel's two words begins anew",
    memory: { shellReads: { end: 99, quietMs: 1000, line: 7 } },
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1060, end: 100, kernel: WANTS_LINE_FEED },
    verdict: { do: "ask again", line: 7 },
    next: 1120,
  },
  {
    what: "the kernel's word on another line, or that a shell reads, is no first word on this one",
    memory: { shellReads: { end: 100, quietMs: 300, line: undefined } },
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1060, end: 100, kernel: WANTS_LINE_FEED },
    verdict: { do: "ask again", line: 7 },
    next: 1120,
  },
  {
    what: "a line that Enter did not end is ended once",
    memory: { lineFed: 7 },
    scene: { ...RUN, phase: "hold" },
    seen: { row: PROMPT, ms: 1000, kernel: WANTS_LINE_FEED },
    verdict: { do: "ping", id: 7, typed: false },
  },
  {
    what: "a command that reads from a terminal left in raw mode is sent no line feed",
    scene: RUN,
    seen: { row: "name: ", ms: 300, kernel: WANTS_LINE_FEED },
    verdict: { do: "ask again" },
    next: 360,
  },
  {
    what: "an unanswered question of ours is given up",
    scene: { ...RUN, phase: "ping" },
    seen: { row: PROMPT, ms: 1000 },
    verdict: { do: "give up ping" },
  },
  // A command runs.
  {
    what: "nobody waits: nothing is looked into",
    scene: RUN,
    seen: { row: "Password: ", ms: 60_000, waited: false, kernel: kernel("secret") },
    verdict: NOTHING,
  },
  {
    what: "a short pause is not looked into",
    scene: RUN,
    seen: { row: "Password: ", ms: 299, kernel: kernel("secret") },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "what is on the screen is from before the keys",
    scene: RUN,
    seen: { row: "Password: ", ms: 300, unanswered: true, kernel: kernel("secret") },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "keys that are not answered at all leave the question where it is",
    scene: RUN,
    seen: { row: "Password: ", ms: 1000, unanswered: true, kernel: kernel("secret") },
    verdict: asks("password", "kernel", "Password:"),
  },
  {
    what: "the alternate screen is a full-screen program, whatever the kernel says",
    scene: RUN,
    seen: { row: "~", ms: 300, alternate: true, kernel: kernel("no") },
    verdict: screen("alternate_screen"),
  },
  {
    what: "an alternate screen on which nothing was painted yet is waited for",
    scene: RUN,
    seen: { row: "", above: [" ", ""], ms: 2900, alternate: true },
    verdict: NOTHING,
    next: 3000,
  },
  {
    what: "one that stays empty for three seconds is a full-screen program all the same",
    scene: RUN,
    seen: { row: "", ms: 3000, alternate: true },
    verdict: screen("alternate_screen"),
  },
  {
    what: "application keys without bracketed paste are a full-screen program",
    scene: RUN,
    seen: { row: "menu", ms: 300, modes: { applicationCursorKeys: true } },
    verdict: screen("cursor_addressing"),
  },
  {
    what: "application keys with bracketed paste are a line editor",
    scene: RUN,
    seen: { row: ">>> ", ms: 300, modes: { applicationCursorKeys: true, bracketedPaste: true } },
    verdict: { do: "ask kernel" },
  },
  { what: "a pause is asked about", scene: RUN, seen: { row: "", ms: 300 }, verdict: { do: "ask kernel" } },
  {
    what: "a command that was busy a moment ago is not asked about again",
    memory: { busy: { command: 7, pauseMs: 500, until: 100_001 } },
    scene: RUN,
    seen: { row: "", ms: 300, now: 100_000 },
    verdict: NOTHING,
  },
  {
    what: "a command that was busy is asked about when that has had its time",
    memory: { busy: { command: 7, pauseMs: 500, until: 100_000 } },
    scene: RUN,
    seen: { row: "", ms: 300, now: 100_000 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "that another command was busy says nothing of this one",
    memory: { busy: { command: 6, pauseMs: 500, until: 200_000 } },
    scene: RUN,
    seen: { row: "", ms: 300, now: 100_000 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "kernel: busy, though the row reads like a question",
    scene: RUN,
    seen: { row: "Continue? [y/N] ", ms: 10_000, kernel: kernel("no") },
    verdict: NOTHING,
  },
  {
    what: "kernel: a secret is asked, though the row says nothing of it",
    scene: RUN,
    seen: { row: "token> ", ms: 300, kernel: kernel("secret") },
    verdict: asks("password", "kernel", "token>"),
  },
  {
    what: "kernel: a line is read at a plain question",
    scene: RUN,
    seen: { row: "Continue? [y/N] ", ms: 300, kernel: kernel("line") },
    verdict: asks("confirm", "kernel", "Continue? [y/N]"),
  },
  {
    what: "kernel: a line is read at a row that ends like a question",
    scene: RUN,
    seen: { row: "Name: ", ms: 300, kernel: kernel("line") },
    verdict: asks("question", "kernel", "Name:"),
  },
  {
    what: "kernel: a line is read at an empty row",
    scene: RUN,
    seen: { row: "", ms: 300, kernel: kernel("line") },
    verdict: asks("line", "kernel", ""),
  },
  {
    what: "kernel: keys are read by a line editor",
    scene: RUN,
    seen: { row: "In: ", ms: 300, modes: { bracketedPaste: true }, kernel: kernel("keys") },
    verdict: asks("repl", "kernel", "In:"),
  },
  {
    what: "kernel: keys are read at a pager's row",
    scene: RUN,
    seen: { row: "--More--", ms: 300, kernel: kernel("keys") },
    verdict: asks("pager", "kernel", "--More--", "key"),
  },
  {
    what: "kernel: unknown, and text alone is not trusted yet",
    scene: RUN,
    seen: { row: "Password: ", ms: 999, kernel: UNKNOWN },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "kernel: unknown, and the text is plain",
    scene: RUN,
    seen: { row: "Password: ", ms: 1000, kernel: UNKNOWN },
    verdict: asks("password", "pattern", "Password:"),
  },
  {
    what: "kernel: unknown, and the text says nothing",
    scene: RUN,
    seen: { row: "Name: ", ms: 60_000, kernel: UNKNOWN },
    verdict: NOTHING,
  },
  // The shell itself in front of a command that has not ended.
  {
    what: "the shell in front is asked for again, since its mark may be on its way",
    scene: RUN,
    seen: { row: "", ms: 300, kernel: kernel("line", true) },
    verdict: { do: "ask again" },
    next: 360,
  },
  {
    what: "the shell in front is asked for again later than it was seen first",
    memory: { shellReads: { end: 1000, quietMs: 300 } },
    scene: RUN,
    seen: { row: "", ms: 330, kernel: kernel("line", true) },
    verdict: { do: "ask again" },
    next: 360,
  },
  {
    what: "a byte since makes the first answer worthless",
    memory: { shellReads: { end: 999, quietMs: 300 } },
    scene: RUN,
    seen: { row: "", ms: 400, kernel: kernel("line", true) },
    verdict: { do: "ask again" },
    next: 460,
  },
  {
    what: "the shell that still reads is a builtin's question",
    memory: { shellReads: { end: 1000, quietMs: 300 } },
    scene: RUN,
    seen: { row: "name? ", ms: 360, kernel: kernel("line", true) },
    verdict: asks("question", "kernel", "name?"),
  },
  {
    what: "an interrupted command's shell at its prompt is asked how it ended",
    scene: { ...RUN, running: aCommand({ interrupted: true }) },
    seen: { row: PROMPT, ms: 300, kernel: kernel("keys", true) },
    verdict: { do: "ping", id: 7, typed: false },
  },
  {
    what: "a shell without a hook at its prompt is asked how the command ended",
    scene: { ...RUN, level: { ...LEVEL, hooked: false } },
    seen: { row: PROMPT, ms: 1000, kernel: UNKNOWN },
    verdict: { do: "ping", id: 7, typed: false },
  },
  {
    what: "a shell is asked once how a command ended",
    memory: { pinged: 7 },
    scene: { ...RUN, level: { ...LEVEL, hooked: false } },
    seen: { row: PROMPT, ms: 1000, kernel: UNKNOWN },
    verdict: NOTHING,
  },
  {
    what: "a hooked shell's prompt in the output of a command is no reason to ask",
    scene: RUN,
    seen: { row: PROMPT, ms: 1000, kernel: UNKNOWN },
    verdict: NOTHING,
  },
  // A command that opened a shell.
  {
    what: "the shell a command opened is joined",
    scene: { ...RUN, running: aCommand({ text: "sudo -i" }) },
    seen: { row: "root@host:~# ", ms: 300, kernel: kernel("keys") },
    verdict: { do: "join", inside: expect.objectContaining({ text: "sudo -i" }) },
  },
  {
    what: "a shell that could not be joined is not tried again",
    memory: { notJoined: [7] },
    scene: { ...RUN, running: aCommand({ text: "sudo -i" }) },
    seen: { row: "root@host:~# ", ms: 300, kernel: kernel("keys") },
    verdict: asks("line", "kernel", "root@host:~#"),
  },
  {
    what: "what is behind ssh is joined only where it is plainly a Unix shell",
    scene: { ...RUN, running: aCommand({ text: "ssh core-1" }) },
    seen: { row: "core-1#", ms: 1000, kernel: UNKNOWN },
    verdict: NOTHING,
  },
  {
    what: "a Unix shell behind ssh is joined",
    scene: { ...RUN, running: aCommand({ text: "ssh web-1" }) },
    seen: { row: "jo@web-1:~$ ", ms: 300, kernel: UNKNOWN },
    verdict: { do: "join", inside: expect.objectContaining({ text: "ssh web-1" }) },
  },
  {
    what: "a shell's own password question is not joined",
    scene: { ...RUN, running: aCommand({ text: "sudo -i" }) },
    seen: { row: "Password: ", ms: 300, kernel: kernel("secret") },
    verdict: asks("password", "kernel", "Password:"),
  },
  // Keys at the prompt.
  {
    what: "a prompt where nothing was typed is left alone",
    scene: {},
    seen: { row: PROMPT, ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "typed and not entered: the line waits for its Enter",
    scene: { typed: UNSENT },
    seen: { row: `${PROMPT}draft`, ms: 300 },
    verdict: asks("line", "pattern", `${PROMPT}draft`),
  },
  {
    what: "typed and not entered is not judged in a short pause",
    scene: { typed: UNSENT },
    seen: { row: `${PROMPT}draft`, ms: 299 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "end of input was typed: a busy host may not have given it to the shell yet",
    scene: { typed: { ...UNSENT, endsInput: true } },
    seen: { row: PROMPT, ms: 3999, kernel: kernel("keys", true) },
    verdict: NOTHING,
    next: 4000,
  },
  {
    what: "end of input was typed: whether the shell goes is the kernel's word",
    scene: { typed: { ...UNSENT, endsInput: true } },
    seen: { row: "", ms: 4000 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "end of input was typed, and the shell is about its end: nothing is asked for",
    scene: { typed: { ...UNSENT, endsInput: true } },
    seen: { row: "", ms: 4000, kernel: kernel("no", true) },
    verdict: NOTHING,
  },
  {
    what: "end of input was typed, and the shell was seen reading once: it is looked at again",
    scene: { typed: { ...UNSENT, endsInput: true } },
    seen: { row: PROMPT, ms: 4000, kernel: kernel("keys", true) },
    verdict: { do: "ask again" },
    next: 4060,
  },
  {
    what: "end of input was typed, and the shell reads on: it ignores it",
    memory: { shellReads: { end: 1000, quietMs: 4000 } },
    scene: { typed: { ...UNSENT, endsInput: true } },
    seen: { row: PROMPT, ms: 4060, kernel: kernel("keys", true) },
    verdict: asks("line", "kernel", PROMPT.trimEnd()),
  },
  {
    what: "typed and entered, and nothing has been printed since: what stands is from before",
    scene: { typed: ENTERED, open: RUNNING, level: { ...LEVEL, hooked: false } },
    seen: { row: PROMPT, ms: 300, unanswered: true, kernel: kernel("keys", true) },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "typed and entered, and nothing has been printed for long: no question of ours goes behind it",
    scene: { typed: ENTERED, open: RUNNING, level: { ...LEVEL, hooked: false } },
    seen: { row: PROMPT, ms: 1000, unanswered: true, kernel: kernel("keys", true) },
    verdict: asks("line", "kernel", PROMPT.trimEnd()),
  },
  {
    what: "typed and entered: the kernel knows what it led to",
    scene: { typed: ENTERED },
    seen: { row: "", ms: 300 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "typed and entered, the shell at its prompt again without a mark is asked, where prompts have none",
    scene: { typed: ENTERED, open: RUNNING, level: { ...LEVEL, hooked: false } },
    seen: { row: PROMPT, ms: 300, kernel: kernel("keys", true) },
    verdict: { do: "ping", id: 7, typed: true },
  },
  {
    what: "the same behind a prompt's mark: fewer lines than were typed have brought one",
    scene: { typed: ENTERED, open: RUNNING, promptAt: 900 },
    seen: { row: PROMPT, ms: 300, printed: PROMPT, kernel: kernel("keys", true) },
    verdict: { do: "ping", id: 7, typed: true },
  },
  {
    what: "the same of a prompt of two rows",
    scene: { typed: ENTERED, open: RUNNING, promptAt: 900, promptRow: "$ " },
    seen: { row: "$ ", ms: 300, printed: "\r\nuser in ~\r\n$ ", kernel: kernel("keys", true) },
    verdict: { do: "ping", id: 7, typed: true },
  },
  {
    what: "where prompts have marks and none has come, nothing is typed at a row that looks like one",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "$ " },
    seen: { row: "$ ", ms: 300, kernel: COMMAND },
    verdict: asks("line", "kernel", "$"),
  },
  {
    what: "such a row that is a continuation's, too, is one",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "> " },
    seen: { row: "> ", ms: 300, kernel: kernel("keys", true) },
    verdict: asks("continuation", "kernel", ">"),
  },
  {
    what: "a line that was taken behind the prompt's mark goes on, in a row that looks like the prompt",
    scene: { typed: { ...ENTERED, lines: 2 }, open: RUNNING, promptRow: "> ", promptAt: 900 },
    seen: { row: "> ", ms: 300, printed: "> echo 'open\r\n> ", kernel: COMMAND },
    verdict: asks("continuation", "kernel", ">"),
  },
  {
    what: "typed and entered, the shell at another row wants the rest of the line",
    scene: { typed: ENTERED, open: RUNNING },
    seen: { row: "> ", ms: 300, kernel: kernel("keys", true) },
    verdict: asks("continuation", "kernel", ">"),
  },
  {
    what: "typed and entered before the prompt was printed: the rest of the line is wanted behind it, on its row",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "$ " },
    seen: { row: "$ > ", ms: 300, kernel: COMMAND },
    verdict: asks("continuation", "kernel", "$ >"),
  },
  {
    what: "the same where the prompt ends as that does: nothing is typed into the open line",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "box> " },
    seen: { row: "box> > ", ms: 300, kernel: COMMAND },
    verdict: asks("continuation", "kernel", "box> >"),
  },
  {
    what: "the same where the kernel does not know",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "$ " },
    seen: { row: "$ > ", ms: 1000, kernel: UNKNOWN },
    verdict: asks("continuation", "pattern", "$ >"),
  },
  {
    what: "a prompt that came twice on one row is the prompt",
    scene: { typed: ENTERED, open: RUNNING, promptRow: "box> ", promptAt: 900 },
    seen: { row: "box> box> ", ms: 300, printed: "box> ", kernel: COMMAND },
    verdict: { do: "ping", id: 7, typed: true },
  },
  {
    what: "typed and entered, a known continuation needs no kernel",
    scene: { typed: ENTERED, open: RUNNING },
    seen: { row: "quote> ", ms: 1000, kernel: UNKNOWN },
    verdict: asks("continuation", "pattern", "quote>"),
  },
  {
    what: "typed and entered, a program on its alternate screen",
    scene: { typed: ENTERED },
    seen: { row: "~", ms: 300, alternate: true },
    verdict: screen("alternate_screen"),
  },
  {
    what: "typed and entered, a program that addresses the cursor",
    scene: { typed: ENTERED },
    seen: { row: "", ms: 300, modes: { applicationCursorKeys: true }, kernel: kernel("keys") },
    verdict: screen("cursor_addressing"),
  },
  {
    what: "typed and entered, a program that asks for a secret",
    scene: { typed: ENTERED },
    seen: { row: "Password: ", ms: 300, kernel: kernel("secret") },
    verdict: asks("password", "kernel", "Password:"),
  },
  // No framing.
  {
    what: "unframed: the prompt that is back ends the command",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 1 }) },
    seen: { row: "% ", ms: 250 },
    verdict: { do: "unframed end", command: expect.objectContaining({ id: 7 }) },
  },
  {
    what: "unframed: the prompt may be followed by more",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 1 }) },
    seen: { row: "% ", ms: 249 },
    verdict: NOTHING,
    next: 250,
  },
  {
    what: "unframed: the prompt the command was typed at does not end it",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 0 }) },
    seen: { row: "% ", ms: 250 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "unframed: what a command waits for is asked of the kernel",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 1 }) },
    seen: { row: "Continue? [y/N] ", ms: 300 },
    verdict: { do: "ask kernel" },
  },
  {
    what: "unframed: a plain question is reported once the text can be trusted, where the kernel cannot be asked",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 1 }) },
    seen: { row: "Continue? [y/N] ", ms: 1000, kernel: { waiting: "unknown" } },
    verdict: asks("confirm", "pattern", "Continue? [y/N]"),
  },
  {
    what: "unframed: a line that a csh reads is one, whatever its row",
    scene: { ...UNFRAMED, open: aCommand({ lineFeeds: 1 }) },
    seen: { row: "", ms: 300, kernel: kernel("line") },
    verdict: asks("line", "kernel", ""),
  },
  {
    what: "unframed: typed and not entered",
    scene: { ...UNFRAMED, typed: UNSENT },
    seen: { row: "% draft", ms: 250 },
    verdict: asks("line", "pattern", "% draft"),
  },
  {
    what: "unframed: the alternate screen",
    scene: { ...UNFRAMED, open: aCommand() },
    seen: { row: "~", ms: 250, alternate: true },
    verdict: screen("alternate_screen"),
  },
];

describe("what quiet on a shell's terminal means", () => {
  it.each(CASES)("$what", ({ memory, scene, seen, verdict, next }) => {
    const [before, at] = [
      { ...NOTHING_REMEMBERED, ...memory },
      { ...SCENE, ...scene },
    ];
    const snapshot = seenOf(seen);
    expect(judgeShell(before, at, snapshot)).toEqual(verdict);
    expect(snapshot.quiet.next).toBe(next);
  });

  it("is the same for the same memory, scene and snapshot, none of which is changed", () => {
    for (const { memory, scene, seen, verdict } of CASES) {
      const before = frozen({ ...NOTHING_REMEMBERED, ...structuredClone(memory) });
      const at = frozen({ ...SCENE, ...scene });
      const judged = [1, 2, 3].map(() => {
        const snapshot = frozen(seenOf(seen));
        return { verdict: judgeShell(before, at, snapshot), next: snapshot.quiet.next };
      });
      expect(judged[0]?.verdict).toEqual(verdict);
      expect(judged[1]).toEqual(judged[0]);
      expect(judged[2]).toEqual(judged[0]);
    }
  });
});

describe("what is remembered of the kernel's answers", () => {
  const BUSY = kernel("no");

  it("is, where a command is busy, for how long that is taken for granted: twice as long each time, up to a bound", () => {
    let memory: ShellMemory = frozen({ ...NOTHING_REMEMBERED });
    const pauses: unknown[] = [];
    for (let times = 0; times < 5; times++) {
      memory = frozen(remembered(memory, 7, BUSY, 1000));
      pauses.push(memory.busy);
    }
    expect(pauses).toEqual(
      [500, 1000, 2000, 4000, 4000].map((pauseMs) => ({ command: 7, pauseMs, until: 1000 + pauseMs })),
    );
  });

  it("begins anew with another command", () => {
    const memory = remembered(remembered(NOTHING_REMEMBERED, 7, BUSY, 0), 7, BUSY, 0);
    expect(remembered(memory, 8, BUSY, 0).busy).toEqual({ command: 8, pauseMs: 500, until: 500 });
  });

  it.each([kernel("line"), kernel("keys"), kernel("secret"), UNKNOWN])(
    "is nothing where it says %j",
    (answer) => {
      const memory = remembered(NOTHING_REMEMBERED, 7, BUSY, 0);
      expect(remembered(memory, 7, answer, 0)).toEqual(NOTHING_REMEMBERED);
    },
  );

  it("leaves everything else as it was", () => {
    const memory: ShellMemory = frozen({
      notJoined: [3],
      pinged: 4,
      lineFed: 0,
      shellReads: { end: 5, quietMs: 6 },
      stoodAt: 8,
      busy: undefined,
    });
    expect(remembered(memory, 7, BUSY, 0)).toMatchObject({
      notJoined: [3],
      pinged: 4,
      shellReads: { end: 5, quietMs: 6 },
    });
  });
});
