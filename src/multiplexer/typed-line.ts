import type { Entered, SessionFacts } from "../base/contract/action.ts";
import type { Put } from "../shell/pty/put.ts";
import { ENTERS, PASTED } from "../terminal/entered-text.ts";
import { DISCARDS, EMPTY_LINE, edited } from "../terminal/line-edit.ts";
import type { ScreenView } from "../terminal/types.ts";

/** A longer line is not kept; what it holds is then read off the screen. */
const MAX_CHARS = 16 * 1024;

/** Where a prompt may end, for a line that is only known from the screen. */
const PROMPT_ENDS = /[$#%>:❯»\]]\s*/g;

/** Reads a shell or a device, whose lines are commands? There alone a line that is not known may not be entered. */
const LINE_STATES: ReadonlySet<string> = new Set(["prompt", "unsent"]);
const LINE_QUESTIONS: ReadonlySet<string> = new Set(["shell", "line", "repl", "continuation"]);

/** What is behind the keys, as a terminal shows it. */
export interface Surface {
  readonly facts: SessionFacts;
  readonly screen: ScreenView;
  /** Transcript cursor: it grows when something is drawn. */
  readonly end: number;
}

/**
 * The line in the making on one terminal, from all keys that were typed since the last Enter. As long as they were text,
 * Backspace and Ctrl-U it is known exactly; behind any other key (history, completion, cursor) the screen alone knows.
 */
export class TypedLine {
  #typed = "";
  #edited = false;
  /** What reads the line: keys that were typed for a program may be found on the shell's line behind it. */
  #reader: string | undefined;
  /** An Escape alone came: what follows may be a command of the line editor, until the line is over. */
  #meta = false;
  /** The row on which it began; undefined: typed before its prompt was there. */
  #prompt: string | undefined;
  /** Transcript cursor when the last key was typed on a line that the screen alone can tell. */
  #editedAt = -1;

  /** Told of every write; `end`: the transcript cursor then. */
  put({ reason, bytes, permit }: Put, end: number): void {
    if (reason.as === "page" || reason.as === "reply" || reason.as === "status") return;
    if (reason.as !== "keys" || bytes === undefined) {
      this.#clear();
      return;
    }
    if (permit.at !== undefined) this.#readBy(permit.at);
    const pieces = linesIn(bytes);
    const last = pieces.pop() ?? "";
    if (pieces.length > 0 || permit.at?.asked === "password") this.#clear();
    if (permit.at?.asked === "password") {
      // Kept nowhere; where nobody enters it, it may yet be found on a command line.
      this.#edited = last !== "";
      this.#editedAt = end;
      return;
    }
    const line = edited({ typed: this.#typed, known: !this.#edited }, last);
    if (!line.known) this.#editedAt = end;
    this.#meta ||= /\u001b$/.test(last);
    this.#edited = !line.known || line.typed.length > MAX_CHARS;
    this.#typed = this.#edited ? "" : line.typed;
  }

  /** The lines these keys would enter. Asked of all keys before they are typed: where a line begins, its prompt is learned. */
  entered(bytes: Buffer, surface: Surface): Entered {
    const { facts, screen } = surface;
    this.#readBy(facts);
    if (this.#typed === "" && !this.#edited) {
      this.#prompt = facts.state === "unsent" ? undefined : screen.cursorText;
      // Text is there that no key of ours typed.
      if (facts.state === "unsent") this.#edited = true;
    }
    const [first = "", ...rest] = linesIn(bytes);
    // What is behind the last Enter is not entered.
    rest.pop();
    const before = this.#edited ? {} : { before: this.#typed };
    if (facts.asked === "password" || screen.alternate) return { ...NOTHING, ...before };
    if (!hasEnter(bytes))
      return this.#runsSomething(first) && readsLines(facts) ? UNKNOWN : { ...NOTHING, ...before };
    const more = rest.map((piece) => edited(EMPTY_LINE, piece));
    const now = edited({ typed: this.#typed, known: !this.#edited }, first);
    const plain = edited(EMPTY_LINE, first);
    const drawn = surface.end > this.#editedAt;
    const fromScreen = this.#edited && plain.known && !DISCARDS.test(first);
    const seen = now.known ? { lines: [now.typed], whole: true } : this.#onScreen(screen, plain.typed);
    const known = (now.known || (fromScreen && drawn && seen.whole)) && more.every((line) => line.known);
    return {
      lines: [...seen.lines, ...more.map(({ typed }) => typed)],
      ...(seen.lines.length === 1 ? {} : { readings: seen.lines.length }),
      unknown: !known && readsLines(facts),
      ...before,
    };
  }

  /** Do keys without an Enter run something? A Tab may expand a substitution; Meta and Ctrl-X are commands of the line editor. */
  #runsSomething(keys: string): boolean {
    if (this.#meta && !INTERRUPTS.test(keys)) return true;
    if (COMMANDS.test(keys)) return true;
    const tab = keys.indexOf("\t");
    if (tab < 0) return false;
    const line = edited({ typed: this.#typed, known: !this.#edited }, keys.slice(0, tab));
    return !line.known || SUBSTITUTES.test(line.typed);
  }

  /** Whoever reads now: a line that was begun for another is not known. */
  #readBy(facts: SessionFacts): void {
    const reader = LINE_STATES.has(facts.state) ? "" : `#${facts.command}`;
    if (this.#reader !== undefined && reader !== this.#reader && this.#typed !== "") {
      this.#typed = "";
      this.#edited = true;
      this.#prompt = undefined;
    }
    this.#reader = reader;
  }

  #clear(): void {
    this.#typed = "";
    this.#edited = false;
    this.#prompt = undefined;
    this.#editedAt = -1;
    this.#meta = false;
  }

  /**
   * Every line that the row may stand for: the keys at the cursor or at its end, with and without what may be its prompt.
   * `whole`: its prompt is where it was, and nothing of the line can be out of sight.
   */
  #onScreen({ cursorText: left, rows, wrapped = [], cursor, size, stale }: ScreenView, keys: string) {
    let right = (rows[cursor.row] ?? "").slice(cursor.col);
    let last = cursor.row;
    while (wrapped.includes(last + 1)) right += rows[++last] ?? "";
    right = right.trimEnd();
    const whole = [`${left}${keys}${right}`, `${left}${right}${keys}`];
    const prompt = this.#prompt;
    const found = prompt !== undefined && prompt !== "" && left.startsWith(prompt);
    const begins = found
      ? [prompt.length]
      : [0, ...[...left.matchAll(PROMPT_ENDS)].map(({ index, 0: end }) => index + end.length)];
    const lines = [...new Set(begins.flatMap((begin) => whole.map((line) => line.slice(begin))))];
    const full = (rows[last] ?? "").length >= size.cols - 1;
    return { lines, whole: found && !full && !stale && !lines.some((line) => SCROLLED.test(line)) };
  }
}

/** How editors that move a long line sideways mark what is out of sight. */
const SCROLLED = /^[$<*+>]/;

const NOTHING: Entered = { lines: [], unknown: false };
const UNKNOWN: Entered = { lines: [], unknown: true };
/** Escape with a letter, and Ctrl-X: bash's `shell-expand-line` and `edit-and-execute-command` run what is on the line. */
const COMMANDS = /\u001b[^[O\u001b]|\u0018/;
const SUBSTITUTES = /[$`(<>]/;
const INTERRUPTS = /^\u0003+$/;

function hasEnter(bytes: Buffer): boolean {
  return ENTERS.test(bytes.toString("utf8"));
}

/** A Tab in a paste is a blank, and completes nothing. */
function linesIn(bytes: Buffer): string[] {
  return bytes
    .toString("utf8")
    .replace(PASTED, (_, pasted: string) => pasted.replaceAll("\t", " "))
    .replaceAll("\r\n", "\r")
    .split(ENTERS);
}

function readsLines({ state, asked }: SessionFacts): boolean {
  return LINE_STATES.has(state) || (state === "asking" && asked !== undefined && LINE_QUESTIONS.has(asked));
}
