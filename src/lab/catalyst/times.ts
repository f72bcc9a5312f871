/** `Nov 21 09:10:00.859`, as log rows begin. */
export function logTime(wallTime: number): string {
  const now = new Date(wallTime);
  return `${part(now, { month: "short" })} ${String(now.getUTCDate()).padStart(2, " ")} ${now.toISOString().slice(11, 23)}`;
}

/** `*09:10:00.859 UTC Sat Nov 21 2026`; the star: nobody has set the clock. */
export function clockRow(wallTime: number): string {
  const now = new Date(wallTime);
  return `*${now.toISOString().slice(11, 23)} ${zoneAndDay(now)}`;
}

/** `09:10:00 UTC Sat Nov 21 2026`. */
export function dayTime(wallTime: number): string {
  const now = new Date(wallTime);
  return `${now.toISOString().slice(11, 19)} ${zoneAndDay(now)}`;
}

/** `Nov-21-09-10-00.859`, in the names of archived files. */
export function fileTime(wallTime: number): string {
  const now = new Date(wallTime);
  const day = String(now.getUTCDate()).padStart(2, "-");
  return `${part(now, { month: "short" })}-${day}-${now.toISOString().slice(11, 23).replaceAll(":", "-")}`;
}

/** `0:05:00`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function zoneAndDay(now: Date): string {
  const day = `${part(now, { weekday: "short" })} ${part(now, { month: "short" })} ${now.getUTCDate()}`;
  return `UTC ${day} ${now.getUTCFullYear()}`;
}

function part(now: Date, options: Intl.DateTimeFormatOptions): string {
  return now.toLocaleString("en-US", { ...options, timeZone: "UTC" });
}
