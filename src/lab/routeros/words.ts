/** A command line in pieces, with the column each starts at (0-based here, 1-based in messages). */
export interface Word {
  /** As typed. */
  readonly text: string;
  readonly column: number;
}

/** What the device prints instead of doing it. */
export class CommandError extends Error {}

export function syntaxError(column: number): CommandError {
  return new CommandError(`syntax error (line 1 column ${column + 1})`);
}

export function badCommand(word: Word): CommandError {
  return new CommandError(`bad command name ${word.text} (line 1 column ${word.column + 1})`);
}

export function expectedEnd(column: number): CommandError {
  return new CommandError(`expected end of command (line 1 column ${column + 1})`);
}

/** Splits at blanks; quotes and brackets hold together. @throws CommandError where one is not closed. */
export function splitWords(line: string, offset = 0): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (line.charAt(at) === " ") {
      at += 1;
      continue;
    }
    const end = endOfWord(line, at, offset);
    words.push({ text: line.slice(at, end), column: at + offset });
    at = end;
  }
  return words;
}

/** Commands between semicolons, with the column each starts at. */
export function splitCommands(line: string): { text: string; column: number }[] {
  const commands: { text: string; column: number }[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at++) {
    const char = line.charAt(at);
    if (char === "\\" && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (at === line.length || (char === ";" && !quoted)) {
      commands.push({ text: line.slice(from, at), column: from });
      from = at + 1;
    }
  }
  return commands.filter(({ text }) => text.trim() !== "");
}

function endOfWord(line: string, start: number, offset: number): number {
  let depth = 0;
  let at = start;
  for (; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') {
      const close = closingQuote(line, at);
      if (close < 0) throw syntaxError(line.length + offset);
      at = close;
    } else if (char === "[") depth += 1;
    else if (char === "]") {
      depth -= 1;
      if (depth < 0) throw syntaxError(at + offset);
    } else if (char === " " && depth === 0) break;
    else if (depth === 0 && "\\$`'{}()".includes(char)) throw syntaxError(at + offset);
  }
  if (depth > 0) throw syntaxError(line.length + offset);
  return at;
}

function closingQuote(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    if (line.charAt(at) === "\\") at += 1;
    else if (line.charAt(at) === '"') return at;
  }
  return -1;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["_", " "],
]);

/** The value of a word: quotes and escapes resolved (MikroTik manual, "Scripting", constant escape sequences). */
export function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text
    .replace(/^"|"$/g, "")
    .replace(/\\([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\(.)/g, (_, char: string) => ESCAPES.get(char) ?? char);
}

/** A value as `export` and `print detail` write it. */
export function quoteIfNeeded(value: string): string {
  return /^[\w.\-:/,*]+$/.test(value)
    ? value
    : `"${value.replace(/(["\\$])/g, "\\$1").replace(/\n/g, "\\n")}"`;
}

/** The one of `names` meant by `text`: itself, or the only one that starts so. */
export function abbreviated(text: string, names: readonly string[]): string | undefined {
  if (text === "") return undefined;
  if (names.includes(text)) return text;
  const possible = names.filter((name) => name.startsWith(text));
  return possible.length === 1 ? possible[0] : undefined;
}
