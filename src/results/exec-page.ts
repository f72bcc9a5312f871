import type { ExecRecord } from "../multiplexer/types.ts";
import type { Budget } from "./budget.ts";
import { excerpt, grouped, type Omission, sizeText, tellingWord } from "./excerpt.ts";
import { type ExecListing, listingOf, rowNumbers, withGaps } from "./exec-listing.ts";
import type { ExecSelection } from "./exec-selection.ts";
import { unsearchedNotes } from "./grep.ts";
import { durationWord, lineWord, secondsWord } from "./status-line.ts";

/** Rows, notes and the words of the status line. */
interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

/** The result of an ssh_exec within `budget` characters. */
export async function execPage(record: ExecRecord, budget: Budget): Promise<Page> {
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
    ],
  };
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

function firstWords({ id, host, end }: ExecRecord): string[] {
  const name = [host, `#${id}`];
  switch (end.is) {
    case "exit":
      return [...name, "done", `exit=${end.code}`];
    case "signal":
      return [...name, "done", `signal=${end.signal}`];
    case "lost":
      return [...name, "closed", "disconnect"];
    default:
      return [...name, "closed", end.is];
  }
}

const UNKNOWN = "whether the command goes on there, or has ended, is unknown";
const CUT = "sshd lets it run until it next reads or writes; what it prints from now on is lost";

/** What a caller has to know of how it ended. */
function endNotes({ end, durationMs }: ExecRecord): string[] {
  switch (end.is) {
    case "exit":
    case "signal":
      return end.held
        ? [
            "the command has ended, but something that it started kept its output open: the channel was closed; what that prints from now on is lost, and whether it goes on there is unknown",
          ]
        : [];
    case "timeout":
      return [
        `not ended within ${secondsWord(durationMs)}: its channel was closed, no signal was sent; ${UNKNOWN} (${CUT}). ssh_shell keeps long work readable`,
      ];
    case "cancelled":
      return [`the call was given up: its channel was closed, no signal was sent; ${UNKNOWN} (${CUT})`];
    case "no_status":
      return ["the server closed the channel without an exit code: how the command ended is unknown"];
    case "lost":
      return [`${end.message}; ${UNKNOWN}; it was not sent again`];
  }
}
