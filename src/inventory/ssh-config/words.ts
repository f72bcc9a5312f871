/**
 * OpenSSH's two ways to cut a configuration line into words, ported with their quirks (misc.c `strdelim` and
 * `argv_split`), because files in the wild rely on them.
 */

export interface Word {
  readonly word: string;
  /** What follows the word; undefined when the line ends with it. */
  readonly rest: string | undefined;
}

/** The next word up to a blank, a quote or one `=`. Undefined: an unclosed quote. */
export function nextWord(text: string): Word | undefined {
  const end = text.search(/[ \t\r\n"=]/);
  if (end < 0) return { word: text, rest: undefined };
  if (text[end] === '"') {
    const close = text.indexOf('"', end + 1);
    if (close < 0) return undefined;
    return { word: text.slice(0, end) + text.slice(end + 1, close), rest: skipBlanks(text.slice(close + 1)) };
  }
  let rest = skipBlanks(text.slice(end + 1));
  if (text[end] !== "=" && rest.startsWith("=")) rest = skipBlanks(rest.slice(1));
  return { word: text.slice(0, end), rest };
}

/** All words of an argument list: quotes and backslashes removed, ended by a `#` that begins a word. */
export function splitArguments(text: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === " " || char === "\t") {
      at++;
      continue;
    }
    if (char === "#") break;
    let word = "";
    let quote = "";
    for (; at < text.length; at++) {
      const here = text[at] ?? "";
      const following = text[at + 1] ?? "";
      if (here === "\\" && isEscapable(following, quote)) {
        word += following;
        at++;
      } else if (quote === "" && (here === " " || here === "\t")) break;
      else if (quote === "" && (here === '"' || here === "'")) quote = here;
      else if (quote !== "" && here === quote) quote = "";
      else word += here;
    }
    if (quote !== "") return undefined;
    words.push(word);
  }
  return words;
}

function isEscapable(char: string, quote: string): boolean {
  return char === "'" || char === '"' || char === "\\" || (quote === "" && char === " ");
}

function skipBlanks(text: string): string {
  return text.replace(/^[ \t\r\n]+/, "");
}
