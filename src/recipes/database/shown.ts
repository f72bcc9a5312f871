import { visibleLine } from "../../base/text.ts";
import type { Shown } from "../recipe.ts";
import { table } from "../table.ts";
import type { Asked } from "./ask.ts";
import type { Cell, Dialect, Order, Table } from "./order.ts";

/** Characters of a cell in the text; the facts have it whole. */
const MOST_CELL = 200;
const MOST_COLUMN = 60;

interface Facts {
  readonly where: string;
  readonly exit: number | undefined;
  readonly failed: boolean;
  readonly columns: readonly string[];
  /** null: the database's NULL. */
  readonly rows: readonly (readonly Cell[])[];
  /** There are more. */
  readonly more: boolean;
  /** Further tables, of a client that prints several. */
  readonly others?: readonly Table[];
  readonly printed?: readonly string[];
}

/** A client's answer as facts and as rows: NULL is NULL, an empty text `""`, and the text NULL is in quotes. */
export function shownOf(dialect: Dialect, asked: Asked, order: Pick<Order, "rows" | "write">): Shown<Facts> {
  const { where, text, cut, exit, nonce } = asked;
  const { tables, lines } = dialect.printed(text, { nonce, ...order });
  const [first = { columns: [], rows: [] }, ...others] = tables;
  // Of what is cut off the last row may be the half of one.
  const whole = cut ? first.rows.slice(0, -1) : first.rows;
  const more = cut || (!order.write && whole.length > order.rows);
  const rows = order.write ? whole : whole.slice(0, order.rows);
  const kept = order.write ? lines : lines.slice(0, order.rows);
  const said = [...new Set(dialect.complaint?.(asked.said) ?? asked.said)].map((line) =>
    visibleLine(line, 400),
  );
  const shortened = rows.some((row) => row.some((cell) => (cell?.length ?? 0) > MOST_CELL));
  const failed =
    (exit !== 0 && !(cut && !order.write)) ||
    dialect.failed?.(text) === true ||
    (said.length > 0 && rows.length === 0 && lines.length === 0);
  const nothing = first.columns.length === 0 || (failed && rows.length === 0);
  return {
    facts: {
      where,
      exit,
      failed,
      columns: first.columns,
      rows,
      more,
      ...(others.length > 0 ? { others } : {}),
      ...(kept.length > 0 ? { printed: kept } : {}),
    },
    lines: [...(nothing ? [] : drawn(first.columns, rows)), ...kept, ...others.flatMap(alone)],
    words: [
      where === "host" ? undefined : `engine=${where}`,
      failed ? "failed" : undefined,
      order.write ? undefined : countOf(kept.length > 0 ? kept.length : rows.length),
    ],
    notes: [
      ...(failed && said.length > 0 ? [`it failed: ${said.slice(0, 6).join("; ")}`] : said.slice(0, 6)),
      ...(failed && said.length === 0 && dialect.failed?.(text) !== true ? [ended(exit)] : []),
      ...(more ? [`there are more rows than these${cut ? " (the output is cut off)" : ""}`] : []),
      ...(shortened ? [`cells are shown with ${MOST_CELL} characters at most`] : []),
    ],
  };
}

function countOf(rows: number): string {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}

function ended(exit: number | undefined): string {
  if (exit === undefined) return "it was not seen to end: what it did is not known";
  if (exit === 124 || exit === 143)
    return "its time was up, and the client was ended; what the server did is not known";
  return `the client ended with exit code ${exit}`;
}

function alone({ columns, rows }: Table): readonly string[] {
  return columns.length === 0 ? [] : ["", ...drawn(columns, rows)];
}

function drawn(columns: readonly string[], rows: readonly (readonly Cell[])[]): readonly string[] {
  const heads = columns.map((name) => visibleLine(name, MOST_COLUMN) || '""');
  return table(
    heads,
    rows.map((row) => heads.map((_, at) => cellText(row[at] ?? null))),
  );
}

function cellText(cell: Cell): string {
  if (cell === null) return "NULL";
  if (cell === "" || cell === "NULL") return `"${cell}"`;
  const line = cell.replace(/[\n\t\r]/g, (char) => SHOWN[char] ?? char);
  return line.length <= MOST_CELL ? line : `${line.slice(0, MOST_CELL - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

const SHOWN: Readonly<Record<string, string>> = { "\n": "<U+000A>", "\t": "<U+0009>", "\r": "<U+000D>" };
