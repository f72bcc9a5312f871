import type { Gap } from "../terminal/types.ts";
import { grouped, type Omission, sizeText } from "./excerpt.ts";

/** Lines of an output, one of them in the place of those that are no longer kept. Numbers count from 1, over all of them. */
export interface Numbered {
  readonly lines: readonly string[];
  readonly gap?: Gap | undefined;
}

export function totalOf({ lines, gap }: Numbered): number {
  return gap === undefined ? lines.length : lines.length - 1 + gap.lines;
}

export function numberOf({ gap }: Numbered, index: number): number {
  return gap === undefined || index <= gap.at ? index + 1 : index + gap.lines;
}

/** Index of a line by its number; of one that is no longer kept, the row in its place. */
export function indexOf({ gap }: Numbered, number: number): number {
  if (gap === undefined || number <= gap.at) return number - 1;
  return number > gap.at + gap.lines ? number - gap.lines : gap.at;
}

/** `lines 3,427 to 166,088 of this output (1.2 MB) are no longer kept`. */
export function gapNotes({ gap }: Numbered, searched = false): string[] {
  if (gap === undefined) return [];
  const numbers = `lines ${grouped(gap.at + 1)} to ${grouped(gap.at + gap.lines)}`;
  const not = searched ? ", and were NOT searched" : ": over the session's transcript budget";
  return [`${numbers} of this output (${sizeText(gap.bytes)}) are no longer kept${not}`];
}

/** What is left out between two parts, those that are no longer kept included. */
export function spreadOver(numbered: Numbered, omission: Omission): Omission {
  const { gap } = numbered;
  if (gap === undefined || !omitsRow(gap.at, omission)) return omission;
  return { ...omission, leftOut: omission.leftOut - 1 + gap.lines, bytes: omission.bytes + gap.bytes };
}

/** Lines that a reader does not see: left out, or no longer kept. */
export function unseenOf({ gap }: Numbered, omission: Omission | undefined): number {
  const left = omission?.leftOut ?? 0;
  if (gap === undefined) return left;
  return left + gap.lines - (omission !== undefined && omitsRow(gap.at, omission) ? 1 : 0);
}

function omitsRow(at: number, { firstLeftOut, leftOut, telling }: Omission): boolean {
  return at >= firstLeftOut && at < firstLeftOut + leftOut + telling;
}
