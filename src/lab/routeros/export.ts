import { dateAndTime, type RouterOsConfig } from "./config.ts";
import { SINGLES, type SingleSpec, TABLES, type TableSpec } from "./schema.ts";
import type { Row } from "./state.ts";
import { quoteIfNeeded } from "./words.ts";

/** Columns after which `export` continues on a new row; rows in the recordings of 7.10 and 7.18 stay below. */
const WIDTH = 80;

/** The head every export starts with. */
function head(config: RouterOsConfig, now: number): string[] {
  return [
    `# ${dateAndTime(now)} by RouterOS ${config.version}`,
    "# software id = ",
    "#",
    `# model = ${config.board}`,
  ];
}

export function exportTable(config: RouterOsConfig, spec: TableSpec, now: number): string[] {
  return [...head(config, now), ...tableSection(config, spec)];
}

export function exportSingle(config: RouterOsConfig, spec: SingleSpec, now: number): string[] {
  return [...head(config, now), ...singleSection(config, spec)];
}

export function exportAll(config: RouterOsConfig, now: number): string[] {
  const { interface: faces, address, route, filter } = TABLES;
  return [
    ...head(config, now),
    ...tableSection(config, faces),
    ...tableSection(config, address),
    ...singleSection(config, SINGLES.dns),
    ...tableSection(config, filter),
    ...tableSection(config, route),
    ...singleSection(config, SINGLES.identity),
  ];
}

function tableSection(config: RouterOsConfig, spec: TableSpec): string[] {
  const rows = config.state.tables[spec.name].filter(({ flags }) => !flags.includes("D"));
  if (rows.length === 0) return [];
  return [menuRow(spec.path), ...rows.flatMap((row) => folded(statement(row, spec)))];
}

function singleSection(config: RouterOsConfig, spec: SingleSpec): string[] {
  const values = config.state.singles[spec.name];
  const words = spec.fields
    .filter(({ name, readOnly }) => readOnly !== true && (values[name] ?? "") !== "")
    .map(({ name }) => `${name}=${quoteIfNeeded(values[name] ?? "")}`);
  return words.length === 0 ? [] : [menuRow(spec.path), ...folded(["set", ...words])];
}

/** Exports write paths with blanks: `/ip firewall filter`. */
function menuRow(path: string): string {
  return `/${path.slice(1).replaceAll("/", " ")}`;
}

function statement(row: Row, spec: TableSpec): string[] {
  const words = spec.fields
    .filter(
      ({ name, readOnly, secret }) => readOnly !== true && secret !== true && (row.values[name] ?? "") !== "",
    )
    .filter(({ name, default: usual }) => row.values[name] !== usual)
    .map(({ name }) => `${name}=${quoteIfNeeded(row.values[name] ?? "")}`)
    .sort();
  return spec.canAdd
    ? ["add", ...words]
    : [
        "set",
        `[ find default-name=${row.values.name ?? ""} ]`,
        ...words.filter((word) => !word.startsWith("name=")),
      ];
}

/** Long statements go on after a backslash, four columns in. */
function folded(words: readonly string[]): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of words) {
    if (row !== "" && row.length + word.length + 3 > WIDTH) {
      rows.push(`${row} \\`);
      row = `    ${word}`;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  rows.push(row);
  return rows;
}
