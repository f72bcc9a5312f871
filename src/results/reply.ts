import { visibleLine } from "../base/text.ts";
import type { CommandRecord, Reply, SessionView } from "../multiplexer/types.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import { characterBudget } from "./budget.ts";
import { excerpt, grouped, sizeText } from "./excerpt.ts";
import type { ToolResult } from "./result.ts";
import { outcomeWords, statusLine } from "./status-line.ts";

/** Empty rows at the top of a screen that are worth a sentence instead. */
const MANY_BLANKS = 10;

export interface ReplyOptions {
  readonly maxTokens?: number | undefined;
  /** Screen version the caller has seen: only rows changed since are shown. */
  readonly since?: number | undefined;
  /** Notes of the tool itself, before those of the outcome. */
  readonly notes?: readonly string[];
}

/**
 * A finished wait as text: remote output first, then our `note:` lines and the status line.
 * Output is data: nothing in it can take the place of the last line.
 */
export async function renderReply(reply: Reply, options: ReplyOptions = {}): Promise<ToolResult> {
  const { session, outcome } = reply;
  const budget = characterBudget(options.maxTokens);
  const notes = [...(options.notes ?? []), ...openedNotes(reply), ...outcome.notes];
  // The status line has the code already.
  if (outcome.state === "closed" && !/^(code \d+)?$/.test(outcome.detail)) notes.push(outcome.detail);
  if (outcome.state === "running" && outcome.match !== undefined)
    notes.push(`matched ${JSON.stringify(visibleLine(outcome.match))}`);

  if (outcome.state === "screen") {
    const screen = session.screen();
    const shown = screenRows(session, options.since);
    notes.unshift(...shown.notes);
    return finish(shown.rows, notes, statusLine(outcomeWords(outcome, 0, screen), notes));
  }

  const text = await session.text(outcome.from, outcome.to);
  if (text.prunedBytes > 0)
    notes.push(
      `${sizeText(text.prunedBytes)} of this output are no longer kept: over the session's transcript budget`,
    );
  notes.push(...asideNotes(text.asides ?? []));
  if (text.approximate) notes.push("output too large to draw exactly: cursor movements were not applied");
  const lines = withoutOuterBlanks(text.lines);
  const before = lineOffset(session, outcome);
  const { lines: shown } = await excerpt(lines, budget, (gap) => {
    const offset = before === undefined ? undefined : before + gap.firstLeftOut + 1;
    return omissionLine(session.name, outcome.command, offset, gap);
  });
  return finish(shown, notes, statusLine(outcomeWords(outcome, lines.length), notes));
}

/** Rows a device printed in between on its own account; the newest few. */
function asideNotes(asides: readonly string[]): string[] {
  if (asides.length === 0) return [];
  const shown = asides.slice(-3).map((row) => JSON.stringify(visibleLine(row, 160)));
  const count = asides.length === 1 ? "1 row" : `${asides.length} rows`;
  return [`${count} that the device printed by itself left out of the output: ${shown.join(", ")}`];
}

/** `… 48,210 lines / 3.1 MB left out; ssh_read(session: "web1", command: 7, offset: 120, lines: 280) or grep …` */
export function omissionLine(
  session: string,
  command: number,
  offset: number | undefined,
  gap: { leftOut: number; bytes: number },
): string {
  const where = offset === undefined ? "" : `, offset: ${offset}, lines: ${Math.min(gap.leftOut, 280)}`;
  return (
    `… ${grouped(gap.leftOut)} lines / ${sizeText(gap.bytes)} left out; ` +
    `ssh_read(session: ${JSON.stringify(session)}, command: ${command}${where}) or grep …`
  );
}

/** The rows of a screen, or `12| text` for those that changed since a version. */
export function screenRows(
  session: SessionView,
  since: number | undefined,
): { rows: string[]; notes: string[] } {
  const screen = session.screen();
  if (since === undefined) return wholeScreen(screen.rows);
  const changed = session.changedRows(since);
  const whole = screen.rows.join("\n").length;
  const rows = changed.map(({ row, text }) => `${row + 1}| ${text}`);
  if (rows.join("\n").length >= whole && whole > 0) return wholeScreen(screen.rows);
  const label = `${rows.length} of ${screen.size.rows} rows changed since version ${since}, shown with their numbers`;
  return { rows, notes: [label] };
}

/** Rows above which nothing stands are counted, not shown, where they are many. */
function wholeScreen(rows: readonly string[]): { rows: string[]; notes: string[] } {
  const first = rows.findIndex((row) => row !== "");
  if (first < MANY_BLANKS) return { rows: [...rows], notes: [] };
  return { rows: rows.slice(first), notes: [`the ${first} rows above these are empty`] };
}

/** Output, notes, and what must stand last, in this order. */
export function finish(output: readonly string[], notes: readonly string[], ...last: string[]): ToolResult {
  const said = notes.map((note) => `note: ${note.replace(/\s*\n\s*/g, " ")}`);
  return { text: [...output, ...said, ...last].join("\n") };
}

/** Empty rows around an output carry nothing. */
export function withoutOuterBlanks(lines: readonly string[]): string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from] === "") from++;
  while (to > from && lines[to - 1] === "") to--;
  return lines.slice(from, to);
}

/** Transcript range of a command's output; id 0: what came before the first command. */
export function commandRange(
  session: SessionView,
  record: CommandRecord | undefined,
): { from: number; to: number } {
  if (record !== undefined) return { from: record.from, to: record.to ?? session.end };
  return { from: session.start, to: session.commands()[0]?.from ?? session.end };
}

/**
 * Lines of the command's output before this wait's part of it, so that an offset means the same in every call.
 * Undefined for a later part: where it begins in lines is only known by rendering all that came before.
 */
function lineOffset(session: SessionView, outcome: Outcome): number | undefined {
  const range = commandRange(session, session.command(outcome.command));
  return range.from === outcome.from ? 0 : undefined;
}

function openedNotes(reply: Reply): string[] {
  if (reply.opened === undefined) return [];
  const { session, opened } = reply;
  return [
    `opened session ${session.name} to ${session.target} (${visibleLine(session.framing, 120)})`,
    ...opened.notes,
  ];
}
