import type { Clock, Disposable } from "../../base/clock.ts";
import type { Command } from "./command-log.ts";
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
  /** Transcript end when the wait began: a state older than the caller's act does not end the wait. */
  readonly since: number;
}

/** How a wait ended, and the command that ended it where one did. */
export interface Settled {
  readonly state: State;
  readonly command?: Command;
}

interface Pending {
  readonly wait: Wait;
  readonly resolve: (settled: Settled) => void;
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
  /** Clock time of the last bytes. */
  lastBytes: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.lastBytes = clock.now();
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Waits at most `timeoutMs`. Aborting ends the wait as a timeout does; the session is not touched. */
  start(wait: Wait, timeoutMs: number, signal: AbortSignal | undefined): Promise<Settled> {
    return new Promise((resolve) => {
      const expire = () => this.#finish(pending, { state: { state: "running", evidence: "timeout" } });
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

  /** Ends every wait for which `decide` gives an end. */
  settle(decide: (wait: Wait) => Settled | undefined): void {
    for (const pending of [...this.#pending]) {
      const settled = decide(pending.wait);
      if (settled) this.#finish(pending, settled);
    }
  }

  /** The first prompt was reached. */
  settleReady(state: State): void {
    this.settle(({ about }) => (about === "ready" || about === "news" ? { state } : undefined));
  }

  /** Ends every wait with the same state, about the command in front. */
  settleAll(state: State, command: Command | undefined): void {
    this.settle(() => ({ state, ...(command === undefined ? {} : { command }) }));
  }

  /** New bytes have arrived. */
  onBytes(end: number): void {
    this.lastBytes = this.#clock.now();
    for (const pending of [...this.#pending]) {
      const { anyAfter } = pending.wait;
      if (anyAfter !== undefined && end > anyAfter) {
        // A little longer, so that a reader gets a whole burst and not its first bytes.
        pending.gathering ??= this.#clock.after(GATHER_MS, () =>
          this.#finish(pending, { state: { state: "running", evidence: "output" } }),
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
          this.#finish(pending, { state: { state: "running", evidence: "matched", match: step.match } });
        } else if (step?.more) more = true;
      }
      if (more) this.#armWatch(1);
    });
  }

  #finish(pending: Pending, settled: Settled): void {
    if (!this.#pending.delete(pending)) return;
    pending.timer.dispose();
    pending.gathering?.dispose();
    pending.release();
    pending.resolve(settled);
  }
}
