import { type Pattern, patternOf } from "../../base/pattern.ts";
import type { RowsReader } from "./queries.ts";

export type Fields = Readonly<Record<string, string>>;

/** Records, and the rows that should have been understood and were not. */
export interface ReadRows {
  readonly records: readonly Fields[];
  readonly unread: readonly string[];
  /** Rows that did not have to be. */
  readonly prose: number;
}

const compiled = new WeakMap<RowsReader, Compiled>();

interface Compiled {
  readonly headings: readonly Pattern[];
  readonly begins: readonly Pattern[];
  readonly adds: readonly Pattern[];
  readonly fills: readonly Pattern[];
  readonly carries: readonly Pattern[];
  readonly ends: readonly Pattern[];
  readonly must: Pattern;
}

/** Reads the rows of an output one by one: the first pattern that fits says what a row is. */
export function readRows(reader: RowsReader, lines: readonly string[]): ReadRows {
  const { headings, begins, adds, fills, carries, ends, must } = compiledOf(reader);
  const records: Record<string, string>[] = [];
  const unread: string[] = [];
  let prose = 0;
  let carried: Fields = {};
  let current: Record<string, string> | undefined;
  const begin = (fields: Fields) => {
    current = { ...carried, ...fields };
    records.push(current);
  };
  const take = (row: string): boolean => {
    if (fieldsBy(ends, row) !== undefined) {
      carried = {};
      current = undefined;
      return true;
    }
    if (fieldsBy(headings, row) !== undefined) return true;
    const begun = fieldsBy(begins, row);
    if (begun !== undefined) {
      begin(begun);
      return true;
    }
    const added = current === undefined ? undefined : fieldsBy(adds, row);
    if (added !== undefined && current !== undefined) {
      Object.assign(current, newIn(current, added));
      return true;
    }
    const filled = fieldsBy(fills, row);
    if (filled !== undefined) {
      const has = current;
      if (has === undefined) begin(filled);
      else if (Object.keys(filled).some((name) => has[name] !== undefined && !reader.keep.includes(name)))
        begin({ ...of(has, reader.keep), ...filled });
      else Object.assign(has, filled);
      return true;
    }
    const kept = fieldsBy(carries, row);
    if (kept !== undefined) carried = { ...carried, ...kept };
    return kept !== undefined;
  };
  for (const line of lines) {
    const row = line.trimEnd();
    if (row === "" || take(row)) continue;
    if (find(must, row) !== undefined) unread.push(row);
    else prose++;
  }
  return { records, unread, prose };
}

function of(record: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

/** What was said first stays; what is said again goes behind it. */
function newIn(current: Fields, added: Fields): Fields {
  const before = Object.entries(added).map(([name, value]) => {
    const had = current[name];
    return [name, had === undefined || had === value ? value : `${had}, ${value}`];
  });
  return Object.fromEntries(before);
}

/** Named groups of the first pattern that fits; those that took no part, or are empty, are left out. */
function fieldsBy(patterns: readonly Pattern[], row: string): Fields | undefined {
  for (const pattern of patterns) {
    const match = find(pattern, row);
    if (match === undefined) continue;
    const fields = [...pattern.groups.named].map(([name, index]) => [name, match.group(index).trim()]);
    return Object.fromEntries(fields.filter(([, value]) => value !== ""));
  }
  return undefined;
}

function find(pattern: Pattern, row: string) {
  if (row.length > pattern.reach) return undefined;
  const [match] = pattern.matches(row);
  return match;
}

function compiledOf(reader: RowsReader): Compiled {
  const known = compiled.get(reader);
  if (known !== undefined) return known;
  const made = {
    headings: reader.headings.map((source) => patternOf(source)),
    begins: reader.begins.map((source) => patternOf(source)),
    adds: reader.adds.map((source) => patternOf(source)),
    fills: reader.fills.map((source) => patternOf(source)),
    carries: reader.carries.map((source) => patternOf(source)),
    ends: reader.ends.map((source) => patternOf(source)),
    must: patternOf(reader.must),
  };
  compiled.set(reader, made);
  return made;
}
