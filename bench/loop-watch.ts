import { monitorEventLoopDelay } from "node:perf_hooks";

/** What `watchLoop` saw, in milliseconds. */
export interface LoopBlocks {
  readonly longest: number;
  readonly p99: number;
  /** The longest time between two turns that this process itself worked for; the rest it waited for a core. */
  readonly longestBusy: number;
}

/** Watches how long the event loop is blocked until the answer is called. */
export function watchLoop(): () => LoopBlocks {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let wall = performance.now();
  let cpu = process.cpuUsage();
  let longestBusy = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const used = process.cpuUsage(cpu);
    // Helper threads of V8 count into the usage, so it may exceed the time that passed.
    longestBusy = Math.max(longestBusy, Math.min(now - wall, (used.user + used.system) / 1000));
    wall = now;
    cpu = process.cpuUsage();
  }, 1);
  delay.enable();
  return () => {
    delay.disable();
    clearInterval(timer);
    return { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6, longestBusy };
  };
}

/** For a table: `12 ms (p99 3.00 ms)`. */
export function showBlocks({ longest, p99, longestBusy }: LoopBlocks): string {
  return `${longest.toFixed(0)} ms, ${longestBusy.toFixed(0)} ms of it working (p99 ${p99.toFixed(1)} ms)`;
}
