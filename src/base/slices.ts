import { setImmediate } from "node:timers/promises";

/** Longest stretch of work on one result before other sessions get their turn. */
const SLICE_MS = 15;

/**
 * Calls `step` for 0 to `count - 1` without holding up the rest of the program: an output may have millions of lines, and
 * one line may cost as much as thousands. Ends after `budgetMs` of work. Gives how many steps were done.
 */
export async function inSlices(
  count: number,
  step: (index: number) => void,
  budgetMs = Number.POSITIVE_INFINITY,
): Promise<number> {
  let started = performance.now();
  let worked = 0;
  for (let index = 0; index < count; index++) {
    step(index);
    const ms = performance.now() - started;
    if (worked + ms > budgetMs) return index + 1;
    if (ms < SLICE_MS) continue;
    worked += ms;
    await setImmediate();
    started = performance.now();
  }
  return count;
}
