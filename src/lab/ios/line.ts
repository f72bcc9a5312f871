const BEL = "\x07";

export interface LineOptions {
  /** Terminal width in columns, the last one unused; 0: endless. */
  width(): number;
  write(text: string): void;
  entered(line: string): void;
  help(line: string): void;
  complete(line: string): string | undefined;
  /** Ctrl-Z. */
  end(): void;
  /** Ctrl-C at the prompt. */
  interrupt(): void;
}

/**
 * IOS's line editor: echo character by character, the usual Ctrl keys, a history of its own. A line longer than the
 * terminal scrolls sideways in steps of ten: `$` stands for what is out of sight on the left.
 */
export class IosLine {
  readonly #options: LineOptions;
  readonly #history: string[] = [];
  #text = "";
  #at = 0;
  /** First visible character. */
  #offset = 0;
  #prompt = "";
  #recalled: number | undefined;
  #escape = "";

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get text(): string {
    return this.#text;
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** A new prompt with `text` typed behind it. */
  begin(prompt: string, text = ""): void {
    this.#prompt = prompt;
    this.#text = text;
    this.#at = text.length;
    this.#offset = 0;
    this.#recalled = undefined;
    this.#options.write(prompt);
    if (text !== "") this.#draw();
  }

  /** Prompt and line once more, as `logging synchronous` does behind a log row. */
  repaint(): void {
    this.#options.write(this.#prompt);
    this.#offset = 0;
    this.#draw();
  }

  key(char: string): void {
    if (this.#escape !== "" || char === "\x1b") {
      this.#escaped(char);
      return;
    }
    switch (char) {
      case "\r":
      case "\n":
        this.#enter();
        return;
      case "\x7f":
      case "\b":
        this.#change(
          this.#text.slice(0, Math.max(0, this.#at - 1)) + this.#text.slice(this.#at),
          this.#at - 1,
        );
        return;
      case "\x01":
        this.#move(0);
        return;
      case "\x05":
        this.#move(this.#text.length);
        return;
      case "\x02":
        this.#move(this.#at - 1);
        return;
      case "\x06":
        this.#move(this.#at + 1);
        return;
      case "\x04":
        this.#change(this.#text.slice(0, this.#at) + this.#text.slice(this.#at + 1), this.#at);
        return;
      case "\x0b":
        this.#change(this.#text.slice(0, this.#at), this.#at);
        return;
      case "\x15":
      case "\x18":
        this.#change(this.#text.slice(this.#at), 0);
        return;
      case "\x17": {
        const before = this.#text.slice(0, this.#at).replace(/\S+\s*$/, "");
        this.#change(before + this.#text.slice(this.#at), before.length);
        return;
      }
      case "\x10":
        this.#recall(-1);
        return;
      case "\x0e":
        this.#recall(1);
        return;
      case "\x0c":
      case "\x12":
        this.#options.write("\r\n");
        this.repaint();
        return;
      case "\t": {
        const whole = this.#options.complete(this.#text);
        if (whole === undefined) {
          this.#options.write(BEL);
          return;
        }
        this.#options.write("\r\n");
        this.begin(this.#prompt, whole);
        return;
      }
      case "?":
        this.#options.write("?");
        this.#options.help(this.#text);
        return;
      case "\x1a":
        this.#options.write("^Z\r\n");
        this.#options.end();
        return;
      case "\x03":
        this.#options.write("^C\r\n");
        this.#options.interrupt();
        return;
      default:
        if (char >= " ") this.#insert(char);
    }
  }

  #insert(char: string): void {
    const atEnd = this.#at === this.#text.length;
    this.#text = this.#text.slice(0, this.#at) + char + this.#text.slice(this.#at);
    this.#at++;
    if (atEnd && !this.#tooLong()) this.#options.write(char);
    else this.#draw();
  }

  #change(text: string, at: number): void {
    if (text === this.#text && at !== this.#at) {
      this.#options.write(BEL);
      return;
    }
    const shown = this.#shown().length;
    this.#text = text;
    this.#at = Math.max(0, Math.min(at, text.length));
    this.#draw(shown);
  }

  #move(at: number): void {
    if (at < 0 || at > this.#text.length) {
      this.#options.write(BEL);
      return;
    }
    this.#at = at;
    this.#draw();
  }

  /** Columns left for the line. */
  #room(): number {
    const width = this.#options.width();
    return width === 0 ? Number.POSITIVE_INFINITY : Math.max(10, width - this.#prompt.length - 1);
  }

  #tooLong(): boolean {
    return this.#text.length - this.#offset + (this.#offset > 0 ? 1 : 0) >= this.#room();
  }

  #shown(): string {
    const mark = this.#offset > 0 ? "$" : "";
    return (mark + this.#text.slice(this.#offset)).slice(0, this.#room());
  }

  /** Cursor to the line's beginning, the visible part, blanks over what stood behind it, back to the cursor. */
  #draw(before = 0): void {
    const room = this.#room();
    while (this.#at - this.#offset + 1 >= room) this.#offset += 10;
    if (this.#at < this.#offset) this.#offset = Math.max(0, this.#at - 10);
    const shown = this.#shown();
    const gap = Math.max(0, before - shown.length);
    const cursor = this.#at - this.#offset + (this.#offset > 0 ? 1 : 0);
    const back = shown.length + gap - Math.min(cursor, shown.length);
    this.#options.write(`\r${this.#prompt}${shown}${" ".repeat(gap)}${"\b".repeat(Math.max(0, back))}`);
  }

  #enter(): void {
    const line = this.#text;
    this.#options.write("\r\n");
    if (line.trim() !== "" && this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > 20) this.#history.shift();
    this.#text = "";
    this.#at = 0;
    this.#options.entered(line);
  }

  #recall(step: -1 | 1): void {
    const at = (this.#recalled ?? this.#history.length) + step;
    const line = at === this.#history.length ? "" : this.#history[at];
    if (line === undefined) {
      this.#options.write(BEL);
      return;
    }
    this.#recalled = at;
    this.#change(line, line.length);
  }

  /** Arrow keys: `ESC [ A` and `ESC O A`. */
  #escaped(char: string): void {
    this.#escape += char;
    if (this.#escape.length < 3) {
      if (this.#escape.length === 2 && char !== "[" && char !== "O") this.#escape = "";
      return;
    }
    if (/[\d;]/.test(char) && this.#escape.length < 8) return;
    this.#escape = "";
    if (char === "A") this.#recall(-1);
    else if (char === "B") this.#recall(1);
    else if (char === "C") this.#move(this.#at + 1);
    else if (char === "D") this.#move(this.#at - 1);
  }
}
