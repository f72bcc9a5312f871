import type { IBufferCell, Terminal } from "@xterm/headless";

/** A screen as it is sent to a person's terminal: each row as text with the sequences for its colours. */
export interface Painted {
  /** As many as the screen has; each begins and ends with plain attributes. */
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly col: number };
  readonly cols: number;
  /** What the person's own terminal has to know to send the right keys. */
  readonly applicationCursorKeys: boolean;
  readonly bracketedPaste: boolean;
}

/** Rows of plain text in place of a screen that cannot be read. */
export function plainPaint(rows: readonly string[], cols: number, cursor: Painted["cursor"]): Painted {
  return { rows, cols, cursor, applicationCursorKeys: false, bracketedPaste: false };
}

/** The visible rows up to `cols` columns. Only what is in cells gets out: no sequence of the host's own. */
export function paint({ buffer: { active }, modes, rows, cols }: Terminal): Painted {
  const painted: string[] = [];
  for (let y = 0; y < rows; y++) {
    const line = active.getLine(active.baseY + y);
    let text = "";
    let look = PLAIN;
    let blanks = "";
    for (let x = 0; x < cols; x++) {
      const cell = line?.getCell(x);
      if (cell === undefined) break;
      if (cell.getWidth() === 0) continue;
      const now = lookOf(cell);
      const chars = cell.getChars();
      if (chars === "" && now === PLAIN) {
        blanks += " ";
        continue;
      }
      if (blanks !== "") {
        text += look === PLAIN ? blanks : `\u001b[m${blanks}`;
        look = PLAIN;
        blanks = "";
      }
      if (now !== look) text += now === PLAIN ? "\u001b[m" : `\u001b[0;${now}m`;
      look = now;
      text += chars === "" ? " " : chars;
    }
    const row = text.replace(TURNING, "");
    painted.push(look === PLAIN ? row : `${row}\u001b[m`);
  }
  return {
    rows: painted,
    cols,
    cursor: { row: active.cursorY, col: Math.min(active.cursorX, cols - 1) },
    applicationCursorKeys: modes.applicationCursorKeysMode,
    bracketedPaste: modes.bracketedPasteMode,
  };
}

/** Turn the direction of what stands around them, in terminals and browsers that know it: a row would read as something else. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const PLAIN = "";

/** Parameters of SGR (ECMA-48 8.3.117) for a cell. */
function lookOf(cell: IBufferCell): string {
  const parts: string[] = [];
  if (cell.isBold()) parts.push("1");
  if (cell.isDim()) parts.push("2");
  if (cell.isItalic()) parts.push("3");
  if (cell.isUnderline()) parts.push("4");
  if (cell.isBlink()) parts.push("5");
  if (cell.isInverse()) parts.push("7");
  if (cell.isInvisible()) parts.push("8");
  if (cell.isStrikethrough()) parts.push("9");
  if (!cell.isFgDefault()) parts.push(colour(cell.getFgColor(), cell.isFgRGB(), 38));
  if (!cell.isBgDefault()) parts.push(colour(cell.getBgColor(), cell.isBgRGB(), 48));
  return parts.join(";");
}

function colour(value: number, rgb: boolean, kind: 38 | 48): string {
  if (rgb) return `${kind};2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`;
  if (value < 8) return String(kind - 8 + value);
  return value < 16 ? String(kind + 52 + value - 8) : `${kind};5;${value}`;
}
