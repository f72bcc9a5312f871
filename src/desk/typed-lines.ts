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
  /** Those that were entered. */
  #lines: string[] = [];
  #now: Line = NONE;

  /** `row`: the text left of the cursor now. */
  constructor(row: () => string) {
    this.#row = row;
  }

  /** To be called before these keys, none of which is an Enter, are typed; what it returns, where they were not. */
  keys(bytes: Buffer): () => void {
    const before = this.#now;
    let { count, text } = before;
    for (const char of bytes.toString("utf8")) {
      if (text !== undefined && ERASE.test(char)) text = text.slice(0, -1);
      else if (CONTROL.test(char)) text = undefined;
      else {
        count++;
        if (text !== undefined) text += char;
      }
    }
    this.#now = { before: before.before ?? this.#row(), count, text };
    return () => {
      this.#now = before;
    };
  }

  /** The line before an Enter that is typed next; what was typed has been shown by then, or will not be. Undefined: nothing was. */
  async line(): Promise<string | undefined> {
    const { before, count, text } = this.#now;
    if (before === undefined) return undefined;
    const end = performance.now() + SHOWN_MS;
    const seen = () => {
      const row = this.#row();
      return row.startsWith(before) ? row.slice(before.length) : "";
    };
    const whole = () => (text === undefined ? false : seen() === text);
    while (!whole() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const shown = whole() || text === undefined ? seen() : "";
    return shown.trim() === "" ? `[unrecorded, ${count} chars]` : shown.slice(0, LONGEST);
  }

  /** Its Enter was typed. */
  entered(line: string): void {
    this.#now = NONE;
    this.#lines.push(line);
    if (this.#lines.length > KEPT) this.#lines.shift();
  }

  /** Nobody types any more: what was entered. */
  over(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#now = NONE;
    return lines;
  }
}

/** A line that is being typed. */
interface Line {
  /** The row when its first key was typed; undefined: no key was. */
  readonly before: string | undefined;
  readonly count: number;
  /** The line itself, as long as only text and Backspace were typed; it is never recorded unless the row shows it. */
  readonly text: string | undefined;
}

const NONE: Line = { before: undefined, count: 0, text: "" };
