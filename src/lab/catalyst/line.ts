const BEL = "\x07";
/** Columns a scrolled line moves by (Cisco, "Configuration Fundamentals", editing lines that wrap). */
const STEP = 10;
/** Columns that stay free on the right: seen with a prompt of 11 in 80 columns (netmiko#160). */
const SPARE = 3;
const LONGEST = 254;
const REMEMBERED = 20;

export interface LineOptions {
  /** Terminal width in columns; 0: endless. */
  width(): number;
  write(text: string): void;
  entered(line: string): void;
  /** `?` was typed behind this. */
  help(line: string): void;
  complete(line: string): string | undefined;
  /** Ctrl-Z. */
  end(): void;
  /** Ctrl-C at the prompt. */
  interrupt(): void;
}

/**
 * IOS's line editor: echo character by character, repairs by backspaces alone, a history of its own. A line longer
 * than the terminal scrolls sideways in steps of ten; `$` stands for what is out of sight.
 */
export class IosLine {
  readonly #options: LineOptions;
  readonly #history: string[] = [];
  #prompt = "";
  #text = "";
  #at = 0;
  /** First column in sight; there `$` stands unless it is 0. */
  #offset = 0;
  /** What stands behind the prompt on the screen, and the cursor in it. */
  #shown = "";
  #column = 0;
  #recalled: number | undefined;
  #killed = "";
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
    this.repaint();
  }

  /** Prompt and line once more, as `logging synchronous` does behind a log row. */
  repaint(): void {
    this.#options.write(this.#prompt);
    this.#shown = "";
    this.#column = 0;
    this.#draw(0);
  }

  key(char: string): void {
    if (this.#escape !== "" || char === "\x1b") {
      this.#escaped(char);
      return;
    }
    const at = this.#at;
    switch (char) {
      case "\r":
      case "\n":
        this.#enter();
        return;
      case "\x7f":
      case "\b":
        this.#cut(at - 1, at);
        return;
      case "\x01":
        this.#move(0);
        return;
      case "\x05":
        this.#move(this.#text.length);
        return;
      case "\x02":
        this.#move(at - 1);
        return;
      case "\x06":
        this.#move(at + 1);
        return;
      case "\x04":
        this.#cut(at, at + 1);
        return;
      case "\x0b":
        this.#kill(at, this.#text.length);
        return;
      case "\x15":
      case "\x18":
        this.#kill(0, this.#text.length);
        return;
      case "\x17":
        this.#kill(this.#text.slice(0, at).replace(/\S+\s*$/, "").length, at);
        return;
      case "\x19":
        this.#insert(this.#killed);
        return;
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
      case "\t":
        this.#complete();
        return;
      case "?":
        this.#options.write("?");
        this.#options.help(this.#text.slice(0, at));
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

  #insert(typed: string): void {
    if (typed === "" || this.#text.length + typed.length > LONGEST) {
      this.#bell();
      return;
    }
    const at = this.#at;
    this.#text = this.#text.slice(0, at) + typed + this.#text.slice(at);
    this.#at += typed.length;
    this.#draw(at);
  }

  #cut(from: number, to: number): void {
    if (from < 0 || to > this.#text.length) {
      this.#bell();
      return;
    }
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#at = from;
    this.#draw(from);
  }

  #kill(from: number, to: number): void {
    if (from === to) return;
    this.#killed = this.#text.slice(from, to);
    this.#cut(from, to);
  }

  #move(at: number): void {
    if (at < 0 || at > this.#text.length) {
      this.#bell();
      return;
    }
    this.#at = at;
    this.#draw(this.#text.length);
  }

  #bell(): void {
    this.#options.write(BEL);
  }

  /** Columns behind the prompt that are used. */
  #room(): number {
    const width = this.#options.width();
    return width === 0 ? Number.POSITIVE_INFINITY : Math.max(2 * STEP, width - this.#prompt.length - SPARE);
  }

  /** Brings the screen from what it shows to the text, which is as it was before position `changed`. */
  #draw(changed: number): void {
    const room = this.#room();
    const before = this.#offset;
    while (this.#at - this.#offset > room) this.#offset += STEP;
    while (this.#offset > 0 && this.#at <= this.#offset) this.#offset -= STEP;
    const wanted = this.#inSight(room);
    let from = before === this.#offset ? Math.max(0, changed - this.#offset) : wanted.length;
    for (let column = 0; column < from; column++) if (wanted[column] !== this.#shown[column]) from = column;
    const same = wanted === this.#shown;
    if (!same) {
      const gap = Math.max(0, this.#shown.length - wanted.length);
      const rest = wanted.slice(from) + " ".repeat(gap);
      this.#options.write(this.#way(from) + rest + "\b".repeat(gap));
      this.#column = wanted.length;
      this.#shown = wanted;
    }
    const column = this.#at - this.#offset;
    this.#options.write(this.#way(column));
    this.#column = column;
  }

  #inSight(room: number): string {
    const text = this.#text.slice(this.#offset);
    const begun = this.#offset === 0 ? text : `$${text.slice(1)}`;
    return begun.length <= room ? begun : `${begun.slice(0, room - 1)}$`;
  }

  /** The cursor goes left by backspaces and right by writing what stands there. */
  #way(column: number): string {
    const back = this.#column - column;
    return back > 0 ? "\b".repeat(back) : this.#shown.slice(this.#column, column);
  }

  #complete(): void {
    const whole = this.#at === this.#text.length ? this.#options.complete(this.#text) : undefined;
    if (whole === undefined) {
      this.#bell();
      return;
    }
    this.#options.write("\r\n");
    this.begin(this.#prompt, whole);
  }

  #enter(): void {
    const line = this.#text;
    this.#options.write("\r\n");
    if (line.trim() !== "" && this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > REMEMBERED) this.#history.shift();
    this.#text = "";
    this.#at = 0;
    this.#options.entered(line);
  }

  #recall(step: -1 | 1): void {
    const at = (this.#recalled ?? this.#history.length) + step;
    const line = at === this.#history.length ? "" : this.#history[at];
    if (line === undefined) {
      this.#bell();
      return;
    }
    this.#recalled = at;
    this.#text = line;
    this.#at = line.length;
    this.#offset = 0;
    this.#draw(0);
  }

  /** Arrow keys: `ESC [ A` and `ESC O A`; other sequences are swallowed. */
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
