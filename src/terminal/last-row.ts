import { LineDrawer } from "./line-drawer.ts";

/** How much of what a program drew last is looked at, and how much of its last row is shown. */
const DRAWN_LAST = 2_048;
const SHOWN = 300;
/** The row was ended, and only modes of the terminal came behind it. */
const ENDED = /\n(?:\r|\u001b\[[<=>?]?[\d;]*[hlmnqt]|\u001b[=>78])*$/;
/** What begins a row: another one, or this one addressed. */
const BEGINS = /\n|\u001b\[[\d;]*[Hfd]/g;

/**
 * The row that a program ended right before it left the alternate screen, where it is not erased: editors say there what they
 * wrote (vim: `"f" 3L, 12B written`). Empty: there is none, as behind pagers and whatever clears its last row.
 */
export function lastRow(drawn: Buffer): string {
  const text = drawn.toString("latin1", Math.max(0, drawn.length - DRAWN_LAST));
  const end = text.search(ENDED);
  if (end < 0) return "";
  const begins = [...text.slice(0, end).matchAll(BEGINS)].at(-1);
  // Its beginning is not known.
  if (begins === undefined) return "";
  const row = Buffer.from(text.slice(begins.index + begins[0].length, end), "latin1");
  const drawer = new LineDrawer(row, DRAWN_LAST);
  while (!drawer.done) drawer.advance(DRAWN_LAST);
  const shown = drawer.exact
    ? drawer
        .drain()
        .replace(/[\u0000-\u001f]/g, "")
        .trim()
    : "";
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
}
