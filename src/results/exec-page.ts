import type { ExecMark, ExecRecord } from "../multiplexer/types.ts";
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

function firstWords({ id, host, end }: ExecRecord): string[] {
  const name = [host, `#${id}`];
  switch (end.is) {
    case "exit":
      return [...name, "done", `exit=${end.code}`];
    case "signal":
      return [...name, "done", `signal=${end.signal}`];
    case "running":
      return [...name, "running"];
    case "lost":
      return [...name, "closed", "disconnect"];
    default:
      return [...name, "closed", end.is];
  }
}

const UNKNOWN = "whether the command goes on there, or has ended, is unknown";
const CUT = "sshd lets it run until it next reads or writes; what it prints from now on is lost";
const HUNG_UP = "its terminal was hung up";
const WHY = {
  limit: "limit_s was over",
  cancelled: "it was cancelled",
  timeout: "its time was over",
} as const;

/** What a caller has to know of how it ended. */
function endNotes(record: ExecRecord): string[] {
  const { end, durationMs, stdinUnsent = 0 } = record;
  const unsent =
    stdinUnsent > 0 ? [`it ended before all of stdin was sent: ${grouped(stdinUnsent)} bytes were not`] : [];
  switch (end.is) {
    case "running":
      return [];
    case "exit":
    case "signal":
      return [
        ...(end.stopped === undefined
          ? []
          : [`${WHY[end.stopped]}: it was ended from here; what it had started itself may go on there`]),
        ...(end.held
          ? [
              "the command has ended, but something that it started kept its output open: the channel was closed; what that prints from now on is lost, and whether it goes on there is unknown",
            ]
          : []),
        ...unsent,
      ];
    case "not_run":
      return [`the directory could not be entered: the command was NOT run (${end.why})`];
    case "timeout":
    case "limit":
    case "cancelled":
      return [
        `${WHY[end.is]} after ${secondsWord(durationMs)}: ${signalled(end.signals)}; ${UNKNOWN} (${record.pty === true ? HUNG_UP : CUT})`,
      ];
    case "no_status":
      return [
        "the server closed the channel without an exit code: how the command ended is unknown",
        ...unsent,
      ];
    case "lost":
      return [`${end.message}; ${UNKNOWN}; it was not sent again`];
  }
}

/** sshd passes no signal on to what root runs; other servers pass on none at all. */
function signalled(signals: readonly string[]): string {
  return signals.length === 0
    ? "its channel was closed, no signal was sent"
    : `the server was asked to send it ${signals.join(" and ")}, and said nothing of its end; its channel was closed`;
}
