export interface Token {
  readonly text: string;
  /** Column in the line. */
  readonly at: number;
}

/** Words of a line between blanks. */
export function tokens(line: string, from = 0): Token[] {
  const found: Token[] = [];
  for (const match of line.matchAll(/\S+/g))
    if (match.index >= from) found.push({ text: match[0], at: match.index });
  return found;
}
