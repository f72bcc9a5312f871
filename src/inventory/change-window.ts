import type { ChangeWindow } from "../base/contract/policy.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SPAN = /^(?:([a-z, -]+?)\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/;

/** `mon-fri 22:00-05:00`, `sat,sun 00:00-24:00`, `01:00-03:00`; undefined for what is none. */
export function parseWindow(text: string): ChangeWindow | undefined {
  const [, days, ...times] = SPAN.exec(text.trim().toLowerCase()) ?? [];
  const [fromHour = 25, fromMinute = 60, toHour = 25, toMinute = 60] = times.map(Number);
  const on = days === undefined ? DAYS.map((_, day) => day) : daysIn(days);
  const from = minutes(fromHour, fromMinute);
  const to = minutes(toHour, toMinute);
  if (on === undefined || from === undefined || to === undefined || from === 24 * 60) return undefined;
  return { days: on, from, to };
}

function minutes(hour: number, minute: number): number | undefined {
  const all = hour * 60 + minute;
  return minute < 60 && all <= 24 * 60 ? all : undefined;
}

function daysIn(text: string): readonly number[] | undefined {
  const days = text.split(",").map((part) => {
    const [first = -1, last = first, ...more] = part.split("-").map((day) => DAYS.indexOf(dayName(day)));
    if (first < 0 || last < 0 || more.length > 0) return undefined;
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, step) => (first + step) % 7);
  });
  return days.every((one) => one !== undefined) ? [...new Set(days.flat())] : undefined;
}

function dayName(text: string): string {
  return text.trim().slice(0, 3);
}
