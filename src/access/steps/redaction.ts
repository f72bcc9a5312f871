import stripAnsi from "strip-ansi";
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

/** Decides how much of a typed text the audit log may hold. A lost word in the log is better than a password in it. */
export function redaction(): Step {
  /** Where the output began behind what was left unrecorded. */
  const unrecorded = new WeakMap<Passage, number>();
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
        if (may === "unknown" && target?.terminal !== undefined) unrecorded.set(passage, target.terminal.end);
        return may === "yes" ? text : may === "no" ? "[secret]" : unrecordedText(text);
      };
    },
    async done(passage) {
      const from = unrecorded.get(passage);
      const { action, target } = passage;
      if (from === undefined || target?.terminal === undefined) return;
      // A shell took it for a command at its prompt, so it is one.
      if (action.verb === "run") passage.echoed = action.command;
      if (action.verb !== "type") return;
      // The terminal showed it, so it is no secret: it may be recorded after all.
      const to = Math.min(target.terminal.end, from + ECHO_BYTES);
      // Unreadable output shows nothing: the text stays unrecorded.
      const { lines } = await target.terminal.text(from, to).catch(() => ({ lines: [] }));
      if (showed(lines, action.bytes)) passage.echoed = action.shown;
    },
  };
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
 * Are these rows the echo of what was typed? An echo comes first, on the very row: a password that happens to be part of what
 * the program answers (`Last login: root`) is not shown by it.
 */
function showed([first = "", ...rest]: readonly string[], bytes: Buffer): boolean {
  const typed = bytes.toString("utf8");
  const beginning = printable(typed.split("\r", 1).join("")).slice(0, BEGINNING);
  return (
    beginning !== "" &&
    first.trimStart().startsWith(beginning) &&
    [first, ...rest].join("").includes(printable(typed))
  );
}

/** As much of a line as is sure to fit on one row. */
const BEGINNING = 15;

/** What a terminal that echoes shows of what is typed: no key sequences, no control characters. */
function printable(typed: string): string {
  return stripAnsi(typed.replace(/\u001bO[A-Za-z]/g, "")).replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
}

/** A single control character by the name ssh_send has for it. */
function keyName(bytes: Buffer): string {
  const [code] = bytes;
  if (bytes.length === 1 && code !== undefined && code >= 1 && code <= 26)
    return `<C-${String.fromCharCode(code + 96)}>`;
  return bytes.equals(Buffer.from([0x1b])) ? "<Esc>" : "interrupt key";
}
