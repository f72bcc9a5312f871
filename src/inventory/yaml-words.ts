/** A fault of the YAML parser, where it stands and what it says. */
export interface YamlFault {
  readonly line: number;
  readonly message: string;
}

interface ParserFault {
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

/**
 * The parser's faults in words that say what to change, one for each line. Nothing of the file is repeated but keys: what
 * stands behind them may be a secret.
 */
export function inPlainWords(faults: readonly ParserFault[], text: string): YamlFault[] {
  const rows = text.split(/\r?\n/);
  const told = new Map<number, YamlFault>();
  for (const fault of faults) {
    const plain = plainly(fault, rows);
    if (!told.has(plain.line)) told.set(plain.line, plain);
  }
  return [...told.values()].sort((one, other) => one.line - other.line);
}

function plainly({ code, message, line }: ParserFault, rows: readonly string[]): YamlFault {
  const row = rows[line - 1] ?? "";
  switch (code) {
    case "MULTIPLE_DOCS":
      return { line, message: "it holds several documents; keep one" };
    case "TAB_AS_INDENT":
      return { line, message: "a tab indents this line; indent with blanks" };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return keyFault(line, row, rows);
    case "BAD_INDENT":
      if (message.startsWith("Flow"))
        return { line, message: "a bracket above is not closed: ] or } is missing" };
      return { line, message: "this line is not indented like those it belongs to" };
    case "BAD_SCALAR_START":
      return { line, message: `a text that begins with ${message.at(-1)} needs quotes` };
    case "BAD_DQ_ESCAPE":
      return {
        line,
        message: "a backslash in double quotes has a meaning of its own; use single quotes: '…'",
      };
    case "MISSING_CHAR":
      return missing(message, line, rows);
    default:
      return { line, message: message.includes("call stack") ? TOO_DEEP : message };
  }
}

export const TOO_DEEP = "it is nested too deeply";

function missing(message: string, line: number, rows: readonly string[]): YamlFault {
  if (message.startsWith("Sequence item"))
    return { line, message: "this line is not indented like those it belongs to, or its dash is missing" };
  const [, quote] = /closing (["'])/.exec(message) ?? [];
  if (quote === undefined) return { line, message };
  const opened = rows.findIndex((row) => row.split(quote).length % 2 === 0);
  return {
    line: opened < 0 ? line : opened + 1,
    message: `a quote (${quote}) is opened here and not closed`,
  };
}

/** A row that should be `key: value` and is not. */
function keyFault(line: number, row: string, rows: readonly string[]): YamlFault {
  const next = rows.findIndex((other, index) => index >= line && other.trim() !== "");
  const deeper = next >= 0 && indentOf(rows[next] ?? "") > indentOf(row);
  const [, tight] = /^\s*(?:- )?([\w.-]+):[^\s:]/.exec(row) ?? [];
  if (tight !== undefined)
    return { line, message: `a blank is missing behind the colon: write \`${tight}: …\`` };
  if (/^\s*[\w.-]+\s*$/.test(row)) return { line, message: "a colon is missing at its end, as in `web1:`" };
  if (/^[^:]*:\s+[^'"#]*:(?:\s|$)/.test(row))
    return { line, message: "a text with a colon and a blank in it needs quotes: '…'" };
  if (!deeper) return { line, message: "this line is no key with a value, such as `host: 10.0.0.1`" };
  return {
    line: next + 1,
    message: `this line is indented deeper than line ${line}, which has its value already; indent it like that one`,
  };
}

function indentOf(row: string): number {
  return row.length - row.trimStart().length;
}
