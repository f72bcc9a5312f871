import type { Clock, Disposable } from "../../base/clock.ts";
import type { Key } from "./keys.ts";

/** What has the keyboard while the prompt has not. It ends by calling back, once. */
export interface Activity extends Disposable {
  key(key: Key): void;
}

/** One key decides. */
export class Question implements Activity {
  readonly #decide: (char: string) => void;
  #over = false;

  /** @param decide gets the character, `""` for Enter and Ctrl-C */
  constructor(decide: (char: string) => void) {
    this.#decide = decide;
  }

  key(key: Key): void {
    const isAnswer = key.kind === "char" || key.kind === "enter" || key.kind === "interrupt";
    if (this.#over || !isAnswer) return;
    this.#over = true;
    this.#decide(key.kind === "char" ? key.char : "");
  }

  dispose(): void {
    this.#over = true;
  }
}

const LONGEST_ENTRY = 1024;

/** A value typed on a row of its own; a secret shows as stars. */
export class Entry implements Activity {
  readonly #write: (text: string) => void;
  readonly #secret: boolean;
  readonly #done: (value: string | undefined) => void;
  #chars: string[] = [];
  #over = false;

  /** @param done gets the value, undefined after Ctrl-C */
  constructor(options: {
    write(text: string): void;
    secret?: boolean;
    done(value: string | undefined): void;
  }) {
    this.#write = options.write;
    this.#secret = options.secret ?? false;
    this.#done = options.done;
  }

  key(key: Key): void {
    if (this.#over) return;
    if (key.kind === "char" && this.#chars.length < LONGEST_ENTRY) {
      this.#chars.push(key.char);
      this.#write(this.#secret ? "*" : key.char);
    } else if (key.kind === "backspace" && this.#chars.pop() !== undefined) this.#write("\b \b");
    else if (key.kind === "enter") this.#end(this.#chars.join(""));
    else if (key.kind === "interrupt") this.#end(undefined);
  }

  dispose(): void {
    this.#over = true;
  }

  #end(value: string | undefined): void {
    this.#over = true;
    this.#write("\r\n");
    this.#done(value);
  }
}

/** A command that says nothing for a while. Keys typed meanwhile are for the prompt after it. */
export class Wait implements Activity {
  readonly #ahead: (key: Key) => void;
  readonly #done: (interrupted: boolean) => void;
  readonly #timer: Disposable;

  constructor(options: {
    clock: Clock;
    ms: number;
    ahead(key: Key): void;
    done(interrupted: boolean): void;
  }) {
    this.#ahead = options.ahead;
    this.#done = options.done;
    this.#timer = options.clock.after(options.ms, () => this.#done(false));
  }

  key(key: Key): void {
    if (key.kind !== "interrupt") {
      this.#ahead(key);
      return;
    }
    this.dispose();
    this.#done(true);
  }

  dispose(): void {
    this.#timer.dispose();
  }
}
