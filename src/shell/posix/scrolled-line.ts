import stripAnsi from "strip-ansi";

/** Where an editor of one row (zsh with `TERM=dumb`) goes on with another part of the line: `<` stands for what is left out. */
const SCROLLS = /\r(?=<)/;

/**
 * Is `held` nothing but `line`, drawn by a line editor that scrolls it sideways in one row: parts of it from its beginning
 * to its end? False where that is not certain.
 */
export function isScrolledLine(held: string, line: string): boolean {
  const drawn = stripAnsi(held).replace(/\r*\n$/, "");
  const parts = drawn.split(SCROLLS);
  if (parts.length < 2) return false;
  let end = 0;
  for (const [index, part] of parts.entries()) {
    const text = index === 0 ? part : part.slice(1);
    // Blanks behind a part wipe out what stood there.
    const at = place(line, text, end) ?? place(line, text.trimEnd(), end);
    if (at === undefined || (index === 0 && at !== 0)) return false;
    end = at + text.trimEnd().length;
  }
  return end >= line.trimEnd().length;
}

/** Where a part stands that leaves nothing out behind `shown`; the last such place. */
function place(line: string, part: string, shown: number): number | undefined {
  const at = part === "" ? -1 : line.lastIndexOf(part, shown);
  return at < 0 ? undefined : at;
}
