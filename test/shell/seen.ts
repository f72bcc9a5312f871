import { Quiet, type Snapshot } from "../../src/shell/pty/snapshot.ts";
import type { Command } from "../../src/shell/record/command-log.ts";
import type { ScreenModes, ScreenView } from "../../src/terminal/types.ts";

/** What a judge sees, as a test says it. */
export interface Seen {
  /** Text left of the cursor, which is at its end; left out: an empty row. */
  readonly row?: string;
  /** Rows above the cursor's. */
  readonly above?: readonly string[];
  /** Text right of the cursor. */
  readonly right?: string;
  /** How long it has been quiet. */
  readonly ms: number;
  readonly modes?: Partial<ScreenModes>;
  readonly alternate?: boolean;
  readonly end?: number;
  readonly now?: number;
  readonly waited?: boolean;
  readonly unanswered?: boolean;
  /** What was printed since any cursor; left out: the rows of the screen. */
  readonly printed?: string;
  readonly kernel?: Snapshot["kernel"];
}

const PLAIN: ScreenModes = { applicationCursorKeys: false, bracketedPaste: false, mouse: false };

/** The snapshot of it; by default somebody waits, and keys were answered. */
export function seenOf(seen: Seen): Snapshot {
  const { row = "", above = [], right = "", kernel, alternate = false } = seen;
  const rows = [...above, `${row}${right}`.trimEnd()];
  const view: ScreenView = {
    rows: row === "" && right === "" ? above : rows,
    cursor: { row: above.length, col: row.length },
    cursorText: row,
    size: { cols: 80, rows: 24 },
    alternate,
    modes: { ...PLAIN, ...seen.modes },
    title: "",
    version: 1,
    stale: false,
  };
  const printed = seen.printed ?? rows.join("\r\n");
  return {
    quiet: new Quiet(seen.ms),
    now: seen.now ?? 100_000,
    view,
    end: seen.end ?? 1000,
    unanswered: seen.unanswered ?? false,
    waited: seen.waited ?? true,
    rowsSince: () => printed.split("\r\n"),
    bytesSince: () => Buffer.from(printed),
    lineFeedsSince: () => printed.split("\n").length - 1,
    ...(kernel === undefined ? {} : { kernel }),
  };
}

/** A command that has begun and not ended. */
export function aCommand(change: Partial<Command> & { readonly lineFeeds?: number } = {}): Command {
  const { lineFeeds = 0, ...rest } = change;
  return {
    id: 7,
    text: "make",
    startedAt: 0,
    level: 1,
    range: {
      from: 0,
      to: 1000,
      bytes: 1000,
      lineFeeds,
      open: true,
      head: () => Buffer.alloc(0),
      close() {},
      extend() {},
      reopen() {},
    },
    state: "running",
    begun: true,
    interrupted: false,
    stranded: false,
    holdsShell: false,
    notes: [],
    remarks: [],
    ...rest,
  };
}

/** Frozen through and through: whoever changes any of it throws. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
