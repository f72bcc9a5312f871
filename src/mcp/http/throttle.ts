import type { Clock } from "../../base/clock.ts";

/** Wrong tokens of one address within the window; then none of its is looked at until the window is over. */
const MOST_WRONG = 20;
const WINDOW_MS = 60_000;
/** Addresses remembered; the one that failed longest ago is forgotten first. */
const MOST_ADDRESSES = 10_000;

/** Slows down who guesses tokens. A request without one is no guess. */
export class Throttle {
  readonly #clock: Pick<Clock, "now">;
  readonly #most: number;
  readonly #wrong = new Map<string, { count: number; since: number }>();

  constructor(clock: Pick<Clock, "now">, most = MOST_WRONG) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Milliseconds until tokens of this address are looked at again; 0: they are. */
  waitMs(address: string): number {
    const known = this.#wrong.get(address);
    if (known === undefined || known.count < this.#most) return 0;
    return Math.max(0, known.since + WINDOW_MS - this.#clock.now());
  }

  failed(address: string): void {
    const now = this.#clock.now();
    const known = this.#wrong.get(address);
    const counts = known !== undefined && now - known.since < WINDOW_MS;
    this.#wrong.delete(address);
    this.#wrong.set(
      address,
      counts ? { count: known.count + 1, since: known.since } : { count: 1, since: now },
    );
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MOST_ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest);
  }
}
