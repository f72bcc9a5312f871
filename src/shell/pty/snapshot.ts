import { renderRows } from "../../terminal/clean.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { PtySinks } from "./sinks.ts";

/** Rows are rendered from this many bytes at most. */
const ROWS_BYTES = 16 * 1024;

/** How long it has been quiet, and which longer quiet times the judge needs: the next observation is at the shortest of them. */
export class Quiet {
  readonly ms: number;
  #next: number | undefined;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Has it been quiet for `ms`? If not, the next observation is when it has. */
  reached(ms: number): boolean {
    if (this.ms >= ms) return true;
    this.#next = Math.min(this.#next ?? ms, ms);
    return false;
  }

  /** The shortest quiet time that the judge needs and that was not reached. */
  get next(): number | undefined {
    return this.#next;
  }
}

/** What a judge sees: the screen at rest, and what was printed since any cursor, rendered at once. */
export interface Snapshot {
  readonly quiet: Quiet;
  /** Clock time, milliseconds. */
  readonly now: number;
  readonly view: ScreenView;
  /** Transcript end. */
  readonly end: number;
  /** Nothing has come since the caller's last keys. */
  readonly unanswered: boolean;
  /** Somebody waits. */
  readonly waited: boolean;
  /** Rows printed since a cursor, the oldest left out beyond 16 KiB. */
  rowsSince(cursor: number): readonly string[];
  bytesSince(cursor: number): Buffer;
  lineFeedsSince(cursor: number): number;
  /** What the kernel answered, with no byte and no key since it was asked. */
  readonly kernel?: KernelEvidence;
}

/** The moment as it is: what waits to be drawn is drawn first. */
export function snapshotOf(
  { transcript, screen, waits }: PtySinks,
  moment: {
    readonly quietMs: number;
    readonly now: number;
    readonly unanswered: boolean;
    readonly kernel: KernelEvidence | undefined;
  },
): Snapshot {
  screen.flush();
  const view = screen.view();
  const { quietMs, now, unanswered, kernel } = moment;
  const since = (cursor: number) =>
    transcript.read(Math.max(cursor, transcript.end - ROWS_BYTES), transcript.end).bytes;
  return {
    quiet: new Quiet(quietMs),
    now,
    view,
    end: transcript.end,
    unanswered,
    waited: waits.size > 0,
    rowsSince: (cursor) => renderRows(since(cursor), view.size),
    bytesSince: since,
    lineFeedsSince: (cursor) => transcript.lineFeeds(cursor, transcript.end),
    ...(kernel === undefined ? {} : { kernel }),
  };
}
