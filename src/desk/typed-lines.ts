const CONTROL = /[\u0000-\u001f\u007f]/;
const ERASE = /[\b\u007f]/;
/** Of one line. */
const LONGEST = 400;
/** Lines kept for the hand-over. */
const KEPT = 200;
/** A terminal shows what is typed within this time, or not at all. */
const SHOWN_MS = 400;
const LOOK_MS = 10;

/** What is typed at once, and whether an Enter is behind it. */
export interface Piece {
  readonly bytes: Buffer;
  readonly enters: boolean;
}

/** Cuts what came at once at its Enters: each line is looked at before it is entered. */
export function pieces(bytes: Buffer): Piece[] {
  const cut: Piece[] = [];
  let from = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0x0d && byte !== 0x0a) continue;
    if (at > from) cut.push({ bytes: bytes.subarray(from, at), enters: false });
    cut.push({ bytes: bytes.subarray(at, at + 1), enters: true });
    from = at + 1;
  }
  if (from < bytes.length) cut.push({ bytes: bytes.subarray(from), enters: false });
  return cut;
}

/**
 * What a person enters, line by line, as the terminal shows it: a line is known by what was added to the row on which it began.
 * What was typed and not shown (a password) is counted, never kept.
 */
export class TypedLines {
  readonly #row: () => string;
  readonly #onLine: (line: string) => void;
  readonly lines: string[] = [];
  /** The row when its first key was typed; undefined: no key was. */
  #before: string | undefined;
  #count = 0;
  /** The line itself, as long as only text and Backspace were typed; it is never recorded unless the row shows it. */
  #text: string | undefined = "";

  /** `row`: the text left of the cursor now. */
  constructor(row: () => string, onLine: (line: string) => void) {
    this.#row = row;
    this.#onLine = onLine;
  }

  /** To be called before these keys, none of which is an Enter, are typed. */
  keys(bytes: Buffer): void {
    this.#before ??= this.#row();
    for (const char of bytes.toString("utf8")) {
      if (this.#text !== undefined && ERASE.test(char)) this.#text = this.#text.slice(0, -1);
      else if (CONTROL.test(char)) this.#text = undefined;
      else {
        this.#count++;
        if (this.#text !== undefined) this.#text += char;
      }
    }
  }

  /** To be called before an Enter is typed; what was typed has been shown by then, or will not be. */
  async entered(): Promise<void> {
    const before = this.#before;
    if (before === undefined) return;
    const end = performance.now() + SHOWN_MS;
    const seen = () => {
      const row = this.#row();
      return row.startsWith(before) ? row.slice(before.length) : "";
    };
    const whole = () => (this.#text === undefined ? false : seen() === this.#text);
    while (!whole() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const shown = whole() || this.#text === undefined ? seen() : "";
    const line = shown.trim() === "" ? `[unrecorded, ${this.#count} chars]` : shown.slice(0, LONGEST);
    this.#before = undefined;
    this.#count = 0;
    this.#text = "";
    this.lines.push(line);
    if (this.lines.length > KEPT) this.lines.shift();
    this.#onLine(line);
  }
}
