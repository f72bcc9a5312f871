import type { Piece } from "./words.ts";

/** A command of a RouterOS line: its words without what is evaluated inside of it, and that. */
export interface Statement {
  readonly words: readonly string[];
  readonly from: number;
  readonly to: number;
  /** What stands in `[ ]`, `{ }` and `$[ ]`: commands of their own. */
  readonly nested: readonly Piece[];
  /** A bracket or a quote that is not closed. */
  readonly open: boolean;
}

const CLOSES: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };

/** The commands of a text, between `;` and line ends that stand outside of quotes and brackets. */
export function statementsOf({ text, from }: Piece): Statement[] {
  const statements: Statement[] = [];
  let nested: Piece[] = [];
  let open = false;
  let word = "";
  let words: string[] = [];
  let begin = 0;
  const endWord = () => {
    if (word !== "") words.push(word.toLowerCase());
    word = "";
  };
  const end = (at: number) => {
    endWord();
    if (words.length > 0 || nested.length > 0)
      statements.push({ words, nested, open, ...trimmed(text, begin, at, from) });
    words = [];
    nested = [];
    open = false;
    begin = at + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"') {
      const close = endOfString(text, at);
      if (close < 0) open = true;
      const stop = close < 0 ? text.length : close;
      nested.push(...evaluated(text, at, stop, from));
      word += text.slice(at + 1, stop) || '""';
      at = stop;
    } else if (CLOSES[char] !== undefined) {
      const close = endOfBracket(text, at);
      if (close < 0) open = true;
      const stop = close < 0 ? text.length : close;
      nested.push({ text: text.slice(at + 1, stop), from: from + at + 1 });
      word += char;
      at = stop;
    } else if (char === "#" && word === "" && words.length === 0) {
      const rest = text.slice(at).search(/[\r\n]/);
      at = rest < 0 ? text.length : at + rest;
      begin = at + 1;
    } else if (char === "\\" && /[\r\n]/.test(text[at + 1] ?? "")) {
      // The line goes on.
      at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    } else if (/[;\r\n]/.test(char)) end(at);
    else if (char === " ") endWord();
    else word += char;
  }
  end(text.length);
  return statements;
}

function trimmed(text: string, begin: number, end: number, from: number) {
  const part = text.slice(begin, end);
  const lead = part.length - part.trimStart().length;
  return { from: from + begin + lead, to: from + begin + Math.max(lead, part.trimEnd().length) };
}

function endOfString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    if (text[next] === "\\") next++;
    else if (text[next] === '"') return next;
  }
  return -1;
}

/** Brackets of all kinds that lie in each other, and quotes in them. */
function endOfBracket(text: string, at: number): number {
  const open: string[] = [];
  for (let next = at; next < text.length; next++) {
    const char = text[next] ?? "";
    const closing = CLOSES[char];
    if (closing !== undefined) open.push(closing);
    else if (char === '"') {
      const end = endOfString(text, next);
      if (end < 0) return -1;
      next = end;
    } else if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return next;
    }
  }
  return -1;
}

/** `$[ … ]` within a string. */
function evaluated(text: string, at: number, stop: number, from: number): Piece[] {
  const pieces: Piece[] = [];
  for (let next = text.indexOf("$[", at); next >= 0 && next < stop; next = text.indexOf("$[", next + 2)) {
    const close = endOfBracket(text, next + 1);
    const end = close < 0 || close > stop ? stop : close;
    pieces.push({ text: text.slice(next + 2, end), from: from + next + 2 });
  }
  return pieces;
}
