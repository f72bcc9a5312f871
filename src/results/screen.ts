import type { SessionView } from "../multiplexer/types.ts";

/** Empty rows at the top of a screen that are worth a sentence instead. */
const MANY_BLANKS = 10;

export interface ShownScreen {
  readonly rows: readonly string[];
  readonly notes: readonly string[];
}

/** The rows of a screen, or `12| text` for those that changed since a version. */
export function screenRows(session: SessionView, since: number | undefined): ShownScreen {
  const screen = session.screen();
  if (since === undefined) return wholeScreen(screen.rows);
  const changed = session.changedRows(since);
  const whole = screen.rows.join("\n").length;
  const rows = changed.map(({ row, text }) => `${row + 1}| ${text}`);
  if (rows.join("\n").length >= whole && whole > 0) return wholeScreen(screen.rows);
  const label = `${rows.length} of ${screen.size.rows} rows changed since version ${since}, shown with their numbers`;
  return { rows, notes: [label] };
}

/** Empty rows at the top are counted, not shown, where they are many. */
function wholeScreen(rows: readonly string[]): ShownScreen {
  const first = rows.findIndex((row) => row !== "");
  if (first < MANY_BLANKS) return { rows: [...rows], notes: [] };
  return { rows: rows.slice(first), notes: [`the ${first} rows above these are empty`] };
}
