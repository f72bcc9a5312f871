import { inspect } from "node:util";

const SHOWN = "[secret]";

/** A secret's value, which nothing shows by accident: printing, serialising and inspecting give `[secret]`. */
export class Secret {
  readonly #value: string;
  readonly #revealed: (value: string) => void;

  /** `revealed` learns the value each time somebody takes it. */
  constructor(value: string, revealed: (value: string) => void = () => {}) {
    this.#value = value;
    this.#revealed = revealed;
  }

  /** The value itself: for the moment of use, never to be kept. */
  reveal(): string {
    this.#revealed(this.#value);
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
