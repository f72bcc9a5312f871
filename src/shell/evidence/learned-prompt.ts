/** Tests a right-trimmed row; compiled on a linear-time engine. */
export type RowTest = (row: string) => boolean;

/** A prompt learned from the screen: literal but for the part that may change between commands (directory, counters). */
export class LearnedPrompt {
  readonly #literal: string;
  readonly #head: string;
  readonly #tail: string;
  readonly #pattern: RowTest | undefined;

  /** `cursorText`: the prompt row up to the cursor. `pattern`: the inventory's prompt_regex, which then decides alone. */
  constructor(cursorText: string, pattern: RowTest | undefined) {
    this.#literal = cursorText.trimEnd();
    this.#head = /^[\w.-]{2,}@?[\w.-]*/.exec(this.#literal)?.[0] ?? "";
    this.#tail = this.#literal.slice(-1);
    this.#pattern = pattern;
  }

  get text(): string {
    return this.#literal;
  }

  matches(cursorText: string): boolean {
    const row = cursorText.trimEnd();
    if (this.#pattern) return this.#pattern(row);
    // An empty row proves nothing: a program may wait there for its input.
    if (this.#literal === "") return false;
    if (row === this.#literal) return true;
    return this.#head !== "" && row.length < 200 && row.startsWith(this.#head) && row.endsWith(this.#tail);
  }
}
