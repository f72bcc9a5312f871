import { hardWrap, wordWrap } from "./ansi.ts";
import { flagsOf } from "./items.ts";
import type { Field, TableSpec } from "./schema.ts";
import type { Row } from "./state.ts";
import { quoteIfNeeded } from "./words.ts";

export interface NumberedRow {
  readonly number: number;
  readonly row: Row;
}

/** How a list is printed; `width` is the terminal's. */
export interface PrintStyle {
  readonly style: "columns" | "detail" | "terse" | "log";
  readonly width: number;
}

/** A list in rows of text, none wider than the terminal. */
export function printRows(
  rows: readonly NumberedRow[],
  spec: TableSpec,
  { style, width }: PrintStyle,
): string[] {
  switch (style) {
    case "log":
      return rows.flatMap(({ row: { values } }) =>
        hardWrap(` ${values.time ?? ""} ${values.topics ?? ""} ${values.message ?? ""}`, width),
      );
    case "terse":
      return rows.flatMap((entry) => hardWrap(terse(entry, spec), width));
    case "detail":
      return [...legend(spec, rows, true), ...rows.flatMap((entry) => detail(entry, spec, width))];
    case "columns":
      return columns(rows, spec).flatMap((text) => hardWrap(text, width));
  }
}

function shown(spec: TableSpec): Field[] {
  return spec.fields.filter(
    ({ name, secret }) => secret !== true && name !== "comment" && name !== "disabled",
  );
}

/** Plain `print` names the flags that occur, `detail` all of them, as RouterOS 7 does. */
function legend(spec: TableSpec, rows: readonly NumberedRow[], all: boolean): string[] {
  const used = new Set(rows.flatMap(({ row }) => flagsOf(row, spec)));
  const groups = spec.flags
    .map((group) =>
      group.filter(([letter]) => all || used.has(letter)).map(([letter, word]) => `${letter} - ${word}`),
    )
    .filter((group) => group.length > 0);
  return groups.length === 0 ? [] : [`Flags: ${groups.map((group) => group.join(", ")).join("; ")}`];
}

function columns(rows: readonly NumberedRow[], spec: TableSpec): string[] {
  if (rows.length === 0) return [];
  const fields = spec.fields.filter(({ column }) => column === true);
  const title = (field: Field) => field.name.toUpperCase();
  const flagPlaces = spec.flags.map((_, place) => rows.some(({ row }) => flagsOf(row, spec)[place] !== " "));
  const flagsText = (row: Row) =>
    flagsOf(row, spec)
      .filter((_, place) => flagPlaces[place] === true)
      .join("");
  const flagWidth = flagPlaces.filter(Boolean).length;
  const numberWidth = String(Math.max(...rows.map(({ number }) => number))).length;
  const widths = fields.map((field) =>
    Math.max(title(field).length, ...rows.map(({ row }) => (row.values[field.name] ?? "").length)),
  );
  const cells = (texts: readonly string[]) =>
    texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join("  ");
  const lead = (number: string, flags: string) =>
    `${number.padStart(numberWidth)} ${flagWidth > 0 ? `${flags.padEnd(flagWidth)} ` : " "}`;
  const head = `${"#".padEnd(numberWidth)} ${flagWidth > 0 ? `${" ".repeat(flagWidth)} ` : " "}`;
  return [
    ...legend(spec, rows, false),
    `Columns: ${fields.map(title).join(", ")}`,
    head + cells(fields.map(title)),
    ...rows.flatMap(({ number, row }) => {
      const values = cells(fields.map((field) => row.values[field.name] ?? ""));
      const start = lead(String(number), flagsText(row));
      const { comment } = row.values;
      return comment === undefined || comment === ""
        ? [start + values]
        : [`${start};;; ${comment}`, " ".repeat(start.length) + values];
    }),
  ];
}

function pairs(row: Row, spec: TableSpec): string[] {
  return shown(spec).flatMap(({ name, quoted }) => {
    const value = row.values[name] ?? "";
    if (value === "") return [];
    return [`${name}=${quoted === true ? `"${value}"` : quoteIfNeeded(value)}`];
  });
}

function detail({ number, row }: NumberedRow, spec: TableSpec, width: number): string[] {
  const start = `${String(number).padStart(2)} ${flagsOf(row, spec).join("").padEnd(3)} `;
  const { comment } = row.values;
  const indent = " ".repeat(start.length);
  const text =
    comment === undefined || comment === ""
      ? wordWrap(pairs(row, spec), start, indent, width)
      : [...hardWrap(`${start};;; ${comment}`, width), ...wordWrap(pairs(row, spec), indent, indent, width)];
  return [...text, ""];
}

function terse({ number, row }: NumberedRow, spec: TableSpec): string {
  const { comment = "" } = row.values;
  const words = comment === "" ? pairs(row, spec) : [`comment=${comment}`, ...pairs(row, spec)];
  return `${String(number).padStart(2)} ${flagsOf(row, spec).join("").padEnd(3)} ${words.join(" ")}`;
}

/** Settings of a menu without a list: names to the right, values padded (recorded from 7.18). */
export function printSettings(
  settings: readonly (readonly [name: string, value: string])[],
  width: number,
): string[] {
  const names = Math.max(...settings.map(([name]) => name.length));
  const values = Math.max(...settings.map(([, value]) => value.length));
  const rows = settings.map(([name, value]) => `  ${name.padStart(names)}: ${value.padEnd(values)}`);
  return [...rows.flatMap((row) => hardWrap(row, width)), ""];
}
