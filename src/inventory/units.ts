const DURATION_UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Record<string, number> = { b: 1, k: 1024, kib: 1024, m: 1024 ** 2, mib: 1024 ** 2 };

/** Timers take 31 bits of milliseconds; longer ones would fire at once. Sizes are bound by the same number. */
export const MOST = 2 ** 31 - 1;

/** A number of seconds, or text such as `30m`, `1h30m`, `500ms`; the result is milliseconds. Undefined: not a duration. */
export function parseDuration(value: number | string): number | undefined {
  if (typeof value === "number") return inRange(value * 1000);
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return inRange(Number(text) * 1000);
  if (!/^(?:\d+(?:\.\d+)?(?:[mM][sS]|[smhdSMHD]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(amount) * (DURATION_UNITS[unit ?? ""] ?? Number.NaN);
  }
  return inRange(total);
}

/** A number of bytes, or text such as `64KiB`, `8MiB`. Undefined: not a size. */
export function parseSize(value: number | string): number | undefined {
  if (typeof value === "number") return inRange(value);
  const match = /^(\d+)\s*([bB]|[kKmM](?:[iI][bB])?)?$/.exec(value.trim());
  if (match === null) return undefined;
  return inRange(Number(match[1]) * (SIZE_UNITS[match[2]?.toLowerCase() ?? "b"] ?? Number.NaN));
}

function inRange(value: number): number | undefined {
  return Number.isFinite(value) && value >= 0 && value <= MOST ? Math.round(value) : undefined;
}
