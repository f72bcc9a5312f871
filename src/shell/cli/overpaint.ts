/** What is looked at of the newest bytes. */
export const NEWEST = 1024;

/** Colours and modes: they move nothing. */
const UNMOVING = /\u001b\[[\d;?]*[mhl]/g;
const CONTROLS = /\u001b(?:\[[\d;?]*[ -/]*[@-~]|[()][0-9A-B]|[=>78])|[\u0000-\u0008\u000b-\u001f]/g;

/**
 * Was this row painted over one that is not its own, with what is right of the cursor left of that one? The last that came is
 * then a carriage return and the row. A line editor that goes back on its line has that line there before, or moves the cursor.
 */
export function paintsOver(newest: Uint8Array, row: string): boolean {
  const text = Buffer.from(newest).toString("utf8");
  const last = text.slice(text.lastIndexOf("\n") + 1).replace(UNMOVING, "");
  const at = last.lastIndexOf("\r");
  if (at < 0 || row === "" || last.slice(at + 1).trimEnd() !== row) return false;
  const under = last.slice(0, at).replace(CONTROLS, "").trim();
  return under !== "" && !under.startsWith(row.trim());
}
