import { type Clock, systemClock } from "../base/clock.ts";

/** Longest stretch of drawing between two turns of the event loop, over all screens together. */
const TURN_MS = 10;

/** Work that is done a piece at a time; `step` says whether more is left. */
export interface Steps {
  step(): boolean;
}

/** Shares the event loop among all screens that have something left to draw, one piece each in turn. */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting: Steps[] = [];
  #scheduled = false;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Queues `work` unless it waits already. */
  add(work: Steps): void {
    if (!this.#waiting.includes(work)) this.#waiting.push(work);
    this.#schedule();
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
