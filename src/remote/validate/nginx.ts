import { type Fault, MOST_FAULTS, placeOf } from "./kinds.ts";

interface Block {
  readonly at: number;
  readonly name: string;
}

/**
 * The shape of nginx's language: statements that end with `;`, blocks in braces, quotes, comments. A block of Lua
 * (`…_by_lua_block`) is skipped by its braces. What the words mean is not checked.
 */
export function checkNginx(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  const blocks: Block[] = [];
  let words: { readonly at: number; readonly text: string }[] = [];
  const fault = (at: number, message: string) => faults.push({ ...placeOf(text, at), message });
  let at = 0;
  while (at < text.length && faults.length <= MOST_FAULTS) {
    const char = text[at] ?? "";
    if (/\s/.test(char)) at++;
    else if (char === "#") at = lineEnd(text, at);
    else if (char === ";") {
      if (words.length === 0) fault(at, "a ; without a statement");
      words = [];
      at++;
    } else if (char === "{") {
      const [first] = words;
      if (first === undefined) fault(at, "a block without a name");
      if (first?.text.endsWith("_by_lua_block")) {
        const end = endOfLua(text, at);
        if (end === undefined) fault(at, `the block ${first.text} does not end`);
        at = end ?? text.length;
      } else {
        blocks.push({ at: first?.at ?? at, name: first?.text ?? "" });
        at++;
      }
      words = [];
    } else if (char === "}") {
      const [first] = words;
      if (first !== undefined) fault(first.at, `${first.text} does not end with ;`);
      if (blocks.pop() === undefined) fault(at, "a } that closes nothing");
      words = [];
      at++;
    } else {
      const end = endOfWord(text, at);
      if (end === undefined) {
        fault(at, `a quote ${char} that does not end`);
        return faults;
      }
      words.push({ at, text: text.slice(at, end) });
      at = end;
    }
  }
  const [first] = words;
  if (first !== undefined) fault(first.at, `${first.text} does not end with ;`);
  for (const { at: begin, name } of blocks) fault(begin, `the block ${name} is not closed`);
  return faults.slice(0, MOST_FAULTS + 1);
}

/** Behind a word, a quoted one or one with `${…}` in it; undefined: its quote does not end. */
function endOfWord(text: string, from: number): number | undefined {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] === "\\") at++;
      else if (text[at] === quote) return at + 1;
    }
    return undefined;
  }
  let at = from;
  while (at < text.length && !/[\s;{}]/.test(text[at] ?? "")) {
    if (text[at] === "\\") at += 2;
    else if (text[at] === "$" && text[at + 1] === "{") {
      const end = text.indexOf("}", at);
      at = end < 0 ? text.length : end + 1;
    } else at++;
  }
  // A brace of a regular expression, `\d{2}`, needs quotes in nginx too; a lone one ends the word.
  return Math.max(at, from + 1);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

/** Behind the brace that closes the one here, Lua's strings and comments skipped. */
function endOfLua(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "{") depth++;
    else if (char === "}") {
      depth--;
      if (depth === 0) return at + 1;
    } else if (char === "-" && text[at + 1] === "-") {
      const long = /^--\[(=*)\[/.exec(text.slice(at, at + 20));
      at = (long === null ? lineEnd(text, at) : endOfLong(text, at, long[1] ?? "")) - 1;
    } else if (char === "[" && /^\[(=*)\[/.test(text.slice(at, at + 20))) {
      const [, level = ""] = /^\[(=*)\[/.exec(text.slice(at, at + 20)) ?? [];
      at = endOfLong(text, at, level) - 1;
    } else if (char === '"' || char === "'") {
      for (at++; at < text.length && text[at] !== char && text[at] !== "\n"; at++)
        if (text[at] === "\\") at++;
    }
  }
  return undefined;
}

function endOfLong(text: string, from: number, level: string): number {
  const close = `]${level}]`;
  const end = text.indexOf(close, from);
  return end < 0 ? text.length : end + close.length;
}
