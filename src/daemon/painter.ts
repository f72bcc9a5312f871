import type { TerminalSize } from "../inventory/host.ts";
import type { Painted } from "../terminal/paint.ts";

/** What a person's terminal is sent at once, so that it never shows half a picture (synchronized output, mode 2026). */
const BEGIN = "\u001b[?2026h\u001b[?25l";
const END = "\u001b[?2026l";

/** Paints a session into a person's terminal: only what has changed since the last time, and its own line at the bottom. */
export class Painter {
  #rows: string[] = [];
  #modes = "";
  #size: TerminalSize;

  constructor(size: TerminalSize) {
    this.#size = size;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.again();
  }

  /** The next picture is whole, its modes with it: another program may have had the terminal. */
  again(): void {
    this.#rows = [];
    this.#modes = "";
  }

  /** Bytes that show this; empty: it is shown already. `room` rows of it fit above the status line. */
  paint(screen: Painted | undefined, status: string): string {
    const { cols, rows } = this.#size;
    const room = Math.max(1, rows - 1);
    const cursor = screen?.cursor ?? { row: 0, col: 0 };
    // Of a larger screen the part with the cursor is shown.
    const top = Math.max(0, Math.min(cursor.row - room + 1, (screen?.rows.length ?? 0) - room));
    const all = screen?.rows ?? [];
    const shown = all.slice(top, top + room).map((row) => clipped(row, cols));
    while (shown.length < room) shown.push("");
    if (rows > 1) shown.push(`\u001b[7m${fitted(status, cols)}\u001b[m`);
    const whole = this.#rows.length !== shown.length;
    const modes = screen === undefined ? "" : `\u001b[?1${screen.applicationCursorKeys ? "h" : "l"}`;
    // Also for a session that wants no marks around a paste: by them it is known as one.
    let out = whole ? "\u001b[?2004h\u001b[m\u001b[2J" : "";
    for (const [y, row] of shown.entries())
      if (whole ? row !== "" : row !== this.#rows[y]) out += `\u001b[${y + 1};1H\u001b[m\u001b[2K${row}`;
    if (modes !== this.#modes) out += modes;
    this.#rows = shown;
    this.#modes = modes;
    const row = Math.min(room, cursor.row - top + 1);
    const col = Math.min(cols, cursor.col + 1);
    return `${BEGIN}${out}\u001b[${row};${col}H\u001b[?25h${END}`;
  }
}

const SEQUENCE = /\u001b\[[\d;]*m/y;

/** The first `cols` columns of a painted row, its sequences kept. Wide characters count two. */
export function clipped(row: string, cols: number): string {
  let out = "";
  let width = 0;
  for (let at = 0; at < row.length; ) {
    SEQUENCE.lastIndex = at;
    const sequence = SEQUENCE.exec(row)?.[0];
    if (sequence !== undefined) {
      out += sequence;
      at += sequence.length;
      continue;
    }
    const char = String.fromCodePoint(row.codePointAt(at) ?? 0x20);
    at += char.length;
    width += isWide(char) ? 2 : 1;
    if (width > cols) return `${out}\u001b[m`;
    out += char;
  }
  return out;
}

function isWide(char: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    char,
  );
}

function fitted(text: string, cols: number): string {
  const cut = clipped(text, cols);
  return cut.padEnd(cols);
}
