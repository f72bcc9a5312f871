/** The value below which the part `p` (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Milliseconds `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Samples of every contestant, taken in turns so that whatever else the machine does hits all alike; the first round of
 * each warms up and does not count.
 */
export async function inTurns<K extends string>(
  rounds: number,
  contestants: ReadonlyMap<K, () => Promise<number>>,
): Promise<(name: K) => readonly number[]> {
  const samples = new Map<K, number[]>();
  for (const name of contestants.keys()) samples.set(name, []);
  for (let round = -1; round < rounds; round++) {
    for (const [name, sample] of contestants) {
      const value = await sample();
      if (round >= 0) samples.get(name)?.push(value);
    }
  }
  return (name) => samples.get(name) ?? [];
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
export const times = (value: number): string => `${value.toFixed(2)}×`;
export const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
