/** Columns of a terminal that does not say how many it has, or of a file. */
const COLUMNS = 80;
/** Narrower than this, words would be alone on their lines. */
const LEAST = 24;

/** Columns of the terminal that stdout is. */
export function columns(): number {
  return process.stdout.columns || COLUMNS;
}

/**
 * `first` and `text` behind it, in rows of at most `width` columns; further rows begin below the text. Words longer than a row,
 * such as fingerprints and paths, are kept whole, and so are several blanks in a row.
 */
export function wrapped(first: string, text: string, width: number): string {
  const room = Math.max(width - first.length, LEAST);
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (row !== "" && row.length + 1 + word.length > room) {
      rows.push(row);
      row = word;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  return [...rows, row].map((one, at) => (at === 0 ? first : " ".repeat(first.length)) + one).join("\n");
}
