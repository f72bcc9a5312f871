import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { CommandRecord, SessionView } from "../multiplexer/types.ts";
import { characterBudget } from "./budget.ts";
import { excerpt, grouped, sizeText } from "./excerpt.ts";
import { compilePattern, grepLines } from "./grep.ts";
import { commandRange, finish, omissionLine, withoutOuterBlanks } from "./reply.ts";
import type { ToolResult } from "./result.ts";
import { lineWord, recordWords, statusLine } from "./status-line.ts";

interface Selection {
  readonly command?: number | undefined;
  readonly offset?: number | undefined;
  readonly lines?: number | undefined;
  readonly grep?: string | undefined;
  readonly context?: number | undefined;
  readonly max_tokens?: number | undefined;
}

/** Output of one command by lines, or the matches in it. */
export async function readCommand(session: SessionView, selection: Selection): Promise<ToolResult> {
  const record = findCommand(session, selection.command);
  const id = record?.id ?? 0;
  const { lines: all, notes } = await outputOf(session, record);
  const from = firstIndex(selection.offset, all.length);
  const to = selection.lines === undefined ? all.length : Math.min(all.length, from + selection.lines);
  const chosen = all.slice(from, to);
  const budget = characterBudget(selection.max_tokens);
  const words = record === undefined ? [session.name, "#0", "done"] : recordWords(session.name, record);

  if (selection.grep !== undefined) {
    const regex = compilePattern(selection.grep);
    const found = await grepLines(chosen, regex, selection.context ?? 0, from + 1);
    const shown = await excerpt(found.lines, budget, ({ leftOut }) => moreMatches(leftOut));
    const searched =
      chosen.length === all.length ? `of ${lineWord(all.length)}` : partWord(from, chosen.length, all.length);
    const counts = [`matches=${found.matches}`, searched];
    return finish(shown.lines, notes, statusLine([...words, ...counts], notes));
  }
  const shown = await excerpt(chosen, budget, (gap) =>
    omissionLine(session.name, id, from + gap.firstLeftOut + 1, gap),
  );
  const part =
    chosen.length === all.length ? lineWord(all.length) : partWord(from, chosen.length, all.length);
  if (chosen.length === 0 && all.length > 0)
    notes.push(`nothing there: the output ends with line ${grouped(all.length)}`);
  return finish(shown.lines, notes, statusLine([...words, part], notes));
}

/** Matches in everything the session still holds, under the command they stand in. */
export async function readSearch(
  session: SessionView,
  selection: Selection & { readonly grep: string },
): Promise<ToolResult> {
  const regex = compilePattern(selection.grep);
  const out: string[] = [];
  let matches = 0;
  for (const record of [undefined, ...session.commands()]) {
    const { lines } = await outputOf(session, record);
    const found = await grepLines(lines, regex, selection.context ?? 0);
    if (found.matches === 0) continue;
    matches += found.matches;
    const title = record === undefined ? "before the first command" : visibleLine(record.text, 120);
    out.push(`#${record?.id ?? 0}  ${title}`, ...found.lines);
  }
  const notes = session.start > 0 ? [`the oldest ${sizeText(session.start)} are no longer kept`] : [];
  const shown = await excerpt(out, characterBudget(selection.max_tokens), ({ leftOut }) =>
    moreMatches(leftOut),
  );
  const id = session.commands().at(-1)?.id ?? 0;
  const words = [session.name, `#${id}`, session.state, `matches=${matches}`];
  return finish(shown.lines, notes, statusLine(words, notes));
}

function partWord(from: number, count: number, all: number): string {
  return count === 0 ? `lines=0 of ${grouped(all)}` : `lines=${from + 1}-${from + count} of ${grouped(all)}`;
}

function moreMatches(count: number): string {
  return `… ${grouped(count)} lines of matches left out; narrow the pattern, or search one command`;
}

function findCommand(session: SessionView, id: number | undefined): CommandRecord | undefined {
  if (id === undefined) return session.commands().at(-1);
  if (id === 0) return undefined;
  const record = session.command(id);
  if (record !== undefined) return record;
  const known = session.commands();
  const first = known.at(0)?.id;
  const last = known.at(-1)?.id;
  throw new SshMcpError(
    "unknown_command",
    `session ${session.name} has no command #${id}${first === undefined ? ": nothing ran in it yet" : ""}.`,
    first === undefined ? "command: 0 reads what came at login." : `It remembers #${first} to #${last}.`,
  );
}

async function outputOf(
  session: SessionView,
  record: CommandRecord | undefined,
): Promise<{ lines: readonly string[]; notes: string[] }> {
  const { from, to } = commandRange(session, record);
  const text = await session.text(from, to);
  const notes: string[] = [];
  if (text.prunedBytes > 0)
    notes.push(
      `${sizeText(text.prunedBytes)} of this output are no longer kept; lines are counted over what is`,
    );
  if (text.approximate) notes.push("output too large to draw exactly: cursor movements were not applied");
  return { lines: withoutOuterBlanks(text.lines), notes };
}

/** Index of the first line wanted; beyond the end there is nothing, and the status line says how many there are. */
function firstIndex(offset: number | undefined, length: number): number {
  if (offset === undefined || offset === 0) return 0;
  return offset < 0 ? Math.max(0, length + offset) : Math.min(offset - 1, length);
}
