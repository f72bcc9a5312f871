import type { Pattern } from "../base/pattern.ts";
import { inSlices } from "../base/slices.ts";

/** Work on one search; what it has not come to by then is said. */
const BUDGET_MS = 10_000;

export interface Found {
  /** `123: text` for a match, `124- text` for context, `--` between groups, as `grep -n -C` prints them. */
  readonly lines: readonly string[];
  readonly matches: number;
  /** Lines too long to be searched for this pattern. */
  readonly skipped: number;
  /** Lines at the end that were not searched, the time being up. */
  readonly unsearched: number;
}

/** How lines are numbered, and the index of a row that is none of them. */
interface Numbers {
  readonly of: (index: number) => number;
  readonly gap?: number | undefined;
}

/** Takes secrets out before a pattern sees them: what matched would tell them piece by piece. Rows stay as many. */
export type Hide = (text: string) => string;

function shownLines(hide: Hide | undefined, lines: readonly string[]): readonly string[] {
  if (hide === undefined) return lines;
  const shown = hide(lines.join("\n")).split("\n");
  return shown.length === lines.length ? shown : lines.map((line) => hide(line));
}

/** Matching lines with `context` lines around them, numbered from `first` or as it says. Time is linear in the text, and bounded. */
export async function grepLines(
  printed: readonly string[],
  pattern: Pattern,
  context: number,
  first: number | Numbers = 1,
  hide?: Hide,
): Promise<Found> {
  const lines = shownLines(hide, printed);
  const numbers: Numbers = typeof first === "number" ? { of: (index) => first + index } : first;
  const out: string[] = [];
  let matches = 0;
  let skipped = 0;
  let shownTo = -1; // index of the last line already in `out`
  let contextTo = -1;
  const search = (i: number) => {
    const line = lines[i] ?? "";
    const tooLong = line.length > pattern.reach;
    if (tooLong) skipped++;
    if (!tooLong && i !== numbers.gap && pattern.find(line) !== undefined) {
      matches++;
      const from = Math.max(shownTo + 1, i - context);
      if (context > 0 && shownTo >= 0 && from > shownTo + 1) out.push("--");
      for (let j = from; j < i; j++) out.push(`${numbers.of(j)}- ${lines[j] ?? ""}`);
      out.push(`${numbers.of(i)}: ${line}`);
      shownTo = i;
      contextTo = i + context;
    } else if (i <= contextTo) {
      out.push(`${numbers.of(i)}- ${line}`);
      shownTo = i;
    }
  };
  const searched = await inSlices(lines.length, search, BUDGET_MS);
  return { lines: out, matches, skipped, unsearched: lines.length - searched };
}

/** What a search left out, as notes. */
export function unsearchedNotes({
  skipped,
  unsearched,
}: Pick<Found, "skipped" | "unsearched">): readonly string[] {
  return [
    ...(skipped > 0
      ? [
          `${lineCount(skipped)} too long for this pattern and NOT searched: use a simpler pattern, or read by offset`,
        ]
      : []),
    ...(unsearched > 0
      ? [
          `the search was ended after ${BUDGET_MS / 1000} s with ${lineCount(unsearched)} NOT searched: use a simpler pattern, or offset and lines`,
        ]
      : []),
  ];
}

function lineCount(count: number): string {
  return count === 1 ? "1 line" : `${count.toLocaleString("en")} lines`;
}
