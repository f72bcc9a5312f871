interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Lines to page through, over the session's screen. */
export class Pages {
  readonly #lines: readonly string[];
  #top = 0;
  #toEnd: boolean;

  constructor(lines: readonly string[], toEnd: boolean) {
    this.#lines = lines;
    this.#toEnd = toEnd;
  }

  /** False: they are left. */
  key(key: string, rows: number): boolean {
    const page = Math.max(1, rows - 2);
    switch (key) {
      case "\u001b[5~":
      case "b":
        return this.#move(-page);
      case "\u001b[6~":
      case " ":
        return this.#move(page);
      case "\u001b[A":
      case "\u001bOA":
      case "k":
        return this.#move(-1);
      case "\u001b[B":
      case "\u001bOB":
      case "j":
        return this.#move(1);
      case "g":
        return this.#move(-this.#lines.length);
      case "G":
        return this.#move(this.#lines.length);
      default:
        return false;
    }
  }

  text({ cols, rows }: Size): string {
    const room = Math.max(1, rows - 1);
    const last = Math.max(0, this.#lines.length - room);
    if (this.#toEnd) this.#top = last;
    this.#top = Math.min(this.#top, last);
    const shown = this.#lines.slice(this.#top, this.#top + room);
    const status = ` lines ${this.#top + 1}-${this.#top + shown.length} of ${this.#lines.length} · PageUp, PageDown, arrows · any other key leaves`;
    const body = shown.map((line, y) => `\u001b[${y + 1};1H${line.slice(0, cols)}`).join("");
    return `\u001b[m\u001b[2J${body}\u001b[${rows};1H\u001b[7m${status.slice(0, cols).padEnd(cols)}\u001b[m`;
  }

  #move(by: number): boolean {
    this.#toEnd = false;
    this.#top = Math.max(0, this.#top + by);
    return true;
  }
}
