import type { Clock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { DroppedEarly } from "../handshake/network-errors.ts";

/** sshd's default MaxStartups (10:30:100) drops at random from the tenth unauthenticated connection on. */
const MAX_DIALS = 5;
const MAX_TRIES = 10;
const FIRST_BACKOFF_MS = 60;
const MAX_BACKOFF_MS = 1_500;

/** Runs at most five dials to one host at once, and repeats those the server dropped before it identified itself. */
export class DialLimiter {
  readonly #clock: Clock;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `withinMs` bounds the tries together; the last error is thrown once it or the tries are used up. */
  async run<T>(withinMs: number, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      const deadline = this.#clock.now() + withinMs;
      for (let tries = 1; ; tries++) {
        try {
          return await attempt();
        } catch (error) {
          const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
          const late = this.#clock.now() + backoff > deadline;
          if (!(error instanceof DroppedEarly) || signal.aborted || tries === MAX_TRIES || late) throw error;
          // Jitter, or all that were dropped together come back together.
          await this.#pause(backoff * (0.5 + Math.random()), signal);
        }
      }
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < MAX_DIALS) {
      this.#running++;
      return;
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** Hands the place to the next in line, or gives it back. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running--;
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        timer.dispose();
        reject(new SshMcpError("connect_failed", "The connection attempt was given up."));
      };
      const timer = this.#clock.after(ms, () => {
        signal.removeEventListener("abort", abort);
        resolve();
      });
      signal.addEventListener("abort", abort, { once: true });
    });
  }
}
