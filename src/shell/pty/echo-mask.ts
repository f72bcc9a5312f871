const MARK = Buffer.from("[secret]");
const CR = 0x0d;
const LF = 0x0a;
/** Rows behind the one it was typed on in which its echo may still come: a log row can be in between. */
const LATE_ROWS = 3;
/** Bytes after which an echo is not waited for any more. */
const MOST_BYTES = 4 * 1024;

/**
 * Takes the echo of a secret that was just typed out of what the device sends, however short it is and however it is cut:
 * nothing behind this, neither screen nor transcript, ever holds it. On the row it was typed on it is found anywhere, on the
 * few rows behind it where it stands alone. Everything else passes unchanged.
 */
export class EchoMask {
  /** How many echoes were taken out. */
  count = 0;
  #value: Buffer | undefined;
  /** Bytes kept back that may be its beginning. */
  #held: Buffer = Buffer.alloc(0);
  #rows = 0;
  #passed = 0;
  #rowBegins = false;

  /** This is being typed as a secret now. */
  typed(value: string): void {
    this.#value = value === "" ? undefined : Buffer.from(value);
    this.#rows = 0;
    this.#passed = 0;
    this.#rowBegins = false;
  }

  /** What of the bytes may be shown now. */
  shown(chunk: Buffer): Buffer {
    if (this.#value === undefined && this.#held.length === 0) return chunk;
    const input = Buffer.concat([this.#held, chunk]);
    const out: Buffer[] = [];
    let at = 0;
    while (at < input.length && this.#value !== undefined) {
      const found = this.#look(input, at, this.#value);
      if (found === "more") break;
      if (found === "echo") {
        out.push(MARK);
        this.count++;
        at += this.#value.length;
        // Its own row is over with the next line feed, and with it what could be its echo.
        this.#rows = LATE_ROWS;
        this.#rowBegins = false;
        continue;
      }
      out.push(input.subarray(at, at + 1));
      this.#pass(input[at] ?? 0);
      at++;
    }
    if (this.#value === undefined) {
      this.#held = Buffer.alloc(0);
      return Buffer.concat([...out, input.subarray(at)]);
    }
    this.#held = Buffer.from(input.subarray(at));
    return Buffer.concat(out);
  }

  /** The device sends nothing more: what was kept back, masked where it is the better half of the secret. */
  flush(): Buffer {
    const [held, value] = [this.#held, this.#value];
    this.#held = Buffer.alloc(0);
    this.#value = undefined;
    if (value === undefined || held.length * 2 < value.length) return held;
    this.count++;
    return MARK;
  }

  #look(input: Buffer, at: number, value: Buffer): "echo" | "other" | "more" {
    const own = this.#rows === 0;
    if (!own && !this.#rowBegins) return "other";
    const there = input.subarray(at, at + value.length);
    if (!value.subarray(0, there.length).equals(there)) return "other";
    if (there.length < value.length) return "more";
    if (own) return "echo";
    const next = input[at + value.length];
    if (next === undefined) return "more";
    return next === CR || next === LF ? "echo" : "other";
  }

  #pass(byte: number): void {
    this.#passed++;
    if (byte === LF) this.#rows++;
    this.#rowBegins = byte === LF || byte === CR;
    if (this.#rows > LATE_ROWS || this.#passed > MOST_BYTES) this.#value = undefined;
  }
}
