import { visibleLine } from "../../base/text.ts";
import { type Entry, verdictOf } from "./filter.ts";

const HEAD = ["SEQ", "TIME", "EVENT", "VERDICT", "HOST", "SESSION", "WHAT"] as const;
/** A column is no wider; what is longer is cut with an ellipsis. */
const WIDEST = 120;
/** What says most of an entry, the first that it has. */
const TELLING = ["text", "message", "path", "key", "method", "state", "verb"] as const;

/** The entries in columns. */
export function tableOf(entries: readonly Entry[]): string[] {
  const rows = [HEAD, ...entries.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === HEAD.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function cells({ line, fields }: Entry): string[] {
  if (fields === undefined) return ["", "", "(no entry)", "", "", "", visibleLine(line, WIDEST)];
  const text = (name: string) => {
    const value = fields.get(name);
    return value === undefined ? "" : visibleLine(String(value), WIDEST);
  };
  const telling = TELLING.find((name) => fields.has(name));
  const columns = ["seq", "time", "event"].map(text);
  return [
    ...columns,
    verdictOf(fields) ?? "",
    text("host"),
    text("session"),
    telling === undefined ? "" : text(telling),
  ];
}
