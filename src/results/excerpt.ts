import { inSlices } from "../base/slices.ts";
import { grouped } from "../base/text.ts";
import type { Budget } from "./budget.ts";

export { grouped } from "../base/text.ts";

/** Shares of the budget: the beginning, and rows between that read like errors; the end gets the rest. */
const HEAD_SHARE = 1 / 4;
const TELLING_SHARE = 1 / 4;
/** Rows that are shown though they are in the middle. */
const TELLING = /error|fail|denied|fatal|traceback|^%/i;
export const TELLING_WORDS = "error|fail|denied|fatal|traceback|^%";
/** A line with such a row that is longer is cut inside. */
const TELLING_CHARS = 300;

export interface Omission {
  /** Index of the first line left out. */
  readonly firstLeftOut: number;
  /** Lines that are not shown at all, and their bytes. */
  readonly leftOut: number;
  readonly bytes: number;
  /** Rows from between that are shown because they match `TELLING_WORDS`, and how many do. */
  readonly telling: number;
  readonly matching: number;
}

export interface Excerpt {
  readonly lines: readonly string[];
  /** Set when something is missing. */
  readonly omission?: Omission;
}

export interface ExcerptOptions {
  /** Writes the line that fills the gap. */
  readonly marker: (omission: Omission) => string;
  /** Number of the line with this index; left out: none of the lines between is shown. `undefined`: it is not known. */
  readonly numberOf?: (index: number) => number | undefined;
}

/**
 * `lines` within the budget: all of them, or the first, the last, and of those between the first that read like errors,
 * with their numbers, cut at line ends. A single line longer than its share is cut inside, and says so itself.
 */
export async function excerpt(
  lines: readonly string[],
  { whole, cut }: Budget,
  { marker, numberOf }: ExcerptOptions,
): Promise<Excerpt> {
  if (lengthOf(lines) <= whole) return { lines };
  const headBudget = Math.floor(cut * HEAD_SHARE);
  const head = fitting(lines, headBudget);
  const [first = ""] = lines;
  const shorter = head === 0 && lines.length > 1 ? cutInside(first, headBudget) : first;
  // A line that is as short as a cut one already is left out where it does not fit.
  if (shorter.length < first.length)
    return excerpt(
      [shorter, ...lines.slice(1)],
      { whole, cut },
      { marker, ...(numberOf ? { numberOf } : {}) },
    );
  const room = cut - headBudget;
  const reserved = numberOf === undefined ? 0 : Math.floor(cut * TELLING_SHARE);
  const from = tailFrom(lines, head, room - reserved);
  const found = numberOf === undefined ? NONE : await tellingRows(lines, head, from, reserved, numberOf);
  // What they did not need is the end's.
  const tail = tailFrom(lines, head, room - found.used);
  const telling = found.rows.filter(({ index }) => index < tail);
  const last = tail === lines.length ? [cutInside(lines.at(-1) ?? "", room - found.used)] : lines.slice(tail);
  const begin = lines.slice(0, head);
  const end = tail === lines.length ? lines.length - 1 : tail;
  const rows = telling.filter(({ index }) => index < end);
  const leftOut = end - head - rows.length;
  if (leftOut <= 0 && rows.length === 0) return { lines: [...begin, ...last] };
  const shown = new Set(rows.map(({ index }) => index));
  let bytes = 0;
  await inSlices(end - head, (at) => {
    if (!shown.has(head + at)) bytes += Buffer.byteLength(lines[head + at] ?? "", "utf8") + 1;
  });
  const omission = { firstLeftOut: head, leftOut, bytes, telling: rows.length, matching: found.matching };
  const between = rows.length === 0 ? [] : [...rows.map(({ text }) => text), "…"];
  return { lines: [...begin, marker(omission), ...between, ...last], omission };
}

/** How many of the first lines fit. */
function fitting(lines: readonly string[], budget: number): number {
  let room = budget;
  let count = 0;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    count++;
  }
  return count;
}

/** Index of the first of the last lines that fit; the number of lines where not even the last one does. */
function tailFrom(lines: readonly string[], least: number, budget: number): number {
  let room = budget;
  let from = lines.length;
  while (from > least) {
    room -= (lines[from - 1] ?? "").length + 1;
    if (room < 0) break;
    from--;
  }
  return from;
}

interface Telling {
  readonly rows: readonly { readonly index: number; readonly text: string }[];
  readonly matching: number;
  readonly used: number;
}

const NONE: Telling = { rows: [], matching: 0, used: 0 };

async function tellingRows(
  lines: readonly string[],
  from: number,
  to: number,
  budget: number,
  numberOf: (index: number) => number | undefined,
): Promise<Telling> {
  const rows: { index: number; text: string }[] = [];
  let matching = 0;
  let used = 0;
  await inSlices(Math.max(0, to - from), (at) => {
    const index = from + at;
    const line = lines[index] ?? "";
    if (!TELLING.test(line)) return;
    matching++;
    const text = `${numberOf(index) ?? "?"}: ${cutInside(line, TELLING_CHARS)}`;
    if (used + text.length + 1 > budget) return;
    used += text.length + 1;
    rows.push({ index, text });
  });
  return { rows, matching, used };
}

/** ` 3 of 12 lines of it that match …:`, for the line that fills the gap; empty where there are none. */
export function tellingWord({ telling, matching }: Omission): string {
  return telling === 0
    ? ""
    : `; ${grouped(telling)} of ${grouped(matching)} lines in it that match ${TELLING_WORDS}:`;
}

/** `shown=120 of 200,000 lines`; the plain count where all are seen. */
export function shownWord(total: number, unseen: number): string {
  const word = `${grouped(total)} ${total === 1 ? "line" : "lines"}`;
  return unseen === 0 ? word : `shown=${grouped(total - unseen)} of ${word}`;
}

/** A line longer than `limit`: its two ends with the count of what is missing between them. */
export function cutInside(line: string, limit: number): string {
  const room = Math.max(40, limit - 60);
  if (line.length <= room) return line;
  const head = wholeCharacters(line, 0, Math.floor(room * HEAD_SHARE));
  const tail = wholeCharacters(line, line.length - (room - head.length), line.length);
  return `${head}… ${grouped(line.length - head.length - tail.length)} characters of this line left out …${tail}`;
}

/** A slice that never splits a surrogate pair. */
function wholeCharacters(text: string, from: number, to: number): string {
  const isLow = (index: number) => (text.charCodeAt(index) & 0xfc00) === 0xdc00;
  return text.slice(isLow(from) ? from + 1 : from, isLow(to) ? to - 1 : to);
}

function lengthOf(lines: readonly string[]): number {
  let total = 0;
  for (const line of lines) total += line.length + 1;
  return total;
}

/** `812 B`, `3.1 kB`, `3.1 MB` (decimal units). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
