import { closeSync, openSync, readSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What `watchLoop` saw, in milliseconds. */
export interface LoopBlocks {
  readonly longest: number;
  readonly p99: number;
  /** The longest time the main thread ran between two turns; whatever else a block lasted it waited for a core. */
  readonly longestRun: number;
}

/** Watches how long the event loop is blocked until the answer is called. */
export function watchLoop(): () => LoopBlocks {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const clock = threadClock();
  let last = clock.now();
  let longestRun = 0;
  const timer = setInterval(() => {
    const now = clock.now();
    longestRun = Math.max(longestRun, now - last);
    last = now;
  }, 1);
  delay.enable();
  return () => {
    delay.disable();
    clearInterval(timer);
    clock.close();
    return { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6, longestRun };
  };
}

/** For a table: `12 ms, ran at most 9 ms (p99 3.0 ms)`. */
export function showBlocks({ longest, p99, longestRun }: LoopBlocks): string {
  return `${longest.toFixed(0)} ms, ran at most ${longestRun.toFixed(0)} ms (p99 ${p99.toFixed(1)} ms)`;
}

/** Milliseconds the main thread has run: the first number of its schedstat (Linux, Documentation/scheduler/sched-stats). */
function threadClock(): { now(): number; close(): void } {
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  const bytes = Buffer.alloc(64);
  return {
    now: () => Number(bytes.toString("latin1", 0, readSync(file, bytes, 0, 64, 0)).split(" ")[0]) / 1e6,
    close: () => closeSync(file),
  };
}
