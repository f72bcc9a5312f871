/** Characters that take one cell each; others are left to the explanation of the echo that counts no cells. */
const ONE_CELL = /^[\u0020-\u007e\u00a0-\u02ff\u0370-\u10ff\u2010-\u2bff\ue000-\uf8ff]*$/u;
/** Colours, modes, keypad, erasing, titles, a question for the cursor's place: the cursor stays. */
const STAYS = /\u001b(?:\[[\d;:?>]*[mhlnKJ]|[()][0-9A-Z]|[=>]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/y;
const MOVES = /\u001b\[(\d*)([ABCDG])/y;

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
    } else if (char === "\r") [col, full] = [0, false];
    else if (char === "\b") [col, full] = [Math.max(0, col - 1), false];
    else if (char === "\n") {
      // A row's end within the line is other programs', or an editor's that wraps by itself.
      if (shown > 0 && shown < text.length) return false;
      // Behind it the editor that begins to read may draw all once more.
      [row, shown, full] = [0, 0, false];
    } else if (char === "\u001b") {
      STAYS.lastIndex = at;
      if (STAYS.test(held)) {
        at = STAYS.lastIndex - 1;
        continue;
      }
      MOVES.lastIndex = at;
      const move = MOVES.exec(held);
      if (!move) return false;
      at = MOVES.lastIndex - 1;
      const by = Math.max(1, Number(move[1] ?? 1));
      full = false;
      if (move[2] === "A") row -= by;
      else if (move[2] === "B") row += by;
      else if (move[2] === "C") col = Math.min(cols - 1, col + by);
      else if (move[2] === "D") col = Math.max(0, col - by);
      else col = Math.min(cols, by) - 1;
      if (row < 0) return false;
    } else if (char !== "\u0007" && char !== "\u0000") return false;
  }
  return shown === 0 || shown === begin || shown === text.length;
}
