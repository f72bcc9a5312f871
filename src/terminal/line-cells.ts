import { isZeroWidth } from "./zero-width.ts";

const TAB_STOP = 8;

/** May take two cells: Hangul, CJK, fullwidth forms, emoji. Which exactly, only the emulator's table knows. */
export function mayBeWide(code: number): boolean {
  if (code < 0x1100) return false;
  if (code < 0x2e80)
    return code < 0x1160 || (code >= 0x2300 && /\p{Emoji_Presentation}/u.test(String.fromCodePoint(code)));
  if (code < 0xa4d0) return true;
  if (code < 0x10000)
    return (
      (code >= 0xa960 && code < 0xa980) ||
      (code >= 0xac00 && code < 0xd7a4) ||
      (code >= 0xf900 && code < 0xffe7)
    );
  return code >= 0x16fe0 && !(code >= 0x1d000 && code < 0x1f000);
}

/**
 * One line on which things are overwritten: a cursor column and a character in each cell. Exact while nothing wraps and
 * nothing is wide; `exact` tells.
 */
export class LineCells {
  readonly #cols: number;
  #cells: string[] = [];
  #col = 0;
  /** Whether a combining mark would join the character before the cursor: nothing came since that one. */
  #joins = false;
  /** False once something happened that only an emulator knows the outcome of. */
  exact = true;

  constructor(cols: number) {
    this.#cols = cols;
  }

  /** The line as it stands; then starts afresh. */
  take(): string {
    let text = "";
    for (const cell of this.#cells) text += cell ?? " ";
    this.#cells = [];
    this.#col = 0;
    return text.trimEnd();
  }

  print(text: string): void {
    for (const char of text) {
      const code = char.codePointAt(0) ?? 0;
      if (code >= 0x300 && isZeroWidth(code)) {
        if (!this.#joins) this.exact = false;
        if (this.#col > 0) this.#cells[this.#col - 1] = (this.#cells[this.#col - 1] ?? " ") + char;
        continue;
      }
      if (mayBeWide(code)) {
        this.exact = false;
        this.#put(char);
        this.#put("");
      } else this.#put(char);
    }
  }

  #put(char: string): void {
    if (this.#col >= this.#cols) this.exact = false; // it wraps; a later CR would go to the second row only
    // Filled up, so that the array stays dense.
    while (this.#cells.length < this.#col) this.#cells.push(" ");
    this.#cells[this.#col++] = char;
    this.#joins = true;
  }

  carriageReturn(): void {
    this.#joins = false;
    this.#col = 0;
  }

  backspace(): void {
    this.move(-1);
  }

  tab(): void {
    this.#settle();
    this.#col = Math.min(this.#last, (Math.floor(this.#col / TAB_STOP) + 1) * TAB_STOP);
  }

  /** CUF, CUB. */
  move(by: number): void {
    this.#settle();
    this.#col = Math.max(0, Math.min(this.#last, this.#col + by));
  }

  /** CHA; `column` from 0. */
  moveTo(column: number): void {
    this.#joins = false;
    this.#col = Math.max(0, Math.min(this.#last, column));
  }

  /** EL: 0 to the end, 1 to the cursor, 2 all. */
  erase(what: number): void {
    this.#settle();
    if (what === 0) this.#cells.length = Math.min(this.#cells.length, this.#col);
    else if (what === 1) this.#cells.fill(" ", 0, this.#col + 1);
    else if (what === 2) this.#cells.length = 0;
  }

  /** ECH. */
  blank(count: number): void {
    this.#settle();
    this.#cells.fill(" ", this.#col, this.#col + count);
  }

  /** DCH. */
  delete(count: number): void {
    this.#settle();
    this.#cells.splice(this.#col, count);
  }

  /** ICH. */
  insert(count: number): void {
    this.#settle();
    if (this.#col < this.#cells.length)
      this.#cells.splice(this.#col, 0, ...Array.from({ length: Math.min(count, this.#cols) }, () => " "));
    if (this.#cells.length > this.#cols) this.#cells.length = this.#cols;
  }

  /** With the last cell filled the cursor waits on it (DECAWM), and what moves or erases from there is the emulator's affair. */
  #settle(): void {
    this.#joins = false;
    if (this.#col >= this.#cols) this.exact = false;
  }

  get #last(): number {
    return this.#cols - 1;
  }
}
