import { createHash } from "node:crypto";
import type { Clock } from "../../base/clock.ts";

/** Wrong tokens of one address within the window; then none of its is looked at until the window is over. */
const MOST_WRONG = 20;
const WINDOW_MS = 60_000;
/** Addresses remembered; the one that failed longest ago is forgotten first. */
const MOST_ADDRESSES = 10_000;
/** Tokens remembered as right, with their addresses. */
const MOST_RIGHT = 10_000;

/**
 * Slows down who guesses tokens. A request without one is no guess, and one that was right before from the same address is not
 * held up by others behind it.
 */
export class Throttle {
  readonly #clock: Pick<Clock, "now">;
  readonly #most: number;
  readonly #wrong = new Map<string, { count: number; since: number }>();
  readonly #right = new Set<string>();

  constructor(clock: Pick<Clock, "now">, most = MOST_WRONG) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Milliseconds until this token of this address is looked at; 0: it is. */
  waitMs(address: string, token?: string): number {
    const known = this.#wrong.get(address);
    if (known === undefined || known.count < this.#most) return 0;
    if (token !== undefined && this.#right.has(together(address, token))) return 0;
    return Math.max(0, known.since + WINDOW_MS - this.#clock.now());
  }

  passed(address: string, token: string): void {
    const right = together(address, token);
    this.#right.delete(right);
    this.#right.add(right);
    const [oldest] = this.#right;
    if (this.#right.size > MOST_RIGHT && oldest !== undefined) this.#right.delete(oldest);
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

/** Tokens themselves are not kept. */
function together(address: string, token: string): string {
  return `${address} ${createHash("sha256").update(token).digest("base64")}`;
}
