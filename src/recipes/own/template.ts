import { quoteWord } from "../../base/shell-quote.ts";
import type { Sh } from "../sh.ts";

/** A piece of a command: as it is written, or the value of an input. */
type Piece = { readonly text: string } | { readonly input: string };

/** A command of an operator's own with `{{input}}` where a value goes. */
export interface Template {
  readonly inputs: ReadonlySet<string>;
  /** Each value becomes one word for the shell, whatever is in it; a number stays as it is, nothing becomes no word at all. */
  fill(values: Readonly<Record<string, string | number | undefined>>): Sh;
}

const PLACEHOLDER = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/y;

/**
 * Reads a command for a POSIX shell. A value is quoted as a word, so a place where a quoted word would be read as something else is
 * refused: in quotes, in a comment, in backquotes, in arithmetic, behind a here-document.
 * @throws Error with the reason.
 */
export function templateOf(command: string): Template {
  const pieces: Piece[] = [];
  const inputs = new Set<string>();
  const state = new ShellState();
  let text = "";
  for (let at = 0; at < command.length; ) {
    if (command.startsWith("{{", at)) {
      PLACEHOLDER.lastIndex = at;
      const [whole, name] = PLACEHOLDER.exec(command) ?? [];
      if (whole === undefined || name === undefined)
        throw new Error(`"${command.slice(at, at + 20)}" is no placeholder: {{name_of_an_input}}`);
      state.assertPlain(whole);
      inputs.add(name);
      pieces.push({ text }, { input: name });
      text = "";
      at += whole.length;
      state.value();
    } else {
      const taken = state.take(command, at);
      text += command.slice(at, at + taken);
      at += taken;
    }
  }
  pieces.push({ text });
  state.assertSafe(inputs.size > 0);
  return {
    inputs,
    fill: (values) => ({
      script: pieces.map((piece) => ("text" in piece ? piece.text : wordOf(values[piece.input]))).join(""),
    }),
  };
}

function wordOf(value: string | number | undefined): string {
  if (value === undefined) return "";
  return typeof value === "number" ? String(value) : quoteWord(value);
}

/** `${NAME}` and `${#}`: nothing in it can be a place for a value. */
const SIMPLE_EXPANSION = /\$\{(?:\w+|[#?@*!$-])\}/y;

/** Where in a shell's line a character is, as far as that decides what a quoted word would be there. */
class ShellState {
  #in: "plain" | "single" | "double" | "comment" = "plain";
  /** The word as far as it was read. */
  #word = "";
  /** Constructs in which no place is known to be safe, wherever they are. */
  readonly #odd = new Set<string>();

  /** How many characters belong together here. */
  take(command: string, at: number): number {
    const char = command[at] ?? "";
    if (this.#in === "single") {
      if (char === "'") this.#in = "plain";
      return 1;
    }
    if (this.#in === "comment") {
      if (char === "\n") this.#in = "plain";
      return 1;
    }
    if (char === "\\") {
      this.#word += char;
      return 2;
    }
    this.#lookAtOdd(command, at);
    if (this.#in === "double") {
      if (char === '"') this.#in = "plain";
      return 1;
    }
    if (char === "#" && this.#word === "") this.#in = "comment";
    else if (char === "'") this.#in = "single";
    else if (char === '"') this.#in = "double";
    this.#word = /[\s;&|()<>]/.test(char) ? "" : this.#word + char;
    return 1;
  }

  /** A value was here. */
  value(): void {
    this.#word += "x";
  }

  assertPlain(placeholder: string): void {
    const where = {
      plain: undefined,
      single: "single quotes",
      double: "double quotes",
      comment: "a comment",
    }[this.#in];
    if (where !== undefined)
      throw new Error(`${placeholder} is inside ${where}: leave them out, a value is quoted by itself`);
    const [before] = /[$\\]$/.exec(this.#word) ?? [];
    if (before !== undefined)
      throw new Error(`${placeholder} is behind ${before}, which would read its quotes as something else`);
    if (/\w\[[^\]]*$/.test(this.#word))
      throw new Error(`${placeholder} is inside the brackets of an array, where a shell computes`);
  }

  assertSafe(placeholders: boolean): void {
    if (this.#in === "single" || this.#in === "double") throw new Error("a quote is not closed");
    const [odd] = this.#odd;
    if (placeholders && odd !== undefined) throw new Error(`a command with placeholders cannot have ${odd}`);
  }

  /** Behind these a shell reads by other rules than these here; `eval` and `let` read a value once more. */
  #lookAtOdd(command: string, at: number): void {
    const two = command.slice(at, at + 2);
    SIMPLE_EXPANSION.lastIndex = at;
    if (two.startsWith("`")) this.#odd.add("a backquote (use $(…))");
    if (two === "${" && !SIMPLE_EXPANSION.test(command)) this.#odd.add("${…} with more than a name in it");
    if (this.#in === "double") {
      if (two === "$(") this.#odd.add("$(…) inside double quotes (put it into a variable first)");
      return;
    }
    if (two === "$'" || two === '$"') this.#odd.add(`${two} (use plain quotes)`);
    if (two === "<<") this.#odd.add("a here-document (use printf and a pipe)");
    if (two === "((" || two === "[[") this.#odd.add(`${two} (use test, or expr)`);
    const [word] = /^(?:eval|let)(?![\w.-])/.exec(command.slice(at, at + 6)) ?? [];
    if (word !== undefined && this.#word === "") this.#odd.add(word);
  }
}
