import { inSlices } from "./slices.ts";

/** Share of the budget for the beginning; the end is where errors are. */
const HEAD_SHARE = 1 / 4;

export interface Excerpt {
  readonly lines: readonly string[];
  /** Set when something is missing: the omitted lines are `firstLeftOut` (from 0) and the `leftOut - 1` after it. */
  readonly omission?: { readonly firstLeftOut: number; readonly leftOut: number; readonly bytes: number };
}

/**
 * `lines` within `budget` characters: all of them, or head and tail cut at line ends. `marker` writes the line that
 * fills the gap. A single line longer than its share is cut inside, and says so itself.
 */
export async function excerpt(
  lines: readonly string[],
  budget: number,
  marker: (omission: NonNullable<Excerpt["omission"]>) => string,
): Promise<Excerpt> {
  if (lengthOf(lines) <= budget) return { lines };
  const headBudget = Math.floor(budget * HEAD_SHARE);
  const tailBudget = budget - headBudget;

  const head: string[] = [];
  let room = headBudget;
  for (const line of lines) {
    if (line.length + 1 > room) break;
    head.push(line);
    room -= line.length + 1;
  }
  const tail: string[] = [];
  room = tailBudget;
  for (let i = lines.length - 1; i >= head.length; i--) {
    const line = lines[i] ?? "";
    if (line.length + 1 > room) {
      // A giant last line must not leave the tail empty: its end is what the caller waits for.
      if (tail.length === 0) tail.unshift(cutInside(line, tailBudget));
      break;
    }
    tail.unshift(line);
    room -= line.length + 1;
  }
  const first = lines[head.length];
  if (head.length === 0 && first !== undefined && tail.length < lines.length)
    head.push(cutInside(first, headBudget));

  const firstLeftOut = head.length;
  const leftOut = lines.length - head.length - tail.length;
  if (leftOut <= 0) return { lines: [...head, ...tail] };
  let bytes = 0;
  await inSlices(leftOut, (index) => {
    bytes += Buffer.byteLength(lines[firstLeftOut + index] ?? "", "utf8") + 1;
  });
  const omission = { firstLeftOut, leftOut, bytes };
  return { lines: [...head, marker(omission), ...tail], omission };
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

/** `48,210`; the same in every locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `812 B`, `3.1 kB`, `3.1 MB` (decimal units). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
