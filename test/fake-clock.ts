import type { Clock, Disposable } from "../src/base/clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** More timers than this in one stretch of time is a tight loop. */
const FIRED_AT_MOST = 10_000;

/** Time that passes only when a test says so; timers fire one by one, each at its own moment. */
export class FakeClock implements Clock {
  /** Wall time at `now() === 0`. */
  readonly epoch: number;
  #now = 0;
  #ordered = 0;
  readonly #timers = new Set<Timer>();

  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.epoch + this.#now;
  }

  after(ms: number, action: () => void): Disposable {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#ordered++, action };
    this.#timers.add(timer);
    return { dispose: () => this.#timers.delete(timer) };
  }

  /** Timers that are armed. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer fires; undefined when none is armed. */
  get next(): number | undefined {
    const timer = this.#earliest();
    return timer && timer.at - this.#now;
  }

  /** Lets `ms` pass, in one go. @returns how many timers fired. */
  advance(ms: number): number {
    const end = this.#now + ms;
    let fired = 0;
    while (this.#fireNext(end)) this.#count(++fired);
    this.#now = end;
    return fired;
  }

  /** Lets `ms` pass, and what the timers set in motion (promises, screens that draw) come to rest after each. */
  async pass(ms: number): Promise<number> {
    const end = this.#now + ms;
    let fired = 0;
    await settled();
    while (this.#fireNext(end)) {
      this.#count(++fired);
      await settled();
    }
    this.#now = end;
    return fired;
  }

  #fireNext(end: number): boolean {
    const timer = this.#earliest();
    if (timer === undefined || timer.at > end) return false;
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.action();
    return true;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (
        earliest === undefined ||
        timer.at < earliest.at ||
        (timer.at === earliest.at && timer.order < earliest.order)
      )
        earliest = timer;
    }
    return earliest;
  }

  #count(fired: number): void {
    if (fired > FIRED_AT_MOST)
      throw new Error(`a tight loop: more than ${FIRED_AT_MOST} timers fired by ${this.#now} ms`);
  }
}

/** A few turns of the event loop: everything that only waits for promises or `setImmediate` has happened. */
export async function settled(turns = 4): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
