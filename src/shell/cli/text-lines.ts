/** A line that is nothing but the key that ends a text: Ctrl-D, Ctrl-Z. */
export function isEndKey(line: string): boolean {
  return line === "\u0004" || line === "\u001a";
}

/** How many empty lines stand in front of each line that is not empty. */
export function blanksOf(text: string): number[] {
  const counts: number[] = [];
  let blanks = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.trim() === "" && !isEndKey(line)) blanks++;
    else {
      counts.push(blanks);
      blanks = 0;
    }
  }
  return counts;
}

/** The lines as a job may enter them: within a text the empty ones, too. */
export function entered(text: string, lines: readonly string[]): readonly string[] {
  const blanks = blanksOf(text);
  return lines.flatMap((line, index) => (index > 0 && (blanks[index] ?? 0) > 0 ? ["", line] : [line]));
}
