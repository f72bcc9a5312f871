import type { ExecMark, ExecRecord } from "../multiplexer/types.ts";
import type { Budget } from "./budget.ts";
import { endWords } from "./end-words.ts";
import { excerpt, grouped, type Omission, sizeText, tellingWord } from "./excerpt.ts";
import { endNotes } from "./exec-ends.ts";
import { type ExecListing, listingOf, rowNumbers, withGaps } from "./exec-listing.ts";
import type { ExecSelection } from "./exec-selection.ts";
import { unsearchedNotes } from "./grep.ts";
import { durationWord, lineWord } from "./status-line.ts";

/** Rows, notes and the words of the status line. */
interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

/** The result of an ssh_exec within `budget` characters. */
export async function execPage(record: ExecRecord, budget: Budget, since?: ExecMark): Promise<Page> {
  if (since !== undefined) return sincePage(record, since, budget);
  const listing = listingOf(record);
  const rows = withGaps(listing.pieces);
  const numberOf = rowNumbers(listing.pieces);
  const { lines: output, omission } = await excerpt(rows, budget, {
    marker: (gap) =>
      `… ${grouped(gap.leftOut)} lines / ${sizeText(gap.bytes)} left out; ssh_read(exec: ${record.id}) with offset and lines, or grep${tellingWord(gap)} …`,
    numberOf,
  });
  return {
    output,
    notes: [...endNotes(record), ...listing.notes],
    status: [
      ...firstWords(record),
      durationWord(record.durationMs),
      omission === undefined
        ? lineWord(listing.stdoutLines)
        : `shown=${grouped(shownOf(rows.length, omission, numberOf))} of ${lineWord(listing.total)}`,
      stderrWord(listing),
      cursorWord(record),
    ],
  };
}

/** What came behind a place that an earlier result named. */
async function sincePage(record: ExecRecord, since: ExecMark, budget: Budget): Promise<Page> {
  const out = record.stdout.since(since.out);
  const err = record.stderr.since(since.err);
  const rows = [...out.lines, ...(err.lines.length === 0 ? [] : ["stderr:", ...err.lines])];
  const { lines: output, omission } = await excerpt(rows, budget, {
    marker: ({ leftOut }) =>
      `… ${grouped(leftOut)} lines left out; ssh_read(exec: ${record.id}) with offset and lines, or grep …`,
  });
  const missing = out.missing + err.missing;
  const count = out.lines.length + err.lines.length;
  return {
    output,
    notes: [
      ...endNotes(record),
      ...(missing === 0
        ? []
        : [`${sizeText(missing)} of what came since are no longer kept, from their beginning`]),
    ],
    status: [
      ...firstWords(record),
      durationWord(record.durationMs),
      `new=${lineWord(count)}`,
      omission === undefined ? undefined : `shown=${grouped(count - omission.leftOut)}`,
      cursorWord(record),
    ],
  };
}

/** Where the next reading goes on. */
function cursorWord(record: ExecRecord): string | undefined {
  return record.end.is === "running" && record.mark !== undefined ? `cursor=${record.mark()}` : undefined;
}

/** Lines that are shown; a row for a gap is none. */
function shownOf(
  rows: number,
  { firstLeftOut, leftOut, telling }: Omission,
  numberOf: (index: number) => number | undefined,
): number {
  const end = firstLeftOut + leftOut + telling;
  let gaps = 0;
  for (let index = 0; index < rows; index++)
    if ((index < firstLeftOut || index >= end) && numberOf(index) === undefined) gaps++;
  return rows - leftOut - gaps;
}

/** A part of it that ssh_read was asked for. */
export async function execSelectionPage(selection: ExecSelection, budget: Budget): Promise<Page> {
  const { record, listing, from, to, rows, missing, found } = selection;
  const { lines: output } = await excerpt(rows, budget, {
    marker: ({ leftOut }) =>
      found === undefined
        ? `… ${grouped(leftOut)} lines left out; offset and lines, or grep …`
        : `… ${grouped(leftOut)} lines of matches left out; narrow the pattern …`,
  });
  const { total } = listing;
  const notes = [...endNotes(record), ...listing.notes, ...(found ? unsearchedNotes(found) : [])];
  if (missing > 0)
    notes.push(
      `${lineWord(missing)} of this part ${missing === 1 ? "is" : "are"} no longer kept${found ? ", NOT searched" : ""}`,
    );
  if (to < from && total > 0) notes.push(`nothing there: the output ends with line ${grouped(total)}`);
  const whole = from === 1 && to === total;
  const part = to < from ? "lines=0" : `lines=${from}-${to}`;
  const counted = whole && found === undefined ? lineWord(total) : `${part} of ${grouped(total)}`;
  return {
    output,
    notes,
    status: [...firstWords(record), ...(found ? [`matches=${found.matches}`] : []), counted],
  };
}

function stderrWord({ stderrLines }: ExecListing): string | undefined {
  return stderrLines === undefined ? undefined : `stderr=${stderrLines}`;
}

function firstWords(record: ExecRecord): string[] {
  const { id, host, end } = record;
  const name = [host, `#${id}`];
  switch (end.is) {
    case "exit":
      return [...name, "done", `exit=${end.code}`];
    case "signal":
      return [...name, "done", `signal=${end.signal}`];
    case "running":
      return [...name, "running"];
    case "in_session":
      return [...name, endWords(record)];
    case "facts":
      return [...name, endWords(record)];
    case "lost":
      return [...name, "closed", "disconnect"];
    default:
      return [...name, "closed", end.is];
  }
}
