import type { Clock, Disposable } from "../../../src/base/clock.ts";
import { Emitter } from "../../../src/base/emitter.ts";
import type { ChannelEnd, Exec, OpenedPty, PtyChannel } from "../../../src/ssh/contract.ts";

import type { FarEnd } from "./far-end.ts";

/** Bytes at one moment of the clock. */
export interface Passed {
  readonly at: number;
  readonly text: string;
}

/** The one secret of these tests: what a mode's password question is answered with. */
export const SECRET = "enable-secret";

/**
 * The link between us and a far end: each direction keeps its order, and each piece takes as long as `delay` says then.
 * Notes every byte twice: when we wrote it, and when the far end received it.
 */
export class Wire implements PtyChannel {
  /** The terminal as a link hands it out. */
  readonly opened: OpenedPty;
  readonly sent: Passed[] = [];
  readonly received: Passed[] = [];
  readonly sizes: string[] = [];
  readonly #end: FarEnd;
  readonly #clock: Clock;
  readonly #delay: () => number;
  readonly #data = new Emitter<Buffer>(raise);
  readonly #closed = new Emitter<ChannelEnd>(raise);
  /** Arrival of the newest piece in each direction; none comes before it. */
  #upAt = 0;
  #downAt = 0;
  #cut = false;
  #over: ChannelEnd | undefined;
  #paused: Buffer[] | undefined;

  constructor(end: FarEnd, clock: Clock, delay: () => number) {
    this.#end = end;
    this.#clock = clock;
    this.#delay = delay;
    const { info, beside } = end.opened;
    this.opened = { channel: this, info, ...(beside === undefined ? {} : { beside: this.#delayed(beside) }) };
    end.onData((bytes) => this.#down(() => this.#deliver(bytes)));
    end.onClose((how) => this.#down(() => this.#finish(how)));
  }

  write(bytes: Uint8Array | string): void {
    const text = Buffer.from(bytes).toString("utf8");
    this.sent.push({ at: this.#clock.now(), text });
    this.#up(() => {
      this.received.push({ at: this.#clock.now(), text });
      this.#end.write(text);
    });
  }

  resize(cols: number, rows: number): void {
    this.#up(() => {
      this.sizes.push(`${cols}x${rows}`);
      this.#end.resize(cols, rows);
    });
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const held = this.#paused ?? [];
    this.#paused = undefined;
    for (const bytes of held) this.#deliver(bytes);
  }

  close(): void {
    this.#up(() => this.#end.close());
  }

  /** The connection breaks: what is on its way is lost, and the far end learns nothing of it. */
  cut(message = "read ECONNRESET"): void {
    this.#cut = true;
    this.#finish({ reason: "disconnect", message });
  }

  onData(listener: (chunk: Buffer) => void): Disposable {
    return this.#data.event(listener);
  }

  onClose(listener: (end: ChannelEnd) => void): Disposable {
    if (this.#over) listener(this.#over);
    return this.#closed.event(listener);
  }

  /** Asked over the same link. */
  #delayed(beside: Exec): Exec {
    return async (command, options) => {
      await new Promise<void>((resolve) => this.#clock.after(2 * this.#delay(), resolve));
      return beside(command, options);
    };
  }

  #up(arrive: () => void): void {
    this.#upAt = Math.max(this.#upAt, this.#clock.now() + this.#delay());
    this.#clock.after(this.#upAt - this.#clock.now(), () => {
      if (!this.#cut) arrive();
    });
  }

  #down(arrive: () => void): void {
    this.#downAt = Math.max(this.#downAt, this.#clock.now() + this.#delay());
    this.#clock.after(this.#downAt - this.#clock.now(), () => {
      if (!this.#cut) arrive();
    });
  }

  #deliver(bytes: Buffer): void {
    if (this.#over) return;
    if (this.#paused) this.#paused.push(bytes);
    else this.#data.fire(bytes);
  }

  #finish(how: ChannelEnd): void {
    if (this.#over) return;
    this.#over = how;
    this.#closed.fire(how);
  }
}

/** A listener that throws would be a defect of ours, not of the link: let the test see it. */
function raise(error: unknown): never {
  throw error;
}
