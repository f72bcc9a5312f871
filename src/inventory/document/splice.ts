/** A piece of a text and what replaces it; where both ends are the same place, text is inserted there. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with all splices made. They must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { from, to, text: by } of [...splices].sort((one, other) => other.from - one.from))
    result = result.slice(0, from) + by + result.slice(to);
  return result;
}

/** Where the line with this offset begins, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

/** Behind the line break that ends what ends at `offset`: a block of text has that break within it. */
export function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found + 1;
}

/** The kind of line break that is used before `offset`, else the first one of the text. */
export function lineBreak(text: string, offset: number): string {
  const before = text.lastIndexOf("\n", offset - 1);
  const at = before < 0 ? text.indexOf("\n") : before;
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** Splice that puts whole lines behind the line in which something ends. */
export function linesBehind(text: string, offset: number, lines: readonly string[]): Splice {
  const at = lineEnd(text, offset);
  const end = lineBreak(text, at);
  const closed = at === 0 || text[at - 1] === "\n" || (at === 1 && text.startsWith("\uFEFF"));
  const body = lines.join(end);
  return { from: at, to: at, text: closed ? `${body}${end}` : `${end}${body}` };
}
