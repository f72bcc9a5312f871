import { StringDecoder } from "node:string_decoder";
import type { LabTerminal } from "../terminal.ts";

/** What a device's command line does with a line; it writes through the console it was given. */
export interface CommandLine {
  prompt(): string;
  /** A whole line, without its end. */
  run(line: string): void;
  /** Ctrl-Z; undefined: the key is nothing. */
  leave?(): void;
  /** The terminal is gone. */
  closed(): void;
}

export interface ConsoleOptions {
  output(bytes: Buffer): void;
  hangUp(): void;
}

const LONGEST = 4096;
const ESCAPE = /\x1b(?:\[[0-9;?]*[A-Za-z]|[^[])/g;

/**
 * A plain terminal of a device: the echo of what is typed, erased with backspace, Ctrl-U and Ctrl-C, one question at a time.
 * Not modelled: a history, moving in the line, completion, `?`, a pager.
 */
export class Console implements LabTerminal {
  readonly #options: ConsoleOptions;
  readonly #line: CommandLine;
  readonly #decoder = new StringDecoder("utf8");
  #text = "";
  #last = "";
  #answer: ((text: string) => void) | undefined;
  #over = false;

  constructor(options: ConsoleOptions, line: (console: Console) => CommandLine) {
    this.#options = options;
    this.#line = line(this);
  }

  start(...greeting: readonly string[]): void {
    this.say(...greeting);
    this.#prompt();
  }

  say(...rows: readonly string[]): void {
    for (const row of rows) this.write(`${row}\r\n`);
  }

  write(text: string): void {
    if (!this.#over) this.#options.output(Buffer.from(text, "utf8"));
  }

  /** A question that a line answers. */
  ask(question: string, answered: (text: string) => void): void {
    this.write(question);
    this.#answer = answered;
  }

  /** Rows over whatever stands there; then the prompt and what was typed behind it. */
  interrupt(...rows: readonly string[]): void {
    this.say("", ...rows);
    if (this.#answer === undefined) this.write(`${this.#line.prompt()}${this.#text}`);
  }

  hangUp(): void {
    if (this.#over) return;
    this.close();
    this.#options.hangUp();
  }

  input(bytes: Buffer): void {
    for (const char of this.#decoder.write(bytes).replace(ESCAPE, "")) {
      if (this.#over) return;
      const secondHalf = char === "\n" && this.#last === "\r";
      this.#last = char;
      if (!secondHalf) this.#key(char);
    }
  }

  resize(): void {}

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#line.closed();
  }

  #key(char: string): void {
    switch (char) {
      case "\r":
      case "\n":
        this.#entered();
        return;
      case "\x7f":
      case "\b":
        if (this.#text !== "") this.write("\b \b");
        this.#text = this.#text.slice(0, -1);
        return;
      case "\x15":
        this.write("\b \b".repeat(this.#text.length));
        this.#text = "";
        return;
      case "\x03":
        this.#text = "";
        this.#answer = undefined;
        this.write("^C\r\n");
        this.#prompt();
        return;
      case "\x1a":
        if (this.#answer !== undefined || this.#line.leave === undefined) return;
        this.#text = "";
        this.write("\r\n");
        this.#line.leave();
        this.#prompt();
        return;
      default:
        if (char < " " || this.#text.length >= LONGEST) return;
        this.#text += char;
        this.write(char);
    }
  }

  #entered(): void {
    const text = this.#text;
    this.#text = "";
    this.write("\r\n");
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) this.#line.run(text.trim());
    else answer(text.trim());
    if (this.#answer === undefined) this.#prompt();
  }

  #prompt(): void {
    if (!this.#over) this.write(this.#line.prompt());
  }
}
