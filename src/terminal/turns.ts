import { type Clock, systemClock } from "../base/clock.ts";

/** Longest stretch of drawing between two turns of the event loop, over all screens together. */
const TURN_MS = 10;

/** What may be drawn on arrival within `AT_ONCE_WINDOW_MS`, over all screens together; more is drawn in turns. */
const AT_ONCE_MS = 8;
const AT_ONCE_WINDOW_MS = 20;

/** Work that is done a piece at a time; `step` says whether more is left. */
export interface Steps {
  step(): boolean;
}

/** Shares the event loop among all screens that have something left to draw, one piece each in turn. */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting: Steps[] = [];
  #scheduled = false;
  #windowStart = Number.NEGATIVE_INFINITY;
  #drawnMs = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Queues `work` unless it waits already. */
  add(work: Steps): void {
    if (!this.#waiting.includes(work)) this.#waiting.push(work);
    this.#schedule();
  }

  /** May something be drawn on arrival, without a turn? */
  get atOnce(): boolean {
    return this.#drawnMs < AT_ONCE_MS || this.#clock.now() - this.#windowStart >= AT_ONCE_WINDOW_MS;
  }

  /** Something was drawn on arrival, since this clock time. */
  drewSince(began: number): void {
    const now = this.#clock.now();
    if (now - this.#windowStart >= AT_ONCE_WINDOW_MS) {
      this.#windowStart = began;
      this.#drawnMs = 0;
    }
    this.#drawnMs += now - began;
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#run();
    });
  }

  #run(): void {
    const end = this.#clock.now() + TURN_MS;
    do {
      const work = this.#waiting.shift();
      if (work === undefined) return;
      if (work.step()) this.#waiting.push(work);
    } while (this.#clock.now() < end);
    this.#schedule();
  }
}

/** The one all screens of this process share. */
export const sharedTurns = new Turns();
