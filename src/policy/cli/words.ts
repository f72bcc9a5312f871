/** A word of a line: as it was written, without its quotes and in lower case, and its characters [from, to) of the text. */
export interface Word {
  readonly raw: string;
  readonly plain: string;
  readonly from: number;
  readonly to: number;
}

/** Does a quote of it go on behind its end? */
export function staysOpen(text: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") at++;
    else if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
  }
  return quote !== "";
}

/** A piece of a text and where it begins. */
export interface Piece {
  readonly text: string;
  readonly from: number;
}

/** The words of a line; a quote that is not closed goes to its end. */
export function wordsOf({ text, from }: Piece): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const begin = at;
    let plain = "";
    let quote = "";
    for (; at < text.length; at++) {
      const char = text[at] ?? "";
      if (quote === "" && char === " ") break;
      if (char === quote) quote = "";
      else if (quote === "" && (char === '"' || (char === "'" && at === begin)) && closes(text, at))
        quote = char;
      else plain += char;
    }
    words.push({ raw: text.slice(begin, at), plain: plain.toLowerCase(), from: from + begin, to: from + at });
  }
  return words;
}

/** A quote without its end is a character, such as an inch or an apostrophe. */
function closes(text: string, at: number): boolean {
  return text.indexOf(text[at] ?? "", at + 1) > at;
}

/** The physical lines of a text. */
export function linesOf(text: string): Piece[] {
  return cut({ text, from: 0 }, (rest) => /^(?:\r\n?|\n)/.exec(rest)?.[0].length ?? 0, /[\r\n]/);
}

/** The commands of a line between separators that stand outside of quotes. */
export function commandsOf(line: Piece, separators: readonly string[]): Piece[] {
  if (separators.length === 0) return [line];
  const pieces: Piece[] = [];
  let begin = 0;
  let quote = "";
  for (let at = 0; at < line.text.length; at++) {
    const char = line.text[at] ?? "";
    if (char === quote) quote = "";
    else if (quote === "" && char === '"' && closes(line.text, at)) quote = char;
    if (quote !== "") continue;
    const found = separators.find((separator) => line.text.startsWith(separator, at));
    if (found === undefined) continue;
    pieces.push({ text: line.text.slice(begin, at), from: line.from + begin });
    begin = at + found.length;
    at = begin - 1;
  }
  pieces.push({ text: line.text.slice(begin), from: line.from + begin });
  return pieces;
}

function cut(piece: Piece, lengthOf: (rest: string) => number, sign: RegExp): Piece[] {
  const pieces: Piece[] = [];
  let begin = 0;
  for (let at = 0; at < piece.text.length; at++) {
    if (!sign.test(piece.text[at] ?? "")) continue;
    const length = lengthOf(piece.text.slice(at, at + 2));
    if (length === 0) continue;
    pieces.push({ text: piece.text.slice(begin, at), from: piece.from + begin });
    begin = at + length;
    at = begin - 1;
  }
  pieces.push({ text: piece.text.slice(begin), from: piece.from + begin });
  return pieces;
}

/** The line without a comment, and the same with what might be one taken for words. */
export function readings(line: Piece, comments: readonly string[]): Piece[] {
  const trimmed = line.text.trimStart();
  if (comments.some((sign) => trimmed.startsWith(sign))) return [];
  const ends = comments.map((sign) => line.text.indexOf(` ${sign}`)).filter((at) => at > 0);
  if (ends.length === 0) return [line];
  return [{ text: line.text.slice(0, Math.min(...ends)), from: line.from }, line];
}
