import type { Clock, Disposable } from "../../base/clock.ts";

/** How long somebody waits for a channel: until their own signal or until their time is over, as one signal. */
export class Patience implements Disposable {
  readonly #over = new AbortController();
  readonly #timer: Disposable;
  readonly #theirs: AbortSignal | undefined;

  /** `late` is the reason when the time is over; asked then, since it may say what was waited for. */
  constructor(clock: Clock, timeoutMs: number, late: () => Error, theirs?: AbortSignal) {
    this.#theirs = theirs;
    this.#timer = clock.after(timeoutMs, () => this.#over.abort(late()));
    theirs?.addEventListener("abort", this.#given, { once: true });
    if (theirs?.aborted) this.#given();
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  dispose(): void {
    this.#timer.dispose();
    this.#theirs?.removeEventListener("abort", this.#given);
  }

  readonly #given = (): void => this.#over.abort(this.#theirs?.reason);
}
