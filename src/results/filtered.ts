import type { SessionText } from "../multiplexer/types.ts";
import { grouped } from "./excerpt.ts";
import { grepLines, type Hide, unsearchedNotes } from "./grep.ts";
import { numberOf, totalOf } from "./numbered.ts";
import type { OutputFilter } from "./result.ts";

/** The part of an output that a filter lets through, and the words that say of how much. */
export interface FilteredOutput {
  readonly rows: readonly string[];
  /** `matches=5 of 500 lines`, `lines=491-500 of 500`. */
  readonly words: string;
  readonly notes: readonly string[];
}

/** `before`: lines of the command's output before this text. */
export async function filtered(
  text: SessionText,
  { grep, context = 0, tail }: OutputFilter,
  before: number,
  hide?: Hide,
): Promise<FilteredOutput> {
  const total = totalOf(text);
  const from = tail === undefined ? 0 : Math.max(0, text.lines.length - tail);
  const lines = text.lines.slice(from);
  const number = (index: number) => before + numberOf(text, from + index);
  const part =
    lines.length === text.lines.length
      ? `of ${grouped(total)} ${total === 1 ? "line" : "lines"}`
      : `lines=${number(0)}-${number(lines.length - 1)} of ${grouped(before + total)}`;
  if (grep === undefined) return { rows: lines, words: from === 0 ? part.slice(3) : part, notes: [] };
  const gap = text.gap === undefined ? undefined : text.gap.at - from;
  const found = await grepLines(lines, grep, context, { of: number, gap }, hide);
  return { rows: found.lines, words: `matches=${found.matches} ${part}`, notes: unsearchedNotes(found) };
}
