import { patternOf } from "../base/pattern.ts";
import type { ExecRecord } from "../multiplexer/types.ts";
import { type ExecListing, keptLines, linesBetween, listingOf, withGaps } from "./exec-listing.ts";
import { type Found, grepLines } from "./grep.ts";
import type { Selection } from "./output-selection.ts";

/** A part of an ssh_exec's output. */
export interface ExecSelection {
  readonly record: ExecRecord;
  readonly listing: ExecListing;
  /** Numbers of the first and the last line that were asked for; `to` before `from`: there are none. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly string[];
  /** Lines of that part which are no longer kept. */
  readonly missing: number;
  readonly found?: Found;
}

/** @throws SshMcpError `invalid_argument` for a pattern. */
export async function selectExec(
  record: ExecRecord,
  { offset = 1, lines, grep, context = 0, hide }: Omit<Selection, "command">,
): Promise<ExecSelection> {
  const listing = listingOf(record);
  const { total } = listing;
  const from = offset < 0 ? Math.max(1, total + offset + 1) : Math.max(1, offset);
  const to = lines === undefined ? total : Math.min(total, from + lines - 1);
  const pieces = linesBetween(listing, from, to);
  const missing = Math.max(0, to - from + 1) - keptLines(pieces);
  const part = { record, listing, from, to, missing };
  if (grep === undefined) return { ...part, rows: withGaps(pieces) };
  const pattern = patternOf(grep);
  const found = { lines: [] as string[], matches: 0, skipped: 0, unsearched: 0 };
  for (const piece of pieces) {
    const here = await grepLines(piece.lines, pattern, context, piece.first, hide);
    if (context > 0 && found.lines.length > 0 && here.lines.length > 0) found.lines.push("--");
    for (const line of here.lines) found.lines.push(line);
    found.matches += here.matches;
    found.skipped += here.skipped;
    found.unsearched += here.unsearched;
  }
  return { ...part, rows: found.lines, found };
}
