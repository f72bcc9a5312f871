const MORE = " --More-- ";
/** How IOS takes its own pager away: backspaces, blanks, backspaces. */
const ERASE = `${"\b".repeat(9)}        ${"\b".repeat(9)}`;

export interface PagerOptions {
  write(text: string): void;
  /** Rows of a page; 0: no paging. */
  length(): number;
  done(): void;
}

/** Prints rows a page at a time. Space: next page, Enter: next row, anything else ends the output. */
export class IosPager {
  readonly #options: PagerOptions;
  #rows: readonly string[] = [];
  #next = 0;
  #waits = false;

  constructor(options: PagerOptions) {
    this.#options = options;
  }

  get waits(): boolean {
    return this.#waits;
  }

  print(rows: readonly string[]): void {
    this.#rows = rows;
    this.#next = 0;
    this.#page(this.#options.length() - 1);
  }

  key(char: string): void {
    this.#waits = false;
    this.#options.write(ERASE);
    if (char === " ") this.#page(this.#options.length() - 1);
    else if (char === "\r" || char === "\n") this.#page(1);
    else this.#options.done();
  }

  #page(rows: number): void {
    const count = this.#options.length() === 0 ? this.#rows.length : rows;
    const page = this.#rows.slice(this.#next, this.#next + Math.max(1, count));
    this.#next += page.length;
    this.#options.write(page.map((row) => `${row}\r\n`).join(""));
    if (this.#next >= this.#rows.length) {
      this.#options.done();
      return;
    }
    this.#waits = true;
    this.#options.write(MORE);
  }
}
