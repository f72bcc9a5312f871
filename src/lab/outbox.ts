import type { Clock, Disposable } from "../base/clock.ts";

/** How a device's bytes come: so many at a time, so many milliseconds apart; both ends included. */
export interface Pace {
  readonly bytes: readonly [least: number, most: number];
  readonly delayMs: readonly [least: number, most: number];
}

/** Bytes that may wait to be sent; a console that is behind further than this is of no use to anybody. */
const BUDGET = 8 * 1024 * 1024;

const BS = 0x08;
const LF = 0x0a;
const CR = 0x0d;

/** The column behind a CR whose LF has not come: the row is not left yet. */
const RETURNED = -1;

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
  /** Where the device's cursor stands behind the bytes sent. */
  #column = 0;

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

  /**
   * A row of its own where the next row begins, in front of what is still to come; behind a row that stands unfinished, a
   * prompt or a typed line, it begins a new one.
   */
  interject(row: string): void {
    if (this.#disposed) return;
    const { at, column } = this.#nextRow();
    const bytes = Buffer.from(column === 0 ? `${row}\r\n` : `\r\n${row}\r\n`, "utf8");
    this.#waiting += bytes.length;
    this.#entries.splice(at, 0, { kind: "bytes", bytes });
    if (this.#timer === undefined) this.#send();
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

  /** Where in what is still to be sent the next row begins; without one, its end and the column there. */
  #nextRow(): { readonly at: number; readonly column: number } {
    if (this.#column === 0) return { at: 0, column: 0 };
    let column = this.#column;
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.kind !== "bytes") continue;
      const end = entry.bytes.indexOf(LF) + 1;
      if (end === 0) {
        column = columnBehind(entry.bytes, column);
        continue;
      }
      const halves = [entry.bytes.subarray(0, end), entry.bytes.subarray(end)];
      const kept = halves
        .filter((bytes) => bytes.length > 0)
        .map((bytes) => ({ kind: "bytes" as const, bytes }));
      this.#entries.splice(index, 1, ...kept);
      return { at: index + 1, column: 0 };
    }
    return { at: this.#entries.length, column };
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
    this.#column = columnBehind(piece, this.#column);
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

function columnBehind(bytes: Buffer, before: number): number {
  let column = before;
  for (const byte of bytes) {
    if (byte === CR) column = RETURNED;
    else if (byte === LF && column === RETURNED) column = 0;
    else if (byte === BS) column = Math.max(0, column - 1);
    else if (byte >= 0x20) column = Math.max(0, column) + 1;
  }
  return column;
}

function draw(random: () => number, [least, most]: readonly [number, number]): number {
  return least + Math.floor(random() * (most - least + 1));
}
