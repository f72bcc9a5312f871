import {
  autocomplete,
  autocompleteMultiselect,
  CANCEL_SYMBOL,
  confirm,
  select,
  text as textPrompt,
} from "@clack/prompts";
import { visible, visibleLine } from "../../../base/text.ts";
import { columns, wrapped } from "../../wrapped.ts";
import { Back, type Choice, Left, matches, type Prompts, type TextQuestion } from "./prompts.ts";

/** Columns of the frame around a row, and of its mark. */
const FRAME = 6;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SHOW_CURSOR = "\u001b[?25h";

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** The prompts at this process's terminal, which is as it was before once they are closed. */
export class TerminalPrompts implements Prompts {
  readonly #input = process.stdin;
  #left = false;
  #asking: AbortController | undefined;
  #interrupt: (() => void) | undefined;

  constructor() {
    // In front of the prompts' own listener, which tells Escape and Ctrl-C not apart.
    this.#input.on("keypress", this.#key);
    for (const signal of SIGNALS) process.on(signal, this.#leave);
    this.#raw(true);
  }

  search(question: string, choices: readonly Choice[], initial?: string): Promise<string> {
    const labels = new Map(choices.map(({ value, label }) => [value, label]));
    return this.#ask((signal) =>
      autocomplete<string>({
        message: line(question),
        options: this.#options(choices),
        maxItems: itemsBelow(question),
        filter: (words, { value }) => matches(words, labels.get(value) ?? ""),
        signal,
        ...(initial === undefined ? {} : { initialValue: initial }),
      }),
    );
  }

  choose(question: string, choices: readonly Choice[], initial?: string): Promise<string> {
    return this.#ask((signal) =>
      select<string>({
        message: line(question),
        options: this.#options(choices),
        signal,
        ...(initial === undefined ? {} : { initialValue: initial }),
      }),
    );
  }

  several(question: string, choices: readonly Choice[]): Promise<readonly string[]> {
    const labels = new Map(choices.map(({ value, label }) => [value, label]));
    return this.#ask((signal) =>
      autocompleteMultiselect<string>({
        message: line(question),
        options: this.#options(choices),
        maxItems: itemsBelow(question),
        filter: (words, { value }) => matches(words, labels.get(value) ?? ""),
        required: true,
        signal,
      }),
    );
  }

  async text(question: string, { initial, placeholder, check }: TextQuestion = {}): Promise<string> {
    const validate = async (typed: unknown) => {
      const reason = await check?.(String(typed ?? "").trim());
      return reason === undefined ? { value: typed } : { issues: [{ message: line(reason) }] };
    };
    const answer = await this.#ask((signal) =>
      textPrompt({
        message: line(question),
        signal,
        ...(initial === undefined ? {} : { initialValue: initial }),
        ...(placeholder === undefined ? {} : { placeholder }),
        validate: { "~standard": { version: 1, vendor: "ssh-mcp", validate } },
      }),
    );
    return answer.trim();
  }

  agree(question: string, initial: boolean): Promise<boolean> {
    return this.#ask((signal) => confirm({ message: line(question), initialValue: initial, signal }));
  }

  say(text: string): void {
    for (const one of visible(text).split("\n")) process.stdout.write(`${wrapped("", one, columns())}\n`);
  }

  show(text: string): void {
    process.stdout.write(`${visible(text)}\n`);
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#raw(false);
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#interrupt = () => reject(new Left());
    });
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      this.#interrupt = undefined;
      this.#raw(true);
    }
  }

  close(): void {
    this.#input.off("keypress", this.#key);
    for (const signal of SIGNALS) process.off(signal, this.#leave);
    this.#raw(false);
    this.#input.pause();
    process.stdout.write(SHOW_CURSOR);
  }

  async #ask<T>(prompt: (signal: AbortSignal) => Promise<T | typeof CANCEL_SYMBOL>): Promise<T> {
    if (this.#left) throw new Left();
    const asking = new AbortController();
    this.#asking = asking;
    const answer = await prompt(asking.signal);
    this.#asking = undefined;
    // Keys that come before the next question wait for it and are not echoed.
    this.#raw(true);
    if (this.#left) throw new Left();
    if (answer === CANCEL_SYMBOL) throw new Back();
    return answer;
  }

  #options(choices: readonly Choice[]) {
    const room = Math.max(columns() - FRAME, 10);
    return choices.map(({ value, label }) => ({
      value,
      label: cut(visible(label.replace(/\s/g, " ")), room),
    }));
  }

  readonly #key = (_text: unknown, { name, ctrl = false }: Key = {}): void => {
    // What is typed while the terminal is lent is not meant for the menus.
    if (this.#interrupt !== undefined && this.#asking === undefined) return;
    if (ctrl && name === "c") this.#left = true;
    // The end of input closes the line editor below a prompt, which then never answers.
    if (ctrl && name === "d") this.#asking?.abort();
  };

  readonly #leave = (): void => {
    this.#left = true;
    this.#asking?.abort();
    this.#interrupt?.();
  };

  #raw(on: boolean): void {
    if (this.#input.isTTY) this.#input.setRawMode(on);
  }
}

/** Rows of a list that the terminal has below a question, beside the frame, the search and the keys' names. */
function itemsBelow(question: string): number {
  const above = Math.ceil(line(question).length / Math.max(columns() - FRAME, 10));
  return Math.max((process.stdout.rows || 24) - above - 9, 3);
}

function cut(text: string, room: number): string {
  const chars = Array.from(text.trimEnd());
  return chars.length <= room ? chars.join("") : `${chars.slice(0, room - 1).join("")}…`;
}

function line(text: string): string {
  return visibleLine(text, 2000);
}
