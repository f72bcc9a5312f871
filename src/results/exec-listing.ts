import type { ExecRecord } from "../multiplexer/types.ts";
import { grouped, sizeText } from "./excerpt.ts";

/** Lines that follow each other, as they are numbered in the listing. */
interface Piece {
  readonly first: number;
  readonly lines: readonly string[];
}

/** Both outputs of an ssh_exec as one list of numbered lines: stdout, then, where there is any, a row `stderr:` and stderr. */
export interface ExecListing {
  readonly pieces: readonly Piece[];
  /** Lines of the listing, those that are no longer kept included. */
  readonly total: number;
  readonly stdoutLines: number;
  /** Undefined: it printed nothing there. */
  readonly stderrLines: number | undefined;
  /** What of the outputs is not as it was printed, in sentences. */
  readonly notes: readonly string[];
}

const SEPARATOR = "stderr:";

export function listingOf({ stdout, stderr }: ExecRecord): ExecListing {
  const out = stdout.text();
  const err = stderr.text();
  const own = out.segments.filter(({ lines }) => lines.length > 0);
  const notes = [outputNotes("stdout", out), outputNotes("stderr", err)].flat();
  if (err.bytes === 0)
    return { pieces: own, total: out.lines, stdoutLines: out.lines, stderrLines: undefined, notes };
  const before = out.lines + 1;
  const pieces = [
    ...own,
    { first: before, lines: [SEPARATOR] },
    ...err.segments.map(({ first, lines }) => ({ first: first + before, lines })),
  ];
  return { pieces, total: before + err.lines, stdoutLines: out.lines, stderrLines: err.lines, notes };
}

/** The kept lines numbered `from` to `to` (from 1, both included). */
export function linesBetween({ pieces }: ExecListing, from: number, to: number): Piece[] {
  return pieces.flatMap(({ first, lines }) => {
    const begin = Math.max(from, first);
    const kept = lines.slice(begin - first, Math.max(0, to - first + 1));
    return kept.length === 0 ? [] : [{ first: begin, lines: kept }];
  });
}

/** Lines with a row for each gap between them. */
export function withGaps(pieces: readonly Piece[]): string[] {
  const rows: string[] = [];
  let next: number | undefined;
  for (const { first, lines } of pieces) {
    if (next !== undefined && first > next)
      rows.push(`… lines ${grouped(next)} to ${grouped(first - 1)} are no longer kept …`);
    for (const line of lines) rows.push(line);
    next = first + lines.length;
  }
  return rows;
}

/** The line number of each row of `withGaps`; undefined: a gap. */
export function rowNumbers(pieces: readonly Piece[]): (index: number) => number | undefined {
  return (index) => {
    let at = 0;
    let next: number | undefined;
    for (const { first, lines } of pieces) {
      if (next !== undefined && first > next && at++ === index) return undefined;
      if (index < at + lines.length) return first + index - at;
      at += lines.length;
      next = first + lines.length;
    }
    return undefined;
  };
}

export function keptLines(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { lines }) => sum + lines.length, 0);
}

function outputNotes(
  name: string,
  { bytes, dropped, undecoded }: { bytes: number; dropped: number; undecoded: number },
): string[] {
  return [
    ...(dropped > 0
      ? [`${sizeText(dropped)} of the ${sizeText(bytes)} of ${name} are no longer kept, from its middle`]
      : []),
    ...(undecoded > 0
      ? [`${name} is no UTF-8 text: ${grouped(undecoded)} places of it are shown as \ufffd`]
      : []),
  ];
}
