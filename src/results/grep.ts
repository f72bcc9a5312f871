import { RE2JS } from "re2js";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import { MAX_PATTERN } from "./budget.ts";
import { inSlices } from "./slices.ts";

export interface Found {
  /** `123: text` for a match, `124- text` for context, `--` between groups, as `grep -n -C` prints them. */
  readonly lines: readonly string[];
  readonly matches: number;
}

/** @throws SshMcpError `invalid_argument` for a pattern RE2 does not accept. */
export function compilePattern(pattern: string): RE2JS {
  if (pattern.length > MAX_PATTERN)
    throw new SshMcpError("invalid_argument", `a pattern may have at most ${MAX_PATTERN} characters.`);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new SshMcpError(
      "invalid_argument",
      `${JSON.stringify(visibleLine(pattern, 80))} is not a valid RE2 pattern.`,
      "RE2 has no look-around and no back-references; (?i) makes it case-insensitive; escape literal brackets.",
      { cause: error },
    );
  }
}

/** Matching lines with `context` lines around them, numbered from `first`. Time is linear in the text. */
export async function grepLines(
  lines: readonly string[],
  regex: RE2JS,
  context: number,
  first = 1,
): Promise<Found> {
  const out: string[] = [];
  let matches = 0;
  let shownTo = -1; // index of the last line already in `out`
  let contextTo = -1;
  await inSlices(lines.length, (i) => {
    const line = lines[i] ?? "";
    if (regex.matcher(line).find()) {
      matches++;
      const from = Math.max(shownTo + 1, i - context);
      if (shownTo >= 0 && from > shownTo + 1) out.push("--");
      for (let j = from; j < i; j++) out.push(`${first + j}- ${lines[j] ?? ""}`);
      out.push(`${first + i}: ${line}`);
      shownTo = i;
      contextTo = i + context;
    } else if (i <= contextTo) {
      out.push(`${first + i}- ${line}`);
      shownTo = i;
    }
  });
  return { lines: out, matches };
}
