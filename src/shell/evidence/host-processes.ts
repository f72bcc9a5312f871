import { ANSWER } from "./kernel-query.ts";

/** One process as the host's kernel shows it; what is hidden from the asking user is undefined. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly pgrp: number;
  /** Undefined where the system does not say. */
  readonly session: number | undefined;
  /** Path of its terminal; undefined: it has none. */
  readonly tty: string | undefined;
  /** The terminal's foreground group. */
  readonly tpgid: number;
  /** `R`, `S`, `D`, `T`, `Z`, … */
  readonly state: string;
  readonly name: string;
  /** The kernel function it sleeps in. */
  readonly sleepsIn: string | undefined;
  /** It waits in a call on a descriptor that is its terminal, or another one. */
  readonly waitsOn: { readonly call: number; readonly terminal: boolean } | undefined;
  /** Where its stack is while it waits: the same whenever a program waits in the same place. */
  readonly at: string | undefined;
  /** It has a regular file open for reading only: of a shell, a script or a start-up file. */
  readonly readsFile: boolean | undefined;
  /** Its program is /bin/bash, whatever it is called. */
  readonly bash: boolean | undefined;
  /** The user whose rights it has now; undefined: the host does not say. */
  readonly owner?: number | undefined;
  /** Path of the file it runs, of those that were asked for; `other`: none of them; undefined: it may not be looked at. */
  readonly file?: string | undefined;
  /** When it was started, in ticks; 0: not known. */
  readonly startedAt: number;
  /** Where its stack began: the same in a process that was forked and runs the same program; undefined: hidden. */
  readonly stack: string | undefined;
  /** Its arguments, run together. */
  readonly args: string | undefined;
}

/** A terminal's modes; undefined where `stty` could not read them. */
export interface Modes {
  readonly lines: boolean | undefined;
  readonly echo: boolean | undefined;
  /** Enter ends a line; false: the carriage return it sends is read as it is. */
  readonly enterEnds: boolean | undefined;
  readonly keys: TerminalKeys;
}

/** Keys on which the terminal itself acts. */
export interface TerminalKeys {
  /** Interrupts what runs, as a byte; undefined: none does. */
  readonly interrupt: string | undefined;
  /** Empties a line that is being typed. */
  readonly kill: string | undefined;
  /** Characters of ordinary text among them, and what each of them does: a typed line does not arrive as it was typed. */
  readonly letters: readonly { readonly does: string; readonly char: string }[];
}

/** An answer to `kernelQuery`. */
export interface HostProcesses {
  readonly self: number;
  readonly parent: number;
  readonly user: string;
  readonly host: string;
  readonly processes: readonly Process[];
  readonly modes: ReadonlyMap<string, Modes>;
  /** False: the host has no stty. */
  readonly stty: boolean;
  /** False: there were more processes than are looked at. */
  readonly whole: boolean;
  /** What the login's start-up files printed before the answer. */
  readonly noise: boolean;
}

/** What the login's start-up files print may stand in the same row. */
const FIRST = new RegExp(`${ANSWER} (\\d+) (\\d+)\\r?\\n`);
const PROCESS = /^p (\S+)\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)\|(\d+) \((.*)\) (\S) ([-\d ]+)$/;
const BSD = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(.+?)\s*$/;

/** Reads an answer; undefined: it is none, or not whole. */
export function readAnswer(answer: string): HostProcesses | undefined {
  const first = FIRST.exec(answer);
  if (first === null) return undefined;
  const lines = answer.slice(first.index + first[0].length).split(/\r?\n/);
  const last = lines.lastIndexOf("end");
  if (last < 0) return undefined;
  const body = lines.slice(0, last);
  const bsd = body.includes("bsd");
  return {
    self: Number(first[1]),
    parent: Number(first[2]),
    user: wordOf(body, "u "),
    host: wordOf(body, "h "),
    processes: bsd ? body.flatMap((line) => bsdProcess(line) ?? []) : linuxProcesses(body),
    modes: modesOf(body),
    stty: !body.includes("nostty"),
    whole: !body.includes("more"),
    noise: answer.slice(0, first.index).trim() !== "",
  };
}

function wordOf(lines: readonly string[], key: string): string {
  return lines.find((line) => line.startsWith(key))?.slice(key.length) ?? "";
}

/** Rights and files of the programs in front stand in lines of their own. */
function linuxProcesses(lines: readonly string[]): Process[] {
  const owners = byPid(lines, /^e (\d+) (\d+)$/);
  const files = byPid(lines, /^x (\d+) (\S+)$/);
  return lines.flatMap((line) => {
    const process = linuxProcess(line);
    if (process === undefined) return [];
    const owner = owners.get(process.pid);
    return [
      {
        ...process,
        owner: owner === undefined ? undefined : Number(owner),
        file: files.get(process.pid),
      },
    ];
  });
}

function byPid(lines: readonly string[], form: RegExp): ReadonlyMap<number, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, pid, what] = form.exec(line) ?? [];
      return pid === undefined || what === undefined ? [] : [[Number(pid), what] as const];
    }),
  );
}

function linuxProcess(line: string): Process | undefined {
  const match = PROCESS.exec(line);
  if (match === null) return undefined;
  const [, tty, wchan, call, files, args, pid, name, state, rest = ""] = match;
  const fields = rest.trim().split(/ +/);
  const [ppid, pgrp, session, ttyNumber, tpgid] = fields.map(Number);
  const stack = fields[24];
  const [where = "", at] = (call ?? "").split("@");
  const [number, , which] = where.split(",");
  return {
    pid: Number(pid),
    ppid: ppid ?? 0,
    pgrp: pgrp ?? 0,
    session,
    tty: ttyNumber === 0 ? undefined : tty,
    tpgid: tpgid ?? -1,
    // Read before its call was: it was woken in between.
    state: call === "r" ? "R" : (state ?? ""),
    name: name ?? "",
    sleepsIn: wchan === "" || wchan === "0" ? undefined : wchan,
    waitsOn: which === undefined ? undefined : { call: Number(number), terminal: which === "t" },
    at,
    readsFile: files === "" ? undefined : files?.startsWith("y") === true,
    bash: files === "" ? undefined : files?.endsWith("b") === true,
    startedAt: Number(fields[18] ?? 0),
    stack: stack === "0" ? undefined : stack,
    args: args === "" ? undefined : args,
  };
}

function bsdProcess(line: string): Process | undefined {
  const match = BSD.exec(line);
  if (match === null) return undefined;
  const [, pid, ppid, pgrp, tpgid, tty, state, wchan, name] = match;
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgrp: Number(pgrp),
    session: undefined,
    tty: tty === undefined || /^(?:-|\?+|no)$/.test(tty) ? undefined : `/dev/${tty}`,
    tpgid: Number(tpgid),
    state: (state ?? "").charAt(0).replace("I", "S").replace("U", "D"),
    name: (name ?? "").replace(/^.*\//, ""),
    sleepsIn: wchan === "-" ? undefined : wchan,
    waitsOn: undefined,
    at: undefined,
    readsFile: undefined,
    bash: undefined,
    startedAt: 0,
    stack: undefined,
    args: undefined,
  };
}

function modesOf(lines: readonly string[]): Map<string, Modes> {
  const texts = new Map<string, string>();
  let tty: string | undefined;
  for (const line of lines) {
    const begins = /^t (\S+) (.*)$/.exec(line);
    if (begins) tty = begins[1];
    if (tty !== undefined) texts.set(tty, `${texts.get(tty) ?? ""}\n${begins ? begins[2] : line}`);
  }
  return new Map(
    [...texts].map(([name, text]) => [
      name,
      {
        lines: flag(text, "icanon"),
        echo: flag(text, "echo"),
        enterEnds: flag(text, "icrnl"),
        keys: keysOf(text),
      },
    ]),
  );
}

const KEYS = /^(?:intr|quit|erase|kill|eof|eol2?|swtch|start|stop|d?susp|rprnt|werase|lnext|discard|flush)$/;

/** `name = ^C;` of `stty -a`; `<undef>` is none. */
function keysOf(text: string): TerminalKeys {
  const keys = [...text.matchAll(/(?:^|[\s;])([a-z]\w+) = (\^.|[!-~ ])(?=;)/g)].map(
    ([, does = "", shown = ""]) => ({
      does,
      char:
        shown.length === 1
          ? shown
          : shown === "^?"
            ? "\u007f"
            : String.fromCharCode(shown.charCodeAt(1) & 31),
    }),
  );
  const of = (name: string) => keys.find(({ does }) => does === name)?.char;
  return {
    interrupt: flag(text, "isig") === false ? undefined : of("intr"),
    kill: of("kill"),
    letters: keys.filter(({ does, char }) => KEYS.test(does) && /[ -~]/.test(char)),
  };
}

/** A flag of `stty -a`: true, false when negated, undefined when absent. */
function flag(answer: string, name: string): boolean | undefined {
  const match = new RegExp(`(?:^|\\s)(-?)${name}(?=[\\s;]|$)`, "m").exec(answer);
  return match ? match[1] === "" : undefined;
}
