import type { ChangeWindow } from "../base/contract/policy.ts";

const DAY = 24 * 60;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** Is it now one of these times, on this machine's clock? */
export function isWithin(windows: readonly ChangeWindow[], now: Date): boolean {
  const minute = now.getHours() * 60 + now.getMinutes();
  const day = now.getDay();
  return windows.some(({ days, from, to }) => {
    if (to > from) return days.includes(day) && minute >= from && minute < to;
    // It began yesterday, or goes on until tomorrow.
    return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
  });
}

/** When the next of them begins: `Sat 2026-11-28 22:00 (in 3 h)`; undefined: none ever does. */
export function nextWindow(windows: readonly ChangeWindow[], now: Date): string | undefined {
  const minute = now.getHours() * 60 + now.getMinutes();
  const waits = windows.flatMap(({ days, from }) =>
    days.map((day) => {
      const wait = ((day - now.getDay() + 7) * DAY + from - minute) % (7 * DAY);
      return wait === 0 ? 7 * DAY : wait;
    }),
  );
  if (waits.length === 0) return undefined;
  const wait = Math.min(...waits);
  // By the calendar, so that a clock that is put forward or back in between does not move it.
  const at = new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate(),
    now.getHours(),
    now.getMinutes() + wait,
  );
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${DAYS[at.getDay()]} ${date} ${time} (in ${lengthOf(wait)})`;
}

const two = (number: number) => String(number).padStart(2, "0");

function lengthOf(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2 * DAY ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / DAY)} days`;
}
