import type { Command } from "../record/command-log.ts";

interface Pending {
  readonly text: string;
  begun(command: Command): void;
  refused(error: unknown): void;
}

/** An order that is not a command yet: one at a time, and it ends as a command or with a refusal. */
export class PendingOrder {
  #pending: Pending | undefined;

  /** Text of the order; undefined: there is none. */
  get text(): string | undefined {
    return this.#pending?.text;
  }

  /** Takes an order; `prepare` begins to make a command of it. */
  take(text: string, prepare: () => void): Promise<Command> {
    return new Promise((begun, refused) => {
      this.#pending = { text, begun, refused };
      prepare();
    });
  }

  begun(command: Command): void {
    this.#pending?.begun(command);
    this.#pending = undefined;
  }

  /** `error` is made only where there is an order. False: there was none to refuse. */
  refuse(error: () => unknown): boolean {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.refused(error());
    return pending !== undefined;
  }
}
