import type { Entered, SessionFacts } from "../base/contract/action.ts";
import type { Put } from "../shell/pty/put.ts";
import { ENTERS, PASTED } from "../terminal/entered-text.ts";
import { DISCARDS, edited } from "../terminal/line-edit.ts";
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
  /** The row on which it began; undefined: typed before its prompt was there. */
  #prompt: string | undefined;
  /** Transcript cursor when the last key was typed that the screen alone can tell the effect of. */
  #editedAt = -1;

  /** Told of every write; `end`: the transcript cursor then. */
  put({ reason, bytes, permit }: Put, end: number): void {
    if (reason.as === "page" || reason.as === "reply" || reason.as === "status") return;
    if (reason.as !== "keys" || bytes === undefined) {
      this.#clear();
      return;
    }
    const pieces = linesIn(bytes);
    const last = pieces.pop() ?? "";
    if (permit.at?.asked === "password") {
      this.#clear();
      // Kept nowhere; where nobody enters it, it may yet stand on a command line.
      this.#edited = last !== "";
      if (this.#edited) this.#editedAt = end;
      return;
    }
    if (pieces.length > 0) this.#clear();
    const line = edited({ typed: this.#typed, known: !this.#edited }, last);
    if (!edited({ typed: "", known: true }, last).known) this.#editedAt = end;
    this.#edited = !line.known || line.typed.length > MAX_CHARS;
    this.#typed = this.#edited ? "" : line.typed;
  }

  /** The lines these keys would enter. Asked of all keys before they are typed: where a line begins, its prompt is learned. */
  entered(bytes: Buffer, surface: Surface): Entered {
    if (this.#typed === "" && !this.#edited) this.#prompt = surface.screen.cursorText;
    const [first = "", ...rest] = linesIn(bytes);
    // What is behind the last Enter is not entered.
    rest.pop();
    const before = this.#edited ? {} : { before: this.#typed };
    if (!hasEnter(bytes) || surface.facts.asked === "password" || surface.screen.alternate)
      return { ...NOTHING, ...before };
    const more = rest.map((piece) => edited({ typed: "", known: true }, piece));
    const now = edited({ typed: this.#typed, known: !this.#edited }, first);
    const plain = edited({ typed: "", known: true }, first);
    const drawn = surface.end > this.#editedAt;
    const fromScreen = this.#edited && plain.known && !DISCARDS.test(first);
    const lines = now.known ? [now.typed] : this.#onScreen(surface.screen, plain.typed);
    const known = (now.known || (fromScreen && drawn)) && more.every((line) => line.known);
    return {
      lines: [...lines, ...more.map(({ typed }) => typed)],
      behind: more.length,
      unknown: !known && readsLines(surface.facts),
      ...before,
    };
  }

  #clear(): void {
    this.#typed = "";
    this.#edited = false;
    this.#prompt = undefined;
    this.#editedAt = -1;
  }

  /** Every line that the row may stand for: the keys at the cursor or at its end, with and without what may be its prompt. */
  #onScreen({ cursorText: left, rows, cursor }: ScreenView, keys: string): string[] {
    const right = (rows[cursor.row] ?? "").slice(cursor.col).trimEnd();
    const whole = [`${left}${keys}${right}`, `${left}${right}${keys}`];
    const prompt = this.#prompt;
    const begins =
      prompt !== undefined && prompt !== "" && left.startsWith(prompt)
        ? [prompt.length]
        : [0, ...[...left.matchAll(PROMPT_ENDS)].map(({ index, 0: end }) => index + end.length)];
    return [...new Set(begins.flatMap((begin) => whole.map((line) => line.slice(begin))))];
  }
}

const NOTHING: Entered = { lines: [], unknown: false };

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
