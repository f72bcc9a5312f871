/** Control sequences as a RouterOS console sends them (ECMA-48, DEC VT100). */
export const ESC = "\x1b";
export const ERASE_RIGHT = `${ESC}[K`;
/** Precedes every prompt of RouterOS 6.49 and 7: down as far as it goes. */
export const BOTTOM = `${ESC}[9999B`;

export function left(columns: number): string {
  return columns > 0 ? `${ESC}[${columns}D` : "";
}

/** The console resets before each colour, as captured from 7.19 to 7.24. */
export function coloured(text: string, colour: string | undefined): string {
  return colour === undefined || text === "" ? text : `${ESC}[m${ESC}[${colour}m${text}${ESC}[m`;
}

/** Rows of at most `width` columns, cut wherever the width ends, as the console does with log rows. */
export function hardWrap(text: string, width: number): string[] {
  const rows: string[] = [];
  for (let from = 0; from < text.length; from += width) rows.push(text.slice(from, from + width));
  return rows.length === 0 ? [""] : rows;
}

/** Rows of at most `width` columns, cut between words; later rows start with `indent`. */
export function wordWrap(words: readonly string[], first: string, indent: string, width: number): string[] {
  const rows: string[] = [];
  let row = first;
  let fresh = true;
  for (const word of words) {
    const longer = fresh ? row + word : `${row} ${word}`;
    if (!fresh && longer.length > width) {
      rows.push(row);
      row = indent + word;
    } else row = longer;
    fresh = false;
  }
  rows.push(row);
  return rows;
}
