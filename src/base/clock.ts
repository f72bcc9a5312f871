/** A resource that is released once; releasing it again does nothing. */
export interface Disposable {
  dispose(): void;
}

/** Time as the rest of the program sees it, so that waits and expiries are tested without sleeping. */
export interface Clock {
  /** Milliseconds, monotonic; only differences mean anything. */
  now(): number;
  /** Milliseconds since the Unix epoch. */
  wallTime(): number;
  /** Calls `action` once after `ms`, unless disposed first. */
  after(ms: number, action: () => void): Disposable;
}

export const systemClock: Clock = clockOf((timer) => timer.unref());

/** The same for a command that ends by itself: the process lives on while it waits, also where only time can end the wait. */
export const commandClock: Clock = clockOf(() => {});

function clockOf(started: (timer: NodeJS.Timeout) => void): Clock {
  return {
    now: () => performance.now(),
    wallTime: () => Date.now(),
    after(ms, action) {
      const timer = setTimeout(action, ms);
      started(timer);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}
