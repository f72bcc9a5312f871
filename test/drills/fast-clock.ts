import { type Clock, systemClock } from "../../src/base/clock.ts";

/** Time of a device that passes so many times faster than ours. */
export function fastClock(times: number): Clock {
  const began = systemClock.wallTime();
  return {
    now: () => systemClock.now() * times,
    wallTime: () => began + (systemClock.wallTime() - began) * times,
    after: (ms, action) => systemClock.after(ms / times, action),
  };
}
