import type { Clock, Disposable } from "../../base/clock.ts";
import type { State } from "./outcome.ts";
import type { PatternWatch } from "./pattern-watch.ts";

/** What a waiting caller is after. */
export interface Wait {
  /** `command`: that command's end. `ready`: the first prompt. `news`: whatever settles next. */
  readonly about: "command" | "ready" | "news";
  /** The command the wait is about; 0 when none. */
  readonly command: number;
  /** Any byte behind this cursor is enough (a read that was not asked to wait for an end). */
  readonly anyAfter: number | undefined;
  readonly watch: PatternWatch | undefined;
  /** Transcript end when the wait began: a standing state older than what the caller did is not news. */
  readonly since: number;
}

interface Pending {
  readonly wait: Wait;
  readonly resolve: (state: State) => void;
  readonly timer: Disposable;
  readonly release: () => void;
  /** Set once enough has come and only the rest of the burst is waited for. */
  gathering?: Disposable;
}

/** How often a caller's pattern is tried while output streams in. */
const WATCH_INTERVAL_MS = 30;
/** A read that takes whatever is new waits this long for the rest of a burst. */
const GATHER_MS = 100;

/** The callers that wait on one session. Each ends exactly once: settled, matched, aborted or timed out. */
export class Waits {
  readonly #clock: Clock;
  readonly #pending = new Set<Pending>();
  #watching: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Waits at most `timeoutMs`. Aborting ends the wait as a timeout does; the session is not touched. */
  start(wait: Wait, timeoutMs: number, signal: AbortSignal | undefined): Promise<State> {
    return new Promise((resolve) => {
      const expire = () => this.#finish(pending, { state: "running", evidence: "timeout" });
      signal?.addEventListener("abort", expire, { once: true });
      const pending: Pending = {
        wait,
        resolve,
        timer: this.#clock.after(timeoutMs, expire),
        release: () => signal?.removeEventListener("abort", expire),
      };
      this.#pending.add(pending);
      if (signal?.aborted) expire();
      else if (wait.watch) this.#armWatch(0);
    });
  }

  /** Ends every wait for which `decide` gives a state. */
  settle(decide: (wait: Wait) => State | undefined): void {
    for (const pending of [...this.#pending]) {
      const state = decide(pending.wait);
      if (state) this.#finish(pending, state);
    }
  }

  /** New bytes have arrived. */
  onBytes(end: number): void {
    for (const pending of [...this.#pending]) {
      const { anyAfter } = pending.wait;
      if (anyAfter !== undefined && end > anyAfter) {
        // A little longer, so that a reader gets a whole burst and not its first bytes.
        pending.gathering ??= this.#clock.after(GATHER_MS, () =>
          this.#finish(pending, { state: "running", evidence: "output" }),
        );
      } else if (pending.wait.watch) this.#armWatch(WATCH_INTERVAL_MS);
    }
  }

  #armWatch(ms: number): void {
    this.#watching ??= this.#clock.after(ms, () => {
      this.#watching = undefined;
      let more = false;
      for (const pending of [...this.#pending]) {
        const step = pending.wait.watch?.step();
        if (step?.match !== undefined) {
          this.#finish(pending, { state: "running", evidence: "matched", match: step.match });
        } else if (step?.more) more = true;
      }
      if (more) this.#armWatch(1);
    });
  }

  #finish(pending: Pending, state: State): void {
    if (!this.#pending.delete(pending)) return;
    pending.timer.dispose();
    pending.gathering?.dispose();
    pending.release();
    pending.resolve(state);
  }
}
