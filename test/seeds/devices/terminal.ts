import type { Disposable } from "../../../src/base/clock.ts";
import { Emitter } from "../../../src/base/emitter.ts";
import type { ChannelEnd, LinkInfo, OpenedPty, PtyChannel } from "../../../src/ssh/contract.ts";
import type { FakeClock } from "../../fake-clock.ts";

/** How what a device prints is cut and delayed: bytes of the next part, and milliseconds in front of it. */
export interface Pace {
  bytes(): number;
  ms(): number;
}

interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** The device's own side of a terminal is over; a script ends with it. */
export class Closed extends Error {}

export interface LineOptions {
  readonly prompt?: string;
  /** A function says what is shown for a key of the line that is now `line`. */
  readonly echo?: boolean | ((key: string, line: string) => string);
}

export interface PageOptions {
  readonly size?: number;
  readonly more?: string;
  /** What takes the pager's row off; left out: backspaces, blanks, backspaces. */
  readonly erase?: string;
  readonly quit?: string;
}

const CTRL_C = "\u0003";
const CTRL_U = "\u0015";

/** One terminal of a scripted device, on a clock that stands still: a script writes bytes and reads keys and lines. */
export class Terminal implements PtyChannel {
  readonly opened: OpenedPty;
  /** Every line that was entered, in order. */
  readonly lines: string[] = [];
  /** Everything that was typed. */
  got = "";
  /** Keys that nobody has read. */
  readonly keys: string[] = [];
  readonly cols: number;
  readonly rows: number;
  readonly #clock: FakeClock;
  readonly #pace: Pace | undefined;
  readonly #data = new Emitter<Buffer>(raise);
  readonly #ends = new Emitter<ChannelEnd>(raise);
  #early: Buffer[] | undefined = [];
  #wake: (() => void) | undefined;
  #over: ChannelEnd | undefined;
  /** Clock time before which nothing more is sent. */
  #sentUntil = 0;

  constructor(clock: FakeClock, info: LinkInfo, { cols, rows }: Size, pace: Pace | undefined) {
    this.#clock = clock;
    this.#pace = pace;
    this.cols = cols;
    this.rows = rows;
    this.opened = { channel: this, info };
  }

  // What the device does.

  /** Prints; what was printed arrives in its order, as the pace says. */
  print(text: string): void {
    if (this.#over) return;
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + (this.#pace?.bytes() ?? bytes.length));
      from += part.length;
      this.#send(() => this.#deliver(part));
    }
  }

  #send(arrive: () => void): void {
    this.#sentUntil = Math.max(this.#sentUntil, this.#clock.now()) + (this.#pace?.ms() ?? 0);
    this.#clock.after(this.#sentUntil - this.#clock.now() + 1, arrive);
  }

  /** Prints parts with pauses (numbers, milliseconds) between them. */
  async slow(parts: readonly (string | number)[]): Promise<void> {
    for (const part of parts) {
      if (typeof part === "number") await this.sleep(part);
      else this.print(part);
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }

  /** Does something after `ms`. */
  later(ms: number, act: () => void): void {
    this.#clock.after(ms, act);
  }

  /** The next key, left unread; undefined where none comes within `ms`. @throws Closed */
  async peek(ms?: number): Promise<string | undefined> {
    if (this.keys.length === 0 && !this.#over)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (ms !== undefined) this.#clock.after(ms, resolve);
      });
    if (this.keys.length === 0 && this.#over) throw new Closed();
    return this.keys[0];
  }

  /** The next key. @throws Closed */
  async key(): Promise<string> {
    for (;;) {
      await this.peek();
      const key = this.keys.shift();
      if (key !== undefined) return key;
    }
  }

  /** The next key, where one comes within `ms`. @throws Closed */
  async keyWithin(ms: number): Promise<string | undefined> {
    await this.peek(ms);
    return this.keys.shift();
  }

  /** Reads until that key comes. */
  async until(key: string): Promise<void> {
    while ((await this.key()) !== key);
  }

  /** A line, as a simple editor reads it; undefined where Ctrl-C gave it up. */
  async line({ prompt = "", echo = true }: LineOptions = {}): Promise<string | undefined> {
    this.print(prompt);
    const show = typeof echo === "function" ? echo : (key: string) => (echo ? key : "");
    for (let line = ""; ; ) {
      const key = await this.key();
      if (key === "\r" || key === "\n") {
        if (key === "\r" && this.keys[0] === "\n") this.keys.shift();
        this.print("\r\n");
        this.lines.push(line);
        return line;
      }
      if (key === CTRL_C) {
        this.print("^C\r\n");
        this.lines.push("^C");
        return undefined;
      }
      if (key === CTRL_U) {
        this.print("\b \b".repeat(line.length));
        line = "";
      } else if (key === "\u007f" || key === "\b") {
        if (line !== "") this.print("\b \b");
        line = line.slice(0, -1);
      } else if (key >= " ") {
        line += key;
        this.print(show(key, line));
      }
    }
  }

  /** Prints rows page by page. @returns false where the pager was left. */
  async page(rows: readonly string[], options: PageOptions = {}): Promise<boolean> {
    const { size = 23, more = " --More-- ", quit = "q" } = options;
    const back = "\b".repeat(more.length);
    const { erase = `${back}${" ".repeat(more.length)}${back}` } = options;
    for (const [index, row] of rows.entries()) {
      this.print(`${row}\r\n`);
      if ((index + 1) % size !== 0 || index + 1 === rows.length) continue;
      this.print(more);
      const key = await this.key();
      this.print(erase);
      if (key === quit) return false;
    }
    return true;
  }

  /** Ends the session behind what was printed. */
  exit(code = 0): void {
    this.#send(() => this.#finish({ reason: "exit", code }));
  }

  // What the other side does.

  write(bytes: Uint8Array | string): void {
    const text = Buffer.from(bytes).toString("utf8");
    this.got += text;
    this.keys.push(...text);
    this.#woken();
  }

  close(): void {
    this.#finish({ reason: "closed_by_us" });
  }

  resize(): void {}
  pause(): void {}
  resume(): void {}

  /** What came before the first listener is kept for it. */
  onData(listener: (chunk: Buffer) => void): Disposable {
    const subscription = this.#data.event(listener);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const part of early) this.#data.fire(part);
    return subscription;
  }

  onClose(listener: (end: ChannelEnd) => void): Disposable {
    if (this.#over) listener(this.#over);
    return this.#ends.event(listener);
  }

  #deliver(part: Buffer): void {
    if (this.#early) this.#early.push(part);
    else this.#data.fire(part);
  }

  #finish(end: ChannelEnd): void {
    if (this.#over) return;
    this.#over = end;
    this.#woken();
    this.#ends.fire(end);
  }

  #woken(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function raise(error: unknown): never {
  throw error;
}
