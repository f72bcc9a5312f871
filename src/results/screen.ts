import type { SessionView } from "../multiplexer/types.ts";

/** Empty rows one below the other of a whole screen that cost more than the mark in their place. */
const MANY_BLANKS = 18;

export interface ShownScreen {
  readonly rows: readonly string[];
  /** `changed=3 of 40 rows since=11`: the others are as they were then. Undefined: all rows are shown. */
  readonly difference?: string;
}

/**
 * The rows of a screen, or `12| text` for those that changed since a version, where these are fewer. 0, or a version of an
 * earlier shell: all.
 */
export function screenRows(session: SessionView, since = 0): ShownScreen {
  const screen = session.screen();
  if (since === 0 || since > screen.version) return { rows: wholeScreen(screen.rows) };
  const changed = session.changedRows(since);
  const rows = numbered(changed);
  const whole = screen.rows.join("\n").length;
  if (whole > 0 && rows.join("\n").length >= whole) return { rows: wholeScreen(screen.rows) };
  return { rows, difference: `changed=${changed.length} of ${screen.size.rows} rows since=${since}` };
}

/** Rows under their numbers; those that are empty now, one below the other, as `5-24|`. */
function numbered(changed: ReturnType<SessionView["changedRows"]>): string[] {
  const rows: string[] = [];
  for (let at = 0; at < changed.length; at++) {
    const { row = 0, text = "" } = changed[at] ?? {};
    let last = row;
    while (text === "" && changed[at + 1]?.row === last + 1 && changed[at + 1]?.text === "") {
      last++;
      at++;
    }
    const number = last === row ? `${row + 1}` : `${row + 1}-${last + 1}`;
    rows.push(text === "" ? `${number}|` : `${number}| ${text}`);
  }
  return rows;
}

/** All rows; where many are empty one below the other, how many. */
function wholeScreen(rows: readonly string[]): string[] {
  const shown: string[] = [];
  for (let at = 0; at < rows.length; at++) {
    let end = at;
    while (rows[end] === "") end++;
    if (end - at < MANY_BLANKS) {
      shown.push(rows[at] ?? "");
      continue;
    }
    shown.push(`… ${end - at} empty rows …`);
    at = end - 1;
  }
  return shown;
}
