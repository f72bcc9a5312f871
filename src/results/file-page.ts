import type { FileOp } from "../base/contract/action.ts";
import type { Budget } from "./budget.ts";
import { excerpt, grouped, type Omission, sizeText, tellingWord } from "./excerpt.ts";

/** What came of an act on files, and what there is to show of it. */
export interface FileReport {
  readonly host: string;
  readonly op: FileOp;
  /** Left out: done. */
  readonly state?: string;
  /** Rows to show, without controls: a file's text, a listing, a difference. */
  readonly lines: readonly string[];
  /** Number of the first of them in the whole; left out: they have none, and nothing between is picked out of a gap. */
  readonly first?: number;
  /** How what is left out of them is reached: `ssh_read_file with offset and lines`. */
  readonly more?: string;
  readonly notes: readonly string[];
  /** Of the status line, behind host, op and state: `path=/etc/hosts`. */
  readonly words: readonly (string | undefined)[];
}

interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

export async function filePage(report: FileReport, budget: Budget): Promise<Page> {
  const { host, op, state = "done", lines, first, notes, words } = report;
  const { lines: output, omission } = await excerpt(lines, budget, {
    marker: (gap) => gapLine(report, gap),
    ...(first === undefined ? {} : { numberOf: (index: number) => first + index }),
  });
  const shown =
    omission === undefined
      ? undefined
      : `shown=${grouped(lines.length - omission.leftOut)} of ${grouped(lines.length)}`;
  return { output, notes, status: [host, op, state, ...words, shown] };
}

function gapLine({ more, first }: FileReport, gap: Omission): string {
  const from = first === undefined ? "" : ` from line ${grouped(first + gap.firstLeftOut)}`;
  const way = more === undefined ? "" : `; ${more}`;
  return `… ${grouped(gap.leftOut)} ${gap.leftOut === 1 ? "line" : "lines"} / ${sizeText(gap.bytes)} left out${from}${way}${tellingWord(gap)} …`;
}
