import { patternOf } from "../base/pattern.ts";
import type { CommandRecord, SessionText, SessionView } from "../multiplexer/types.ts";
import { grepLines, type Hide } from "./grep.ts";
import { type Numbered, numberOf } from "./numbered.ts";
import { outputOf } from "./output-range.ts";

/**
 * Matches under the command whose output they are in; no record: what came before the first command, or outside of all
 * commands: from which transcript cursor on, and before which command.
 */
export interface SearchHits {
  readonly groups: readonly {
    readonly record: CommandRecord | undefined;
    readonly outside?: Outside;
    readonly lines: readonly string[];
  }[];
  readonly matches: number;
  readonly skipped: number;
  readonly unsearched: number;
}

/** Searches everything the session still holds. @throws SshMcpError `invalid_argument` for a pattern. */
export async function searchSession(
  session: SessionView,
  {
    grep,
    context = 0,
    hide,
  }: { readonly grep: string; readonly context?: number | undefined; readonly hide?: Hide | undefined },
): Promise<SearchHits> {
  const pattern = patternOf(grep);
  const groups: SearchHits["groups"][number][] = [];
  let matches = 0;
  let skipped = 0;
  let unsearched = 0;
  for await (const { record, outside, ...text } of parts(session)) {
    const numbers = { of: (index: number) => numberOf(text, index), gap: text.gap?.at };
    const found = await grepLines(text.lines, pattern, context, numbers, hide);
    skipped += found.skipped;
    unsearched += found.unsearched;
    if (found.matches === 0) continue;
    matches += found.matches;
    groups.push({ record, ...(outside === undefined ? {} : { outside }), lines: found.lines });
  }
  return { groups, matches, skipped, unsearched };
}

/** Rows that belong to no command: the cursor of the first, and the command that was typed behind them. */
interface Outside {
  readonly from: number;
  readonly before: number | undefined;
}

interface Part extends Numbered {
  readonly record: CommandRecord | undefined;
  readonly outside?: Outside;
}

/** Everything the session holds, in the order in which it came. */
async function* parts(session: SessionView): AsyncGenerator<Part> {
  const commands = session.commands();
  yield { record: undefined, ...numbered(await outputOf(session, undefined)) };
  // What came before the first command has been searched.
  const first = commands[0]?.from ?? Number.POSITIVE_INFINITY;
  const strays = session.strays().filter(({ from }) => from >= first);
  for (const record of commands) {
    while (strays[0] !== undefined && strays[0].to <= record.from) yield* stray(strays.shift(), record.id);
    yield { record, ...numbered(await outputOf(session, record)) };
  }
  for (const left of strays) yield* stray(left, undefined);
}

function numbered({ lines, gap }: SessionText): Numbered {
  return { lines, gap };
}

function* stray(
  rows: { readonly from: number; readonly lines: readonly string[] } | undefined,
  before: number | undefined,
): Generator<Part> {
  if (rows) yield { record: undefined, outside: { from: rows.from, before }, lines: rows.lines };
}
