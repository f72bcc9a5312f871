import type { Clock, Disposable } from "../../base/clock.ts";

/** The time one hop has, which stands still while something on our side is waited for. */
export class HopTime implements Disposable {
  readonly #clock: Clock;
  readonly #late: () => void;
  #leftMs: number;
  #since: number;
  #timer: Disposable | undefined;
  #holds = 0;
  #over = false;

  constructor(clock: Clock, ms: number, late: () => void) {
    this.#clock = clock;
    this.#late = late;
    this.#leftMs = ms;
    this.#since = clock.now();
    this.#timer = clock.after(ms, late);
  }

  /** Stops the time until the result is called. Whoever holds it bounds its own wait. */
  hold(): () => void {
    if (this.#holds++ === 0) {
      this.#timer?.dispose();
      this.#leftMs -= this.#clock.now() - this.#since;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds > 0 || this.#over) return;
      this.#since = this.#clock.now();
      this.#timer = this.#clock.after(Math.max(0, this.#leftMs), this.#late);
    };
  }

  dispose(): void {
    this.#over = true;
    this.#timer?.dispose();
  }
}
