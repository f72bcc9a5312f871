import type { Key } from "./keys.ts";

/** Characters a line may have. */
const LONGEST_LINE = 16 * 1024;
const HISTORY = 100;

/** The line being typed, its cursor, and the lines before it. */
export class Line {
  #chars: string[] = [];
  #cursor = 0;
  readonly #history: string[] = [];
  #recalled = 0;

  get text(): string {
    return this.#chars.join("");
  }

  /** In characters from the start. */
  get cursor(): number {
    return this.#chars.slice(0, this.#cursor).join("").length;
  }

  get beforeCursor(): string {
    return this.#chars.slice(0, this.#cursor).join("");
  }

  get isAtEnd(): boolean {
    return this.#cursor === this.#chars.length;
  }

  /** @returns whether the line or its cursor changed */
  apply(key: Key): boolean {
    switch (key.kind) {
      case "char":
        if (this.#chars.length >= LONGEST_LINE) return false;
        this.#chars.splice(this.#cursor, 0, key.char);
        this.#cursor += 1;
        return true;
      case "backspace":
        if (this.#cursor === 0) return false;
        this.#cursor -= 1;
        this.#chars.splice(this.#cursor, 1);
        return true;
      case "delete":
        return this.#chars.splice(this.#cursor, 1).length > 0;
      case "left":
        return this.#moveTo(this.#cursor - 1);
      case "right":
        return this.#moveTo(this.#cursor + 1);
      case "home":
        return this.#moveTo(0);
      case "end":
        return this.#moveTo(this.#chars.length);
      case "kill-line":
        this.#chars.splice(0, this.#cursor);
        this.#cursor = 0;
        return true;
      case "kill-right":
        return this.#chars.splice(this.#cursor).length > 0;
      case "up":
        return this.#recall(this.#recalled - 1);
      case "down":
        return this.#recall(this.#recalled + 1);
      default:
        return false;
    }
  }

  /** Replaces what stands before the cursor. */
  replaceBeforeCursor(text: string): void {
    const chars = Array.from(text);
    this.#chars.splice(0, this.#cursor, ...chars);
    this.#cursor = chars.length;
  }

  clear(): void {
    this.#chars = [];
    this.#cursor = 0;
    this.#recalled = this.#history.length;
  }

  /** The line, kept for recalling; an empty one follows. */
  take(): string {
    const { text } = this;
    if (text.trim() !== "" && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > HISTORY) this.#history.shift();
    this.clear();
    return text;
  }

  #moveTo(cursor: number): boolean {
    if (cursor < 0 || cursor > this.#chars.length || cursor === this.#cursor) return false;
    this.#cursor = cursor;
    return true;
  }

  #recall(index: number): boolean {
    if (index < 0 || index > this.#history.length) return false;
    this.#recalled = index;
    this.#chars = Array.from(this.#history[index] ?? "");
    this.#cursor = this.#chars.length;
    return true;
  }
}
