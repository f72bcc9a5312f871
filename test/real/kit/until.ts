export interface UntilOptions {
  /** How long to wait at most; default 10 s. */
  readonly timeoutMs?: number;
  /** What is waited for, and what was seen instead: the error's text when the time is up. */
  readonly describe: string | (() => string);
  /** Milliseconds between two looks; default 10. */
  readonly everyMs?: number;
}

/** Resolves with the first truthy value of `look`. @throws after `timeoutMs`, naming what never came. */
export async function until<T>(
  look: () => T | Promise<T>,
  options: UntilOptions,
): Promise<NonNullable<Exclude<T, false | "" | 0>>> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() >= deadline) {
      const what = typeof options.describe === "string" ? options.describe : options.describe();
      throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10));
  }
}

function isThere<T>(value: T): value is NonNullable<Exclude<T, false | "" | 0>> {
  return Boolean(value);
}

interface Subscribable<T> {
  // biome-ignore lint/style/useShorthandFunctionType: mirrors the project's Event type, whose result is disposable
  (listener: (value: T) => void): { dispose(): void };
}

/** Resolves with the first value of an event that `wanted` accepts. @throws after `timeoutMs`, naming what never came. */
export function expectEvent<T>(
  event: Subscribable<T>,
  options: {
    readonly timeoutMs?: number;
    readonly describe: string;
    readonly wanted?: (value: T) => boolean;
  },
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`Not within ${timeoutMs} ms: ${options.describe}`));
    }, timeoutMs);
    const subscription = event((value) => {
      if (options.wanted !== undefined && !options.wanted(value)) return;
      clearTimeout(timer);
      // An event that fires inside the subscription itself has nothing to dispose yet.
      queueMicrotask(() => subscription.dispose());
      resolve(value);
    });
  });
}
