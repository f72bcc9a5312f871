import { setImmediate } from "node:timers/promises";

/** Longest stretch of work on one result before other sessions get their turn. */
const SLICE_MS = 15;
/** Steps between two readings of the clock. */
const STEPS = 64;

/** Calls `step` for 0 to `count - 1` without holding up the rest of the program: an output may have millions of lines. */
export async function inSlices(count: number, step: (index: number) => void): Promise<void> {
  let started = performance.now();
  for (let index = 0; index < count; index++) {
    step(index);
    if (index % STEPS !== 0 || performance.now() - started < SLICE_MS) continue;
    await setImmediate();
    started = performance.now();
  }
}
