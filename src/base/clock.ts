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
  /** Calls `action` once after `ms`, unless disposed first. Never keeps the process alive by itself. */
  after(ms: number, action: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    timer.unref();
    return { dispose: () => clearTimeout(timer) };
  },
};
