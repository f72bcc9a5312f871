import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { visible, visibleLine } from "../../../base/text.ts";
import { columns, wrapped } from "../../wrapped.ts";
import { Back, type Choice, Left, matches, type Prompts, type TextQuestion } from "./prompts.ts";

const BACK = "<";
const EMPTY = "-";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The prompts as lines that are read one after the other: for screen readers, and terminals that cannot redraw. */
export class PlainPrompts implements Prompts {
  readonly #lines: Interface;
  readonly #output: Writable;
  readonly #typed: string[] = [];
  /** Somebody waits for the next line, or for the end. */
  #waiting: { readonly line: (text: string) => void; readonly left: (error: Left) => void } | undefined;
  #left = false;
  #interrupt: (() => void) | undefined;

  constructor(input: Readable = process.stdin, output: Writable = process.stdout) {
    this.#output = output;
    this.#lines = createInterface({ input, terminal: false });
    this.#lines.on("line", (text) => {
      if (this.#waiting === undefined) this.#typed.push(text);
      else this.#waiting.line(text);
    });
    this.#lines.once("close", this.#leave);
    for (const signal of SIGNALS) process.on(signal, this.#leave);
    this.say(`An answer that is only ${BACK} goes one step back; Ctrl-C leaves.`);
  }

  async search(question: string, choices: readonly Choice[]): Promise<string> {
    this.#list(question, choices, choices);
    for (;;) {
      const answer = await this.#ask("Number, or words to search for");
      const [chosen] = numbered(answer, choices);
      if (chosen !== undefined) return chosen;
      if (/^\d+$/.test(answer)) {
        this.say(`There are 1 to ${choices.length}.`);
        continue;
      }
      const rows = choices.filter(({ label }) => matches(answer, label));
      if (rows.length === 0) this.say("No row has that.");
      else this.#list(question, rows, choices);
    }
  }

  choose(question: string, choices: readonly Choice[]): Promise<string> {
    return this.search(question, choices);
  }

  async several(question: string, choices: readonly Choice[]): Promise<readonly string[]> {
    this.#list(question, choices, choices);
    for (;;) {
      const words = (await this.#ask("Numbers, with blanks between"))
        .split(/[\s,]+/)
        .filter((word) => word !== "");
      const chosen = words.flatMap((word) => numbered(word, choices));
      if (chosen.length > 0 && chosen.length === words.length) return [...new Set(chosen)];
      this.say(`At least one is needed, from 1 to ${choices.length}.`);
    }
  }

  async text(question: string, { initial = "", placeholder, check }: TextQuestion = {}): Promise<string> {
    const now = initial === "" ? (placeholder ?? "") : `now: ${initial}; Enter keeps it, ${EMPTY} empties it`;
    this.say(now === "" ? question : `${question} (${now})`);
    for (;;) {
      const answer = await this.#ask("Answer");
      const text = answer === "" ? initial : answer === EMPTY && initial !== "" ? "" : answer;
      const refused = await check?.(text);
      if (refused === undefined) return text;
      this.say(refused);
    }
  }

  async agree(question: string, initial: boolean): Promise<boolean> {
    for (;;) {
      const answer = (await this.#ask(`${question} ${initial ? "[Y/n]" : "[y/N]"}`)).toLowerCase();
      if (answer === "") return initial;
      if (["y", "yes", "n", "no"].includes(answer)) return answer.startsWith("y");
    }
  }

  say(text: string): void {
    for (const one of visible(text).split("\n")) this.#output.write(`${wrapped("", one, columns())}\n`);
  }

  show(text: string): void {
    this.#output.write(`${visible(text)}\n`);
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#interrupt = () => reject(new Left());
    });
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      this.#interrupt = undefined;
    }
  }

  close(): void {
    this.#lines.off("close", this.#leave);
    for (const signal of SIGNALS) process.off(signal, this.#leave);
    this.#lines.close();
  }

  /** Prints rows with the numbers that they have among all. */
  #list(question: string, rows: readonly Choice[], all: readonly Choice[]): void {
    this.say(question);
    for (const row of rows) this.show(`${all.indexOf(row) + 1}. ${visibleLine(row.label)}`);
  }

  async #ask(question: string): Promise<string> {
    if (this.#left) throw new Left();
    this.#output.write(`${visibleLine(question, 2000)}: `);
    const typed = this.#typed.shift() ?? (await this.#line());
    const answer = typed.trim();
    if (answer === BACK) throw new Back();
    return answer;
  }

  #line(): Promise<string> {
    return new Promise<string>((line, left) => {
      this.#waiting = { line, left };
    }).finally(() => {
      this.#waiting = undefined;
    });
  }

  readonly #leave = (): void => {
    this.#left = true;
    this.#waiting?.left(new Left());
    this.#interrupt?.();
  };
}

function numbered(word: string, choices: readonly Choice[]): string[] {
  const found = /^\d+$/.test(word) ? choices[Number(word) - 1] : undefined;
  return found === undefined ? [] : [found.value];
}
