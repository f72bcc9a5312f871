import { patternOf } from "../base/pattern.ts";
import type { CommandRecord, SessionView } from "../multiplexer/types.ts";
import { grepLines } from "./grep.ts";
import { outputOf } from "./output-range.ts";

/** Matches under the command whose output they are in; no record: what came before the first command. */
export interface SearchHits {
  readonly groups: readonly {
    readonly record: CommandRecord | undefined;
    readonly lines: readonly string[];
  }[];
  readonly matches: number;
  readonly skipped: number;
  readonly unsearched: number;
}

/** Searches everything the session still holds. @throws SshMcpError `invalid_argument` for a pattern. */
export async function searchSession(
  session: SessionView,
  { grep, context = 0 }: { readonly grep: string; readonly context?: number | undefined },
): Promise<SearchHits> {
  const pattern = patternOf(grep);
  const groups: SearchHits["groups"][number][] = [];
  let matches = 0;
  let skipped = 0;
  let unsearched = 0;
  for (const record of [undefined, ...session.commands()]) {
    const { lines } = await outputOf(session, record);
    const found = await grepLines(lines, pattern, context);
    skipped += found.skipped;
    unsearched += found.unsearched;
    if (found.matches === 0) continue;
    matches += found.matches;
    groups.push({ record, lines: found.lines });
  }
  return { groups, matches, skipped, unsearched };
}
