import type { Clock } from "../../base/clock.ts";

/** When a session was opened, used and closed. */
export class Lifetime {
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** How many shells it has had. */
  shells = 0;
  readonly #clock: Clock;
  #used: number;
  #closed: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.openedAt = clock.wallTime();
    this.#used = clock.now();
  }

  /** A caller did something; idle expiry starts over. */
  touch(): void {
    this.#used = this.#clock.now();
  }

  begun(): void {
    this.shells++;
    this.#closed = undefined;
  }

  ended(): void {
    this.#closed = this.#clock.now();
  }

  /** Milliseconds since a caller last acted. */
  get idleMs(): number {
    return this.#clock.now() - this.#used;
  }

  /** Milliseconds since it was closed; 0 while it is open. */
  get closedMs(): number {
    return this.#closed === undefined ? 0 : this.#clock.now() - this.#closed;
  }
}
