/** Takes keys until what it reads is whole. */
export interface Reader {
  /** True when nothing more is read; what came of it was done. */
  key(char: string): boolean;
}

type Write = (text: string) => void;

const INTERRUPT = "\x03";
const ERASERS = "\x7f\b";
const ENDS = "\r\n";

/** `[confirm]`: one key; Enter and y go on, anything else declines. */
export class Confirmation implements Reader {
  readonly #write: Write;
  readonly #yes: () => void;

  constructor(write: Write, yes: () => void) {
    this.#write = write;
    this.#yes = yes;
  }

  key(char: string): boolean {
    this.#write("\r\n");
    if (/^[\r\ny]$/i.test(char)) this.#yes();
    return true;
  }
}

/** A line that is shown while it is typed; Ctrl-C breaks off. */
export class Answer implements Reader {
  readonly #write: Write;
  readonly #answered: (line: string) => void;
  #text = "";

  constructor(write: Write, answered: (line: string) => void) {
    this.#write = write;
    this.#answered = answered;
  }

  key(char: string): boolean {
    if (ENDS.includes(char) || char === INTERRUPT) {
      this.#write("\r\n");
      if (char !== INTERRUPT) this.#answered(this.#text);
      return true;
    }
    if (ERASERS.includes(char)) {
      if (this.#text !== "") this.#write("\b \b");
      this.#text = this.#text.slice(0, -1);
    } else if (char >= " ") {
      this.#text += char;
      this.#write(char);
    }
    return false;
  }
}

/** A line of which nothing is shown; Ctrl-C and Ctrl-Z break off. */
export class Secret implements Reader {
  readonly #write: Write;
  readonly #typed: (secret: string) => void;
  #text = "";

  constructor(write: Write, typed: (secret: string) => void) {
    this.#write = write;
    this.#typed = typed;
  }

  key(char: string): boolean {
    const broken = char === INTERRUPT || char === "\x1a";
    if (ENDS.includes(char) || broken) {
      this.#write("\r\n");
      if (!broken) this.#typed(this.#text);
      return true;
    }
    this.#text = ERASERS.includes(char) ? this.#text.slice(0, -1) : this.#text + char;
    return false;
  }
}

/** Rows up to a delimiter. */
export class BannerText implements Reader {
  readonly #write: Write;
  readonly #delimiter: string;
  readonly #read: (text: string) => void;
  #text: string;

  constructor(write: Write, delimiter: string, begun: string, read: (text: string) => void) {
    this.#write = write;
    this.#delimiter = delimiter;
    this.#text = begun;
    this.#read = read;
  }

  key(char: string): boolean {
    const ends = char === "\r";
    this.#write(ends ? "\r\n" : char);
    this.#text += ends ? "\n" : char;
    const end = this.#text.indexOf(this.#delimiter);
    if (end < 0) return false;
    if (!ends) this.#write("\r\n");
    this.#read(this.#text.slice(0, end));
    return true;
  }
}
