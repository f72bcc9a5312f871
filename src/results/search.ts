import { patternOf } from "../base/pattern.ts";
import type { CommandRecord, SessionView } from "../multiplexer/types.ts";
import { grepLines } from "./grep.ts";
import { outputOf } from "./output-range.ts";

/**
 * Matches under the command whose output they are in; no record: what came before the first command, or outside of all
 * commands from the transcript cursor `outside`.
 */
export interface SearchHits {
  readonly groups: readonly {
    readonly record: CommandRecord | undefined;
    readonly outside?: number;
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
  for await (const { record, outside, lines } of parts(session)) {
    const found = await grepLines(lines, pattern, context);
    skipped += found.skipped;
    unsearched += found.unsearched;
    if (found.matches === 0) continue;
    matches += found.matches;
    groups.push({ record, ...(outside === undefined ? {} : { outside }), lines: found.lines });
  }
  return { groups, matches, skipped, unsearched };
}

interface Part {
  readonly record: CommandRecord | undefined;
  readonly outside?: number;
  readonly lines: readonly string[];
}

/** Everything the session holds, in the order in which it came. */
async function* parts(session: SessionView): AsyncGenerator<Part> {
  const commands = session.commands();
  yield { record: undefined, lines: (await outputOf(session, undefined)).lines };
  // What came before the first command has been searched.
  const first = commands[0]?.from ?? Number.POSITIVE_INFINITY;
  const strays = session.strays().filter(({ from }) => from >= first);
  for (const record of commands) {
    while (strays[0] !== undefined && strays[0].to <= record.from) yield* stray(strays.shift());
    yield { record, lines: (await outputOf(session, record)).lines };
  }
  for (const left of strays) yield* stray(left);
}

function* stray(rows: { from: number; lines: readonly string[] } | undefined): Generator<Part> {
  if (rows) yield { record: undefined, outside: rows.from, lines: rows.lines };
}
