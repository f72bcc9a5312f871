/** Characters that take one cell each; others are left to the explanation of the echo that counts no cells. */
export const ONE_CELL = /^[\u0020-\u007e\u00a0-\u02ff\u0370-\u10ff\u2010-\u2bff\ue000-\uf8ff]*$/u;
/** Colours, modes, keypad, erasing, titles, a question for the cursor's place: the cursor stays. */
const STAYS = /\u001b(?:\[[\d;:?>]*[mhlnKJ]|[()][0-9A-Z]|[=>]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/y;
const MOVES = /\u001b\[(\d*)([ABCDG])/y;

/** End of the sequence at `at` if it leaves the cursor where it is. */
export function staysUntil(held: string, at: number): number | undefined {
  if (held[at] !== "\u001b") return undefined;
  STAYS.lastIndex = at;
  return STAYS.test(held) ? STAYS.lastIndex : undefined;
}

/** Row and column from 0; the row may come out negative. */
export interface Place {
  readonly row: number;
  readonly col: number;
}

/** Where the control character or sequence at `at` ends and brings the cursor; undefined: it is none that moves it. */
export function moveOf(
  held: string,
  at: number,
): { readonly to: number; of(row: number, col: number, cols: number): Place } | undefined {
  const char = held[at];
  if (char === "\r") return { to: at + 1, of: (row) => ({ row, col: 0 }) };
  if (char === "\b") return { to: at + 1, of: (row, col) => ({ row, col: Math.max(0, col - 1) }) };
  if (char !== "\u001b") return undefined;
  MOVES.lastIndex = at;
  const move = MOVES.exec(held);
  if (!move) return undefined;
  const by = Math.max(1, Number(move[1] ?? 1));
  const to = MOVES.lastIndex;
  switch (move[2]) {
    case "A":
      return { to, of: (row, col) => ({ row: row - by, col }) };
    case "B":
      return { to, of: (row, col) => ({ row: row + by, col }) };
    case "C":
      return { to, of: (row, col, cols) => ({ row, col: Math.min(cols - 1, col + by) }) };
    case "D":
      return { to, of: (row, col) => ({ row, col: Math.max(0, col - by) }) };
    default:
      return { to, of: (row, _col, cols) => ({ row, col: Math.min(cols, by) - 1 }) };
  }
}
