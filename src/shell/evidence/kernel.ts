import type { HostProcesses, Modes, Process, TerminalKeys } from "./host-processes.ts";
import { isShell } from "./shells.ts";

/** Who has the terminal: the foreground job, on the terminal it really reads. */
export interface Front {
  readonly pid: number;
  readonly program: string;
  /** Where its stack began: another one after each exec. */
  readonly stack?: string | undefined;
  /** Where its stack is while it waits. */
  readonly at?: string | undefined;
  /** It is the only process of its job. */
  readonly alone: boolean;
  /** By its name a shell that takes commands from the terminal, and not from an argument or a file. */
  readonly shell: boolean;
  /** It has a regular file open for reading only: a shell still runs a script or its start-up files. */
  readonly readsFile: boolean | undefined;
  /** Whatever it is called, its program is bash. */
  readonly bash: boolean;
  /** On another terminal than the login shell, which a program inside made (sudo, script). */
  readonly inner: boolean;
  /** The user whose rights it has now. */
  readonly owner?: number | undefined;
  /** The file it runs, of those that were asked for; `other`: none of them; undefined: not known. */
  readonly file?: string | undefined;
  /** A terminal multiplexer: what it shows is its own screen. */
  readonly multiplexer: boolean;
  /** What waits is behind it, on another system or out of sight. */
  readonly relay: boolean;
}

export interface Seen {
  readonly program: string;
  /** A shell that carries our hooks is in front, alone, and still the program it was. */
  readonly shellInFront: boolean;
  /**
   * What our shell in front reads. `command`: it waits where it did at its prompt. `builtin`: a line, while at its prompt it
   * reads keys (`read`). Undefined: not to be told.
   */
  readonly reads?: "command" | "builtin" | undefined;
  /** Our shell in front takes Enter for a character: the terminal was left so, and no line editor is on. */
  readonly wantsLineFeed?: boolean | undefined;
  readonly front?: Front;
}

/** What the remote kernel says about the terminal's foreground job. */
export type KernelEvidence = Waiting & {
  /** Processes on the terminal that are stopped. */
  readonly stopped?: readonly number[];
  /** What the terminal acts on itself, where `stty` says it; `lines`: while it is in line mode. */
  readonly keys?: TerminalKeys & { readonly lines: boolean };
};

type Waiting =
  /** A secret is being read: line mode without echo. */
  | ({ readonly waiting: "secret" } & Seen)
  /** A line is being read; `unseen`: whether what is typed shows is not known, for want of stty. */
  | ({ readonly waiting: "line"; readonly unseen?: true } & Seen)
  /** A program with its own line editor or full screen waits for keys. */
  | ({ readonly waiting: "keys" } & Seen)
  | ({ readonly waiting: "no" } & Seen)
  /** It waits to print, which the terminal does not take: its output is stopped (Ctrl-S). */
  | ({ readonly waiting: "held" } & Seen)
  /**
   * The kernel could not be asked or hides what it knows. `noShell`: what the login runs has taken the question and answered
   * like no shell (a forced command, a command line of its own).
   */
  | { readonly waiting: "unknown"; readonly front?: Front; readonly noShell?: true };

/** Kernel functions a process sleeps in while it waits for a terminal to give it something (Linux; `ttyin`: BSD). */
const READS_TERMINAL = /^(?:wait_woken|n_tty_read|tty_read|read_chan|ttyin)/;
const WAITS_FOR_EVENTS =
  /^(?:wait_woken|n_tty_read|ttyin|do_sys_poll|do_poll|poll|select|kqread|poll_schedule_timeout|do_select|core_sys_select|ep_poll|do_epoll_wait|futex_wait|futex_do_wait|do_sigtimedwait|sigsuspend|do_sigsuspend|pause)/;

/** Asleep for another reason than the terminal: a timer, a pipe, the network. */
const BUSY =
  /^(?:hrtimer_nanosleep|do_nanosleep|nanosleep|nanslp|anon_pipe_|pipe_|piperd|sk_wait_data|inet_csk_accept)/;

/** It runs, is in the middle of a call that cannot be broken off, or is held by a tracer. */
const BUSY_STATES = new Set(["R", "D", "t"]);

/** BusyBox ash polls for the line its `read` wants; a shell alone in front has no other reason to poll. */
const POLLS = /^(?:do_sys_poll|do_poll|poll|select|poll_schedule_timeout|do_select)/;

/** `read` on x86-64, on most 32-bit systems, on arm64 and riscv; other calls of these numbers do not wait on a terminal. */
const READ_CALLS = new Set([0, 3, 63]);

/** `write` on x86-64, on most 32-bit systems, on arm64 and riscv, and `writev`; nothing else of these numbers waits on a terminal. */
const WRITE_CALLS = new Set([1, 4, 64, 20, 66, 146]);

/** Programs that only pass bytes on: what waits is behind them, out of this kernel's sight. */
const RELAYS = new Set([
  "ssh",
  "dbclient",
  "telnet",
  "mosh-client",
  "docker",
  "podman",
  "kubectl",
  "lxc-attach",
  "incus",
  "lxc",
  "machinectl",
  "vagrant",
  "script",
  "sudo",
  "su",
  "doas",
  "picocom",
  "minicom",
  "cu",
  "nsenter",
]);
const MULTIPLEXERS = new Set([
  "tmux",
  "tmux: client",
  "screen",
  "zellij",
  "dvtm",
  "dtach",
  "abduco",
  "byobu",
]);

/** How deep terminals inside terminals are followed. */
const MOST_TERMINALS = 8;

/**
 * Shells that carry our hooks, by process id: their terminal, and what of the program in which the hooks were set was seen.
 * `exec` keeps the process and changes the program; `stack` is another one even for the same program.
 */
export type OurShells = ReadonlyMap<number, OurShell>;

interface OurShell {
  readonly tty: string;
  readonly program: string | undefined;
  readonly stack?: string | undefined;
  /** At its prompt: where its stack was, and whether it read keys there. */
  readonly at?: string | undefined;
  readonly edits?: boolean | undefined;
}

/** Which login on its connection this is, of those whose shells are not known: in the order in which they were begun. */
export interface Turn {
  readonly others: ReadonlySet<number>;
  readonly index: number;
  readonly of: number;
}

/**
 * The login shell of this session: known by its pid, else among the unknown children of the server's process that have a
 * terminal, which were started in the order of their logins. Undefined where there are more or fewer of them than logins.
 */
export function loginShell(host: HostProcesses, known: number | undefined, turn: Turn): Process | undefined {
  if (known !== undefined) return host.processes.find(({ pid }) => pid === known);
  const below = (pid: number, tty: string | undefined, deep: number): Process[] =>
    deep > 4
      ? []
      : host.processes
          .filter(
            (process) => process.ppid === pid && process.pid !== host.self && !turn.others.has(process.pid),
          )
          .flatMap((process) =>
            process.tty !== undefined && process.tty !== tty ? [process] : below(process.pid, tty, deep + 1),
          );
  const tty = host.processes.find(({ pid }) => pid === host.parent)?.tty;
  const shells = below(host.parent, tty, 0).sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  return shells.length === turn.of ? shells[turn.index] : undefined;
}

/** Judges who has the terminal of `login`, and what is stopped there. */
export function judgeKernel(host: HostProcesses, login: Process, shells: OurShells): KernelEvidence {
  const evidence = judgeFront(host, login, shells);
  const modes = login.tty === undefined ? undefined : host.modes.get(login.tty);
  return {
    ...evidence,
    ...(host.whole ? { stopped: stoppedOn(host, login) } : {}),
    ...(modes?.lines === undefined ? {} : { keys: { ...modes.keys, lines: modes.lines } }),
  };
}

/** Jobs of the shells on the login's terminal that a signal or Ctrl-Z has stopped. */
function stoppedOn({ processes }: HostProcesses, { tty, pid: shell }: Process): number[] {
  return processes
    .filter((process) => process.state === "T" && process.tty === tty && process.pid !== shell)
    .map(({ pid }) => pid);
}

function judgeFront(host: HostProcesses, login: Process, shells: OurShells): KernelEvidence {
  const whole = jobInFront(host, login);
  if (whole === undefined) return { waiting: "unknown" };
  const job = withoutHelpers(whole, host);
  const first = job.at(-1);
  if (first === undefined) return { waiting: "unknown" };
  const front = frontOf(job, first, host, login);
  if (!host.whole) return { waiting: "unknown", front };
  const program = first.name;
  const ours = shells.get(first.pid);
  const same =
    ours !== undefined &&
    ours.tty === first.tty &&
    (ours.program ?? program) === program &&
    (ours.stack ?? first.stack) === first.stack;
  const shellInFront = job.length === 1 && same;
  const modes = first.tty === undefined ? undefined : host.modes.get(first.tty);
  const reads = shellInFront && ours !== undefined ? readsWhat(first, ours, modes) : undefined;
  const wantsLineFeed = shellInFront && modes !== undefined && takesEnterAsText(first, ours, modes);
  const seen = { program, shellInFront, front, reads, wantsLineFeed };
  return judgeJob(job, seen, modes, front);
}

function readsWhat(first: Process, ours: OurShell, modes: Modes | undefined): Seen["reads"] {
  if (first.at !== undefined && first.at === ours.at) return "command";
  return ours.edits === true && modes?.lines === true ? "builtin" : undefined;
}

/** A line editor switches the translation of Enter off itself; what waits elsewhere than at its prompt is none. */
function takesEnterAsText(first: Process, ours: OurShell, { lines, enterEnds }: Modes): boolean {
  if (enterEnds !== false) return false;
  return lines === true || ours.edits === false || (first.at !== undefined && first.at !== ours.at);
}

function judgeJob(
  job: readonly Process[],
  seen: Seen,
  modes: Modes | undefined,
  front: Front,
): KernelEvidence {
  if (job.some(({ state }) => BUSY_STATES.has(state))) return { waiting: "no", ...seen };
  if (job.some(waitsToPrint)) return { waiting: "held", ...seen };
  const lines = modes?.lines;
  const hidden = job.every(({ sleepsIn, waitsOn }) => sleepsIn === undefined && waitsOn === undefined);
  const reads = job.some((process) => readsTerminal(process));
  const polled = job.some(({ sleepsIn }) => POLLS.test(sleepsIn ?? ""));
  const polls = polled && seen.shellInFront;
  // BusyBox ash polls before it reads: so does its subshell, which has no line editor.
  const [only] = job;
  const inside =
    polled && job.length === 1 && only !== undefined && !front.shell && isShell(only.name, only.args);
  if (lines === undefined || modes?.echo === undefined) {
    if (front.relay || front.multiplexer) return { waiting: "unknown", front };
    if (reads || (inside && !polls)) return { waiting: "line", unseen: true, ...seen };
    if (polls) return { waiting: "keys", ...seen };
    if (!hidden && job.every(({ sleepsIn }) => BUSY.test(sleepsIn ?? ""))) return { waiting: "no", ...seen };
    return { waiting: "unknown", front };
  }
  if (!lines && (front.relay || front.multiplexer)) return { waiting: "unknown", front };
  if (lines && !modes.echo) {
    // sudo and su belong to root, who may hide where they sleep; only what plainly does something else is not asking.
    const plainlyBusy = job.every(({ sleepsIn }) => BUSY.test(sleepsIn ?? ""));
    return { waiting: plainlyBusy ? "no" : "secret", ...seen };
  }
  if (!lines) {
    const waits = hidden || job.some(waitsForKeys);
    return { waiting: waits ? "keys" : "no", ...seen };
  }
  if (hidden) return { waiting: "unknown", front };
  return { waiting: reads || polls || inside ? "line" : "no", ...seen };
}

/** It waits until its terminal takes what it prints. */
function waitsToPrint({ waitsOn }: Process): boolean {
  return waitsOn?.terminal === true && WRITE_CALLS.has(waitsOn.call);
}

/** It may be waiting for keys. A shell that waits for another process (fish: in a lock) reads none. */
function waitsForKeys(process: Process): boolean {
  const sleepsIn = process.sleepsIn ?? "";
  if (!isShell(process.name, process.args)) return WAITS_FOR_EVENTS.test(sleepsIn);
  return READS_TERMINAL.test(sleepsIn) || POLLS.test(sleepsIn);
}

/** `edits`: its terminal is in the mode of a line editor, which may poll. */
function readsItself(process: Process, edits: boolean): boolean {
  return readsTerminal(process) || (edits && POLLS.test(process.sleepsIn ?? ""));
}

/** It waits for its terminal to give it something, and for nothing else. */
function readsTerminal({ sleepsIn, waitsOn }: Process): boolean {
  if (waitsOn !== undefined && !waitsOn.terminal && READ_CALLS.has(waitsOn.call)) return false;
  if (sleepsIn !== undefined) return READS_TERMINAL.test(sleepsIn);
  return waitsOn?.terminal === true && READ_CALLS.has(waitsOn.call);
}

/**
 * The foreground job of the login shell's terminal; where a process of it has made another terminal, whose job is in front
 * there. Undefined: there is none, or more than one terminal.
 */
function jobInFront({ processes, modes }: HostProcesses, login: Process): Process[] | undefined {
  let leader = login;
  for (let deep = 0; deep < MOST_TERMINALS; deep++) {
    const job = processes.filter(
      ({ tty, pgrp, state }) => tty === leader.tty && pgrp === leader.tpgid && state !== "Z" && state !== "X",
    );
    // A shell that reads itself is in front, whatever terminals its helpers have (the workers of zsh's prompt frameworks).
    const edits = leader.tty !== undefined && modes.get(leader.tty)?.lines === false;
    if (job.some((process) => isShell(process.name, process.args) && readsItself(process, edits))) return job;
    const inner = innerLeaders(processes, job, leader.tty);
    const [next, second] = inner;
    if (next === undefined) return job.length === 0 ? undefined : job;
    if (second !== undefined && second.tty !== next.tty) return undefined;
    leader = next;
  }
  return undefined;
}

/** The topmost processes below a job that are on another terminal. */
function innerLeaders(
  processes: readonly Process[],
  job: readonly Process[],
  tty: string | undefined,
): Process[] {
  const found: Process[] = [];
  const visited = new Set(job.map(({ pid }) => pid));
  const queue = [...visited];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift())
    for (const process of processes) {
      if (process.ppid !== pid || visited.has(process.pid)) continue;
      visited.add(process.pid);
      if (process.tty !== undefined && process.tty !== tty) found.push(process);
      else queue.push(process.pid);
    }
  return found;
}

/** A line editor that waits for keys, alone: what it has started beside itself does not read (fish reads manual pages so). */
function withoutHelpers(job: Process[], host: HostProcesses): Process[] {
  const [leader, ...others] = [...job].sort((a, b) => Number(b.pid === b.pgrp) - Number(a.pid === a.pgrp));
  if (leader === undefined || others.length === 0 || !isShell(leader.name, leader.args)) return job;
  const lines = leader.tty === undefined ? undefined : host.modes.get(leader.tty)?.lines;
  const edits = lines === false && (POLLS.test(leader.sleepsIn ?? "") || readsTerminal(leader));
  return edits && !others.some(readsTerminal) ? [leader] : job;
}

/** It was forked from a shell below it and runs that shell's code: a subshell, which has no prompt of its own. */
function isSubshell(process: Process, { processes }: HostProcesses): boolean {
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  for (let above = byPid.get(process.ppid); above !== undefined; above = byPid.get(above.ppid)) {
    if (process.stack !== undefined && above.stack === process.stack) return true;
    if (above.ppid === above.pid) return false;
  }
  return false;
}

function frontOf(job: readonly Process[], first: Process, host: HostProcesses, login: Process): Front {
  return {
    pid: first.pid,
    program: first.name,
    stack: first.stack,
    at: first.at,
    alone: job.length === 1,
    shell: job.length === 1 && isShell(first.name, first.args) && !isSubshell(first, host),
    readsFile: first.readsFile,
    bash: first.bash === true,
    inner: first.tty !== login.tty,
    owner: first.owner,
    file: first.file,
    multiplexer: job.some(({ name }) => MULTIPLEXERS.has(name)),
    relay: job.some(({ name }) => RELAYS.has(name)),
  };
}

/**
 * Whether the terminal shows what is typed: line mode says it plainly. A program that reads key by key shows what it likes,
 * and so does one without a terminal whose modes can be read: unknown.
 */
export function kernelEcho(host: HostProcesses, login: Process): "on" | "off" | "unknown" {
  const tty = jobInFront(host, login)?.at(-1)?.tty;
  const modes = tty === undefined ? undefined : host.modes.get(tty);
  if (modes?.lines !== true || modes.echo === undefined) return "unknown";
  return modes.echo ? "on" : "off";
}
