/** Keys that enter a line. */
const ENTER = /[\r\n]/;
const CONTROL = /[\u0000-\u001f\u007f]/g;
/** Of one line. */
const LONGEST = 400;
/** Lines kept for the hand-over. */
const KEPT = 200;

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
  #keys = 0;

  /** `row`: the text left of the cursor now. */
  constructor(row: () => string, onLine: (line: string) => void) {
    this.#row = row;
    this.#onLine = onLine;
  }

  /** To be called before these keys are typed. */
  keys(bytes: Buffer): void {
    const text = bytes.toString("utf8");
    const pieces = text.split(ENTER);
    for (const [index, piece] of pieces.entries()) {
      if (piece !== "") {
        this.#before ??= this.#row();
        this.#keys += [...piece.replace(CONTROL, "")].length;
      }
      if (index < pieces.length - 1) this.#entered(index === 0);
    }
  }

  /** `shown`: the row is as it was when the line's last key had been typed; of a paste nothing is shown yet. */
  #entered(shown: boolean): void {
    const before = this.#before;
    const keys = this.#keys;
    this.#before = undefined;
    this.#keys = 0;
    if (keys === 0 && before === undefined) return;
    const row = this.#row();
    const seen = shown && before !== undefined && row.startsWith(before) ? row.slice(before.length) : "";
    const line = seen.trim() === "" ? `[unrecorded, ${keys} chars]` : seen.slice(0, LONGEST);
    this.lines.push(line);
    if (this.lines.length > KEPT) this.lines.shift();
    this.#onLine(line);
  }
}
