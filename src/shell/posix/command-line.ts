import type { ShellFamily } from "../record/shell-level.ts";
import { mayBeOpen } from "./open-text.ts";

/** What to type for one command, and the lines to send when the shell says it is ready for a long one. */
export interface TypedCommand {
  readonly line: string;
  readonly payload?: Buffer;
}

/** The shell that is typed into. */
export interface Reader {
  readonly family: ShellFamily;
  /** It has no `$'…'`. */
  readonly verbatim?: boolean;
  /** Its line editor may make something else of what is typed: the command goes past it. */
  readonly ownKeys?: boolean;
  /** `builtin` did not carry out an eval there: the bare name is tried. */
  readonly bare?: boolean;
  /** No descriptor may be free for a redirection. */
  readonly fewDescriptors?: boolean;
  /** `$-` and `$?` as its last marks gave them; the status is left out where keys were typed since. */
  readonly flags?: string;
  readonly status?: number;
  readonly label: string;
  readonly key: string;
}

/** Escaped commands longer than this are sent in lines instead: line editors of small shells are short. */
const LINE_LIMIT: Record<ShellFamily, number> = {
  bash: 1000,
  zsh: 1000,
  fish: 1000,
  restricted: 1000,
  ksh: 400,
  sh: 400,
};

/** Bytes of one line of a long command; the line discipline takes 4,095. */
const LONG_LINE = 1000;

/**
 * One framed command. The typed line is printable ASCII, so that no completion, history expansion or paste handling touches it;
 * where keys that print do something else, the command itself is read by the shell and not by its editor. It is quoted into the eval's own argument: nothing that prints can become part of it. Begin and end
 * mark stand in the same eval; docs/framing.md says why.
 */
export function commandLine(shell: Reader, id: number, text: string): TypedCommand {
  const { family } = shell;
  const body = framed(shell, id, text, statusOf(shell));
  const quoted = family === "fish" ? fishWord(body) : quote(shell, body);
  if (quoted !== undefined && !shell.ownKeys && quoted.length <= LINE_LIMIT[family])
    return { line: typed(shell, id, text, `${evalOf(shell)} ${quoted}`) };
  const long = framed(shell, id, text, "");
  const size = `${Buffer.byteLength(long)} ${[...long].length}`;
  const last = handsOn(shell, text) ? ` ${LAST}` : "";
  const line = typed(
    shell,
    id,
    text,
    `__m -l ${id} ${statusOf(shell)} ${size}${last};${evalOf(shell)} "$__mv"`,
    true,
  );
  return { line, payload: family === "fish" ? Buffer.from(long, "utf8") : longLines(shell, long) };
}

/** With traps on returns inherited or a trace on, nothing may run between the begin mark and the command: its status is given. */
function statusOf({ family, flags = "", status }: Reader): string {
  if (family === "fish") return "$status";
  // Where the prompt of a small shell failed, it has changed `$?`.
  return status !== undefined && (small(family) || /[Tx%]/.test(flags)) ? String(status) : '"$?"';
}

/** No bash, zsh or fish. */
const small = (family: ShellFamily) => family === "ksh" || family === "sh";

/** Reads an eval whole before it runs anything of it. */
const readsWhole = (family: ShellFamily) => family === "zsh" || family === "fish" || family === "ksh";

function framed(shell: Reader, id: number, text: string, status: string): string {
  const { family, key } = shell;
  if (family === "fish") return `__m -b ${id}\n${text}\n__m -e ${id} ${key}`;
  const command = endsOpen(text) ? `${evalOf(shell)} ${quote(shell, text) ?? "''"}` : text;
  return `${beginOf(shell, id, text, status)}\n${command}\n${endOf(shell, id, text)}`;
}

/** Behind `&&` a trap on errors does not take the status of the command before for a failure. */
function beginOf(shell: Reader, id: number, text: string, status: string): string {
  const { family, flags = "" } = shell;
  const last = handsOn(shell, text);
  const words: string[] = [];
  if (!readsWhole(family)) {
    words.push(status === "" ? "''" : status);
    // What is put back as it was: `T`, a trap on returns that functions inherit; `%`, an eval that is switched off.
    if (family !== "sh") words.push(prefixOf(shell) === "" ? "''" : flags.replace(/[^T%]/g, ""));
  }
  const kept = readsWhole(family) || status === "" || prefixOf(shell) !== "";
  if (last) words.push(kept ? SAVED[family] : LAST);
  while (!last && words.at(-1) === "''") words.pop();
  // Behind a `[[` without its end bash cannot read the next one (5.2); zsh may have it switched off.
  const nothing = family === "sh" ? `\\: ${LAST}` : family === "ksh" ? "[[ 1 ]]" : "((1))";
  return [`__m -b ${id}`, ...words].join(" ") + (status === "0" ? "" : `&&${nothing}`);
}

function endOf(shell: Reader, id: number, text: string): string {
  const { family, key } = shell;
  const last = handsOn(shell, text);
  const end = `__m -e ${id} ${key}`;
  // In a function of ksh93 a DEBUG trap has changed `$?`.
  // ksh93 and mksh look for jobs there, with a redirection.
  const jobs = family === "ksh" && !shell.fewDescriptors && !traced(shell, text) ? " j" : "";
  if (small(family)) return `${end} "$?"${last ? ` ${LAST}` : jobs}`;
  if (family === "zsh") return `${end}${last ? ` ${LAST}` : ""}`;
  const traces = mayTrace(shell, text);
  const asks = `${traces ? "T" : ""}${switches(shell, text) ? "E" : ""}`;
  const words = asks === "" ? (last ? [LAST] : []) : [last && !traces ? LAST : SAVED[family], asks];
  const before = traces ? `__mi[7]=$?$-${last ? " __mi[9]=$_" : ""};${own(shell)}set +T;` : "";
  return `${before}${[end, ...words].join(" ")}`;
}

/** `$_`, the last word of the command before. */
const LAST = '"${_-}"';
/** Where it is kept. */
const SAVED: Record<ShellFamily, string> = {
  bash: '"${__mi[9]-}"',
  restricted: '"${__mi[9]-}"',
  zsh: '"${__mu[1]-}"',
  ksh: "",
  sh: '"${__mu-}"',
  fish: "",
};

/** Builtins may be off behind it (`enable -n`): whether those that are needed are there is looked at. */
function switches({ flags = "" }: Reader, text: string): boolean {
  return /\b(?:enable|source)\b|(?:^|[;&|(\s])\.\s/.test(text) || flags.includes("%");
}

/** `$_` goes through our line; a trace would show it. What an eval does to it in ksh93 and mksh cannot be undone. */
function handsOn({ family, flags = "" }: Reader, text: string): boolean {
  return family !== "fish" && family !== "ksh" && !traced({ flags }, text);
}

/** A trace is on, or may be behind the command. */
function traced({ flags = "" }: Pick<Reader, "flags">, text: string): boolean {
  return flags.includes("x") || /\bset\s+[-A-Za-z\s]*x|xtrace/i.test(text);
}

/**
 * bash may inherit traps on returns (`set -T`) behind this command: they would be set off by our functions. A trace would show
 * how that is switched off.
 */
function mayTrace({ family, flags = "" }: Reader, text: string): boolean {
  if (family !== "bash" || flags.includes("x")) return false;
  return flags.includes("T") || /\bset\s+[-A-Za-z\s]*T|functrace|extdebug/.test(text);
}

/** Names a builtin of bash, zsh or a small shell past a function of that name. */
function own({ family, bare }: Reader): string {
  if (bare) return "\\";
  return small(family) ? "\\command " : "\\builtin ";
}

function evalOf({ family, bare }: Reader): string {
  if (family === "fish") return "eval";
  return small(family) || bare ? "\\eval" : "\\builtin eval";
}

function typed(shell: Reader, id: number, text: string, middle: string, long = false): string {
  const { family } = shell;
  const gone = goneMark(shell, id);
  const last = handsOn(shell, text) ? ` ${LAST}` : "";
  const begin = readsWhole(family) && !long ? `__m -a ${id} ${statusOf(shell)}${last};` : "";
  if (family === "fish") return ` ${begin}${middle};__m -x ${id} $status;or builtin ${gone};__m -s\r`;
  const status = mayTrace(shell, text)
    ? `__mi[7]=$?;${own(shell)}set +T;__m -x ${id} "\${__mi[7]}"`
    : `__m -x ${id} "$?"`;
  const put = last === "" ? "" : ` ${SAVED[family]}`;
  // Where Enter is a character (a terminal left in raw mode), it is an argument of its own; a line feed follows.
  const enter = small(family) ? " " : "";
  return ` ${prefixOf(shell)}${begin}${middle};${status}||${own(shell)}${gone};__m -s${put}&&${family === "ksh" ? "\\:" : `__m -q${last}`}${enter}\r`;
}

/** What has to be otherwise around our own line in bash, and is put back before the command. */
function prefixOf(shell: Reader): string {
  const { family, flags = "" } = shell;
  if (family !== "bash") return "";
  const evals = flags.includes("%") ? `${own(shell)}enable eval;` : "";
  return flags.includes("T") ? `${evals}${own(shell)}set +T;` : evals;
}

/** Prints that the framing's function is gone, by a variable where shells have some that are never exported: it is shorter. */
function goneMark({ family, label, key }: Reader, id: number): string {
  switch (family) {
    case "bash":
    case "restricted":
      return `printf "\${__mi[4]-}" G ${id}`;
    case "zsh":
      return `printf "\${__mz-}" G ${id}`;
    case "fish":
      return `printf "$__mz" G ${id}`;
    default:
      return `printf '\\033]7717;${label};G;${key};${id}\\007'`;
  }
}

/** One shell word that gives `text` back; undefined where it would hold what cannot be typed. */
function quote({ verbatim }: Reader, text: string): string | undefined {
  if (!verbatim) return `$'${escapePayload(text)}'`;
  if (/[^ -~\n]/.test(text)) return undefined;
  return `'${text.replaceAll("'", "'\\''").replaceAll("\n", "'\"$__mn\"'")}'`;
}

/**
 * May the text take what stands on the next line for a part of itself, or a shell that complains of it name what is ours? An
 * open here-document, quote or compound, or a trailing backslash. Such a command gets an eval of its own.
 */
function endsOpen(text: string): boolean {
  if (mayBeOpen(text)) return true;
  const lines = text.split("\n");
  const wanted: string[] = [];
  for (const line of lines) {
    if (wanted.length > 0) {
      if (line === wanted[0] || line.replace(/^\t+/, "") === wanted[0]) wanted.shift();
      continue;
    }
    for (const match of line.matchAll(/<<-?\s*(?:(["']?)([A-Za-z0-9_]+)\1(?=[\s;|&)<>]|$))?/g))
      wanted.push(match[2] ?? "\0");
  }
  return wanted.length > 0;
}

/**
 * The lines of a long command, each harmless where it would be run. `#` and escaped text, then `#.`; in a shell without
 * `$'…'`: `#+` text, `#-` text and a line feed, `#*` escaped text.
 */
function longLines({ verbatim }: Reader, text: string): Buffer {
  const lines: string[] = [];
  if (!verbatim) {
    const pieces = escapePayload(text).match(/(?:\\...|[^\\]){1,250}/g) ?? [];
    lines.push(...pieces.map((piece) => `#${piece}`));
  } else {
    const rows = text.split("\n");
    rows.forEach((row, index) => {
      const pieces = row.match(new RegExp(`.{1,${LONG_LINE / 4}}`, "gsu")) ?? [""];
      pieces.forEach((piece, at) => {
        const last = at === pieces.length - 1 && index < rows.length - 1;
        if (/[\u0000-\u001f\u007f]/.test(piece)) {
          lines.push(`#*${escapePayload(piece)}`);
          if (last) lines.push("#-");
        } else lines.push(`#${last ? "-" : "+"}${piece}`);
      });
    });
  }
  return Buffer.from(`${lines.join("\n")}\n#.\n`, "utf8");
}

/** One word for fish; outside quotes it knows escapes of any byte. */
function fishWord(text: string): string {
  let word = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const char = String.fromCharCode(byte);
    word += /[A-Za-z0-9._/:@+-]/.test(char)
      ? char
      : char === " "
        ? "\\ "
        : `\\X${byte.toString(16).padStart(2, "0")}`;
  }
  return word;
}

/** Bytes outside the plain set as `\ooo`, which `$'…'` and printf(1) of every shell give back unchanged. */
export function escapePayload(text: string): string {
  let escaped = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const char = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9 ._/=:,+@-]/.test(char) && !(escaped === "" && char === "-");
    escaped += plain ? char : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return escaped;
}
