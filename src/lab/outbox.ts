import type { Clock, Disposable } from "../base/clock.ts";

/** How a device's bytes come: so many at a time, so many milliseconds apart; both ends included. */
export interface Pace {
  readonly bytes: readonly [least: number, most: number];
  readonly delayMs: readonly [least: number, most: number];
}

/** Bytes that may wait to be sent; a console that is behind further than this is of no use to anybody. */
const BUDGET = 8 * 1024 * 1024;

type Entry =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "action"; readonly action: () => void };

export interface OutboxOptions {
  output(bytes: Buffer): void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pace: Pace | undefined;
  /** More is waiting than the budget allows; nothing further is taken. */
  overflow(): void;
}

/** What the console says, in order: at once, or in odd pieces with time between. */
export class Outbox implements Disposable {
  readonly #options: OutboxOptions;
  #entries: Entry[] = [];
  #waiting = 0;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Bytes not sent yet. */
  get waiting(): number {
    return this.#waiting;
  }

  write(text: string): void {
    if (text === "" || this.#disposed) return;
    const bytes = Buffer.from(text, "utf8");
    if (this.#waiting + bytes.length > BUDGET) {
      this.dispose();
      this.#options.overflow();
      return;
    }
    this.#waiting += bytes.length;
    this.#take({ kind: "bytes", bytes });
  }

  pause(ms: number): void {
    if (ms > 0) this.#take({ kind: "pause", ms });
  }

  /** Calls `action` once everything before it is sent. */
  afterwards(action: () => void): void {
    this.#take({ kind: "action", action });
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#entries = [];
    this.#waiting = 0;
  }

  #take(entry: Entry): void {
    if (this.#disposed) return;
    this.#entries.push(entry);
    if (this.#timer === undefined) this.#send();
  }

  #send(): void {
    while (this.#timer === undefined) {
      const entry = this.#entries.shift();
      if (entry === undefined) return;
      if (entry.kind === "action") entry.action();
      else if (entry.kind === "pause") this.#wait(entry.ms);
      else this.#sendBytes(entry.bytes);
    }
  }

  #sendBytes(bytes: Buffer): void {
    const { pace, random, output } = this.#options;
    const size = pace === undefined ? bytes.length : Math.max(1, draw(random, pace.bytes));
    const piece = bytes.subarray(0, size);
    const rest = bytes.subarray(size);
    if (rest.length > 0) this.#entries.unshift({ kind: "bytes", bytes: rest });
    this.#waiting -= piece.length;
    if (pace !== undefined) this.#wait(draw(random, pace.delayMs));
    output(piece);
  }

  #wait(ms: number): void {
    this.#timer = this.#options.clock.after(ms, () => {
      this.#timer = undefined;
      this.#send();
    });
  }
}

function draw(random: () => number, [least, most]: readonly [number, number]): number {
  return least + Math.floor(random() * (most - least + 1));
}
