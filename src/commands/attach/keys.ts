/** Ctrl-\: no line editor and no pager uses it, and the terminal's own meaning (SIGQUIT) is off in raw mode. */
const PREFIX = 0x1c;

interface Told {
  /** Keys for the session. */
  typed(bytes: Buffer): void;
  /** The key behind the prefix. */
  command(key: string): void;
}

/** Takes the keys of a person apart: what is for the session, and what is for us. */
export class KeyReader {
  readonly #told: Told;
  #prefixed = false;

  constructor(told: Told) {
    this.#told = told;
  }

  push(bytes: Buffer): void {
    let from = 0;
    for (const [at, byte] of bytes.entries()) {
      if (this.#prefixed) {
        this.#prefixed = false;
        from = at + 1;
        if (byte === PREFIX) this.#told.typed(Buffer.of(PREFIX));
        else this.#told.command(String.fromCharCode(byte).toLowerCase());
      } else if (byte === PREFIX) {
        if (at > from) this.#told.typed(bytes.subarray(from, at));
        from = at + 1;
        this.#prefixed = true;
      }
    }
    if (from < bytes.length) this.#told.typed(bytes.subarray(from));
  }
}
