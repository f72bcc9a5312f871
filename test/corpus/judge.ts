import xterm from "@xterm/headless";
import { promptOf, type Recording } from "./recording.ts";

/** A line of the caller's and the rows its output must have. */
export interface Expected {
  readonly command: string;
  readonly rows: readonly string[];
  /** The prompt behind it. */
  readonly prompt: string;
  /** The device ends the session instead of printing a prompt. */
  readonly closes: boolean;
  /** Pages that have to be asked for. */
  readonly pages: number;
}

/** What every line of a recording must give: its value without echo, pager and prompt. */
export function expectedOf({ steps }: Recording): Expected[] {
  const found: Expected[] = [];
  for (const [index, { input, isKey, output }] of steps.entries()) {
    if (isKey) continue;
    const next = steps.findIndex((step, at) => at > index && !step.isKey);
    const keys = steps.slice(index + 1, next === -1 ? undefined : next);
    const all = [output, ...keys.map((key) => key.output)].join("");
    const printed = all.startsWith(input) ? all.slice(input.length) : `\r\n${all}`;
    const prompt = promptOf(all);
    const closes = !/[#>$]\s*$/.test(prompt);
    found.push({ command: input, rows: outputOf(printed, prompt), prompt, closes, pages: keys.length });
  }
  return found;
}

function outputOf(printed: string, prompt: string): string[] {
  const rows = onPaper(printed);
  // Row 0 is what stands behind the echo.
  rows.shift();
  if (rows.at(-1) === prompt.trimEnd()) rows.pop();
  return withoutTrailingBlanks(rows);
}

export function withoutTrailingBlanks(rows: readonly string[]): string[] {
  const kept = [...rows];
  while (kept.at(-1)?.trim() === "") kept.pop();
  return kept;
}

/** Tabs as blanks, nothing at the right end: what two readers of one output must agree on. */
export function settled(row: string): string {
  let out = "";
  for (const char of row) out += char === "\t" ? " ".repeat(8 - (out.length % 8)) : char;
  return out.trimEnd();
}

/**
 * The rows of a teletype of endless width that knows carriage return, backspace, tab and erase-in-line. Deliberately not
 * the project's own way of cleaning: it judges that.
 */
export function onPaper(text: string): string[] {
  const rows: string[][] = [[]];
  let row: string[] = rows[0] ?? [];
  let col = 0;
  const put = (char: string) => {
    while (row.length < col) row.push(" ");
    row[col++] = char;
  };
  const tokens = text.matchAll(/\u001b\[([\d;?]*)([A-Za-z])|\u001b[=>]|[\s\S]/gu);
  for (const [token, parameters, final] of tokens) {
    if (token === "\n") {
      row = [];
      rows.push(row);
    } else if (token === "\r") col = 0;
    else if (token === "\b") col = Math.max(0, col - 1);
    else if (token === "\t")
      do put(" ");
      while (col % 8 !== 0);
    else if (final === "K" && (parameters === "" || parameters === "0"))
      row.length = Math.min(row.length, col);
    else if (final === undefined && token.length <= 2 && token >= " ") put(token);
    else if (final !== undefined && !"mhl".includes(final)) throw new Error(`the judge knows no ${final}`);
  }
  return rows.map((cells) => cells.join("").trimEnd());
}

/** The same rows as somebody else's terminal emulator has them, in case the judge is wrong. */
export async function onXterm(text: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: 400, rows: 10, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const rows = Array.from(
    { length: active.baseY + active.cursorY + 1 },
    (_unused, index) => active.getLine(index)?.translateToString(true).trimEnd() ?? "",
  );
  terminal.dispose();
  return rows;
}
