import { moveOf, ONE_CELL, staysUntil } from "./drawing.ts";

/**
 * Is `held` nothing but `line` behind `prompt`, drawn by a line editor on a terminal of `cols` columns: every character at
 * its own place, however often and in whatever order? False where that is not certain. One pass; most echoes are like this.
 */
export function isDrawnLine(held: string, prompt: string, line: string, cols: number): boolean {
  const text = prompt + line;
  if (cols < 2 || prompt.length >= cols || !ONE_CELL.test(text)) return false;
  // The prompt is there, or it is still to come.
  return (
    isDrawn(held, text, prompt.length, prompt.length, cols) ||
    (prompt !== "" && isDrawn(held, text, prompt.length, 0, cols))
  );
}

function isDrawn(held: string, text: string, begin: number, from: number, cols: number): boolean {
  let [row, col, shown] = [0, from, from];
  // The last column is full: the next character goes to the row below.
  let full = false;
  for (let at = 0; at < held.length; at++) {
    const char = held[at] ?? "";
    if (char >= " ") {
      if (char === "\u007f") return false;
      if (full) [row, col, full] = [row + 1, 0, false];
      const place = row * cols + col;
      if (char !== " " && char !== text[place]) return false;
      shown = Math.max(shown, Math.min(place + 1, text.length));
      full = col === cols - 1;
      if (!full) col++;
    } else if (char === "\n") {
      // A row's end within the line is other programs', or an editor's that wraps by itself.
      if (shown > 0 && shown < text.length) return false;
      // Behind it the editor that begins to read may draw all once more.
      [row, shown, full] = [0, 0, false];
    } else if (char !== "\u0007" && char !== "\u0000") {
      const stays = staysUntil(held, at);
      const move = stays === undefined ? moveOf(held, at) : undefined;
      if (move) {
        ({ row, col } = move.of(row, col, cols));
        full = false;
      }
      const to = stays ?? move?.to;
      if (to === undefined || row < 0) return false;
      at = to - 1;
    }
  }
  return shown === 0 || shown === begin || shown === text.length;
}
