import { type Change, type Edit, wrong } from "./edit.ts";
import type { LineEnd, TextLines } from "./lines.ts";

/** The one change of an edit by line numbers. @throws SshMcpError `invalid_argument` for lines that are not there. */
export function changesOfLines(lines: TextLines, edit: Edit): readonly Change[] {
  if (edit.line !== undefined) return [replaced(lines, edit.line, edit.to ?? edit.line, edit.new)];
  return [inserted(lines, edit.after ?? -1, edit.new)];
}

function replaced(lines: TextLines, from: number, to: number, text: string | undefined): Change {
  if (to < from) throw wrong(`to (${to}) is before line (${from})`);
  for (const line of [from, to]) if (line < 1 || line > lines.count) throw missing(lines, line);
  const [begin, end] = [lines.rawOffset(lines.startOf(from)), lines.rawOffset(lines.startOf(to + 1))];
  if (text === undefined) return { from: begin, to: end, text: "" };
  return { from: begin, to: end, text: rowsOf(text).join(endNear(lines, from)) + lines.endOf(to) };
}

/** At the end of a text whose last line has no end, the new one has none either. */
function inserted(lines: TextLines, after: number, text: string | undefined): Change {
  if (text === undefined) throw wrong("after needs new: the lines to insert");
  const line = after === -1 ? lines.count : after;
  if (line < 0 || line > lines.count) throw missing(lines, line);
  const at = lines.rawOffset(lines.startOf(line + 1));
  const end = endNear(lines, line);
  const rows = rowsOf(text).join(end);
  return { from: at, to: at, text: line > 0 && lines.endOf(line) === "" ? end + rows : rows + end };
}

function missing(lines: TextLines, line: number) {
  return wrong(
    `there is no line ${line}: the file has ${lines.count === 1 ? "1 line" : `${lines.count} lines`}`,
  );
}

/** The rows of what a caller wrote, with or without an end behind the last. */
function rowsOf(text: string): string[] {
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function endNear(lines: TextLines, line: number): LineEnd {
  return lines.endOf(line) || lines.endOf(line - 1) || lines.endOf(1) || "\n";
}
