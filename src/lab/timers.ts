import type { Clock, Disposable } from "../base/clock.ts";

/** Timers that end together. */
export class Timers implements Disposable {
  readonly #clock: Clock;
  readonly #armed = new Set<Disposable>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, action: () => void): Disposable {
    const timer = this.#clock.after(ms, () => {
      this.#armed.delete(timer);
      action();
    });
    this.#armed.add(timer);
    return {
      dispose: () => {
        timer.dispose();
        this.#armed.delete(timer);
      },
    };
  }

  dispose(): void {
    for (const timer of this.#armed) timer.dispose();
    this.#armed.clear();
  }
}
