import type { Action, SessionFacts, Target, Verb } from "../../base/contract/action.ts";
import { IN_THE_MAKING } from "../arrivals.ts";
import type { Passage, Step } from "../step.ts";

/** A row that asks for something nobody but its owner may read, in the words of the systems we know. */
const LOOKS_SECRET = /pass(word|phrase|code)?\b|\bpin\b|secret|verification|token|\botp\b/i;

/** States in which no program reads: what is typed goes to a command line. */
const AT_PROMPT: ReadonlySet<string> = new Set(["prompt", "unsent"]);

/** As much output as is searched for the echo of what was typed: it comes first. */
const ECHO_BYTES = 16 * 1024;

type May = "yes" | "no" | "unknown";

/** What of a typed text was recorded at first, and where the output began behind it. */
interface Withheld {
  readonly from: number;
  /** Its lines; the first may be known already. */
  readonly lines: readonly RecordedLine[];
}

/** Decides how much of a typed text the audit log may hold. A lost word in the log is better than a password in it. */
export function redaction(): Step {
  const withheld = new WeakMap<Passage, Withheld>();
  return {
    name: "redaction",
    async before(passage) {
      const { action, target } = passage;
      const text = textOf(action);
      if (text === undefined) return;
      if (action.verb !== "type" && action.verb !== "run") {
        passage.recordable = () => text;
        return;
      }
      const asked = target?.session;
      const answer = await mayRecord(asked, target);
      passage.recordable = () => {
        const may = stillMay(answer, asked, target?.terminal?.facts?.() ?? asked, action.verb);
        const lines = action.verb === "type" ? typedLines(action.shown, may) : [{ text, end: "", may }];
        if (target?.terminal !== undefined && lines.some((line) => line.may === "unknown"))
          withheld.set(passage, { from: target.terminal.end, lines });
        return recorded(lines);
      };
    },
    async done(passage) {
      const { action, target } = passage;
      const before = withheld.get(passage);
      if (before === undefined || target?.terminal === undefined) return;
      // A shell took it for a command at its prompt, so it is one.
      if (action.verb === "run") passage.echoed = action.command;
      if (action.verb !== "type") return;
      // The terminal showed it, so it is no secret: it may be recorded after all.
      const to = Math.min(target.terminal.end, before.from + ECHO_BYTES);
      // Unreadable output shows nothing: the text stays unrecorded.
      const { lines: rows } = await target.terminal.text(before.from, to).catch(() => ({ lines: [] }));
      const lines = before.lines.map((line, index) =>
        line.may === "unknown" && showed(rows, line.text, index > 0)
          ? { ...line, may: "yes" as const }
          : line,
      );
      if (lines.some(({ may }, index) => may !== before.lines[index]?.may)) passage.echoed = recorded(lines);
    },
  };
}

/** One line of a typed text with what ends it, and whether it may be recorded. */
interface RecordedLine {
  readonly text: string;
  readonly end: string;
  readonly may: May;
}

/** What ends a line in a text, and in keys by their names. */
const LINE_ENDS = /(\r\n?|\n|<(?:[SMC]-)?(?:Enter|CR|Return|Ret|NL|LF|Newline)>|<C-[mjo]>)/i;

/** Each line for itself: what reads those behind the first is not known before the first has been entered. */
function typedLines(shown: string, first: May): RecordedLine[] {
  const parts = shown.split(LINE_ENDS);
  const lines: RecordedLine[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const text = parts[at] ?? "";
    lines.push({ text, end: parts[at + 1] ?? "", may: at === 0 ? first : text === "" ? "yes" : "unknown" });
  }
  return lines;
}

function recorded(lines: readonly RecordedLine[]): string {
  return lines.map(({ text, end, may }) => `${may === "yes" ? text : hidden(text, may)}${end}`).join("");
}

function hidden(text: string, may: May): string {
  return may === "no" ? "[secret]" : unrecordedText(text);
}

/** What the log holds of an act that was refused before it was decided how much of it may be recorded. */
export function undecidedText(action: Action): string | undefined {
  const text = textOf(action);
  return action.verb === "type" || action.verb === "run" ? text && unrecordedText(text) : text;
}

function unrecordedText(text: string): string {
  return `[unrecorded, ${[...text].length} chars]`;
}

function textOf(action: Action): string | undefined {
  switch (action.verb) {
    case "run":
    case "exec":
      return action.command;
    case "type":
      return action.shown;
    case "interrupt":
      return keyName(action.bytes);
    case "open":
      return action.lines?.map(({ text }) => text).join("\n");
    case "file":
      return `${action.op} ${action.path}`;
    default:
      return undefined;
  }
}

/** May what is typed there be recorded? The terminal is asked where the state does not tell. */
async function mayRecord(session: SessionFacts | undefined, target: Target | undefined): Promise<May> {
  if (session === undefined || AT_PROMPT.has(session.state)) return "yes";
  if (asksSecret(session)) return "no";
  if (IN_THE_MAKING.has(session.state)) return "unknown";
  // A terminal that cannot be asked is one of which nothing is known.
  const echo = (await target?.terminal?.echo().catch(() => "unknown")) ?? "unknown";
  return echo === "on" ? "yes" : echo === "off" ? "no" : "unknown";
}

/** The answer as it is worth now: what was asked about may have begun to ask for a secret, or have made way for another. */
function stillMay(
  answer: May,
  asked: SessionFacts | undefined,
  now: SessionFacts | undefined,
  verb: Verb,
): May {
  if (asked === undefined || now === undefined || same(asked, now)) return answer;
  if (!AT_PROMPT.has(now.state)) return asksSecret(now) ? "no" : "unknown";
  // Keys that were meant for a program may be a password that it asked for; a command is one.
  return AT_PROMPT.has(asked.state) || verb === "run" ? "yes" : answer === "no" ? "no" : "unknown";
}

function same(one: SessionFacts, other: SessionFacts): boolean {
  return (
    one.life === other.life &&
    one.state === other.state &&
    one.command === other.command &&
    one.row === other.row &&
    one.asked === other.asked
  );
}

function asksSecret({ state, asked, row = "" }: SessionFacts): boolean {
  if (asked === "password" || LOOKS_SECRET.test(row)) return true;
  return state === "asking" && asked === undefined;
}

/**
 * Are these rows the echo of what was typed? An echo of the first line comes first, on the very row, that of a later one
 * behind a prompt: a password that happens to be part of what the program answers (`Last login: root`) is not shown by it.
 */
function showed(rows: readonly string[], shown: string, later: boolean): boolean {
  const typed = printable(shown);
  const beginning = typed.slice(0, BEGINNING);
  if (beginning === "") return false;
  if (later)
    return rows.some((row, index) => begins(row, beginning) && rows.slice(index).join("").includes(typed));
  const [first = ""] = rows;
  return first.trimStart().startsWith(beginning) && rows.join("").includes(typed);
}

/** Does a row begin with this, or with a prompt and this? */
function begins(row: string, beginning: string): boolean {
  const at = row.indexOf(beginning);
  return at === 0 || (at > 0 && /[$#%>:?\])❯»] ?$/.test(row.slice(0, at)));
}

/** As much of a line as is sure to fit on one row. */
const BEGINNING = 15;

/** What a terminal that echoes shows of what is typed: no keys by their names, no control characters. */
function printable(typed: string): string {
  return typed.replace(/<[A-Za-z][\w-]*>/g, "").replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
}

/** A single control character by the name ssh_send has for it. */
function keyName(bytes: Buffer): string {
  const [code] = bytes;
  if (bytes.length === 1 && code !== undefined && code >= 1 && code <= 26)
    return `<C-${String.fromCharCode(code + 96)}>`;
  return bytes.equals(Buffer.from([0x1b])) ? "<Esc>" : "interrupt key";
}
