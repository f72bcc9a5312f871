import { patternOf } from "../../base/pattern.ts";
import { inSlices } from "../../base/slices.ts";
import { type Change, type Edit, wrong } from "./edit.ts";
import type { TextLines } from "./lines.ts";
import { placesOf } from "./near-miss.ts";
import { replacementOf } from "./replacement.ts";

/** Work on one pattern. */
const BUDGET_MS = 5_000;

/**
 * The matches of a pattern, each within one line: so `^`, `$` and `\s` mean what they look like, however lines end. A `\n` at
 * its end takes the line's end with it. @throws SshMcpError `invalid_argument`.
 */
export async function changesOfPattern(
  lines: TextLines,
  source: string,
  edit: Edit,
): Promise<readonly Change[]> {
  const withEnd = /(?<!\\)(?:\\\\)*\\n$/.test(source);
  const within = withEnd ? source.slice(0, -2) : source;
  if (/(?<!\\)(?:\\\\)*\\[nr]|[\r\n]/.test(within))
    throw wrong(
      "a regex is matched line by line: \\n is possible at its very end only.",
      "Use old for a text of several lines.",
    );
  const pattern = patternOf(withEnd ? `(?:${within})$` : within);
  const replace = replacementOf(edit.new ?? "", pattern);
  const changes: Change[] = [];
  const numbers: number[] = [];
  let tooLong: number | undefined;
  const searched = await inSlices(
    lines.count,
    (index) => {
      const line = index + 1;
      const start = lines.startOf(line);
      const body = lines.view.slice(start, lines.bodyEndOf(line));
      if (body.length > pattern.reach) {
        tooLong ??= line;
        return;
      }
      for (const match of pattern.matches(body)) {
        const end = withEnd ? lines.endOf(line) : "";
        if (withEnd && end === "") continue;
        const from = lines.rawOffset(start + match.from);
        const text = replace(match).replace(/(?<!\r)\n/g, lines.endOf(line) || lines.endOf(line - 1) || "\n");
        changes.push({ from, to: from + (match.to - match.from) + end.length, text });
        numbers.push(line);
      }
    },
    BUDGET_MS,
  );
  if (tooLong !== undefined)
    throw wrong(
      `line ${tooLong} is too long to be searched for this pattern.`,
      "Use a simpler pattern, or old.",
    );
  if (searched < lines.count)
    throw wrong(
      `the search took more than ${BUDGET_MS / 1000} s and was ended.`,
      "Use a simpler pattern, or old.",
    );
  if (changes.length === 0) throw wrong("the regex matches no line");
  if (changes.length > 1 && edit.all !== true)
    throw wrong(
      `the regex matches ${changes.length} times, ${placesOf(numbers)}; it must match once.`,
      "Make it longer, or pass all: true.",
    );
  return changes;
}
