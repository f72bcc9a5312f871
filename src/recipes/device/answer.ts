import { patternOf } from "../../base/pattern.ts";
import type { Way } from "./queries.ts";
import { readJson } from "./read-json.ts";
import { type Fields, readRows } from "./read-rows.ts";

/** A fact of a record; a number where the platform's file says that the field is one. */
export type DeviceRecord = Readonly<Record<string, string | number>>;

/** What an output came to. */
export type Answer =
  | { readonly is: "records"; readonly records: readonly DeviceRecord[]; readonly unread: readonly string[] }
  | { readonly is: "text"; readonly lines: readonly string[] }
  /** The device says that there is nothing; in its words. */
  | { readonly is: "nothing"; readonly said: string }
  /** The output is not of the form that was asked for; a row of it. */
  | { readonly is: "strange"; readonly row: string };

export function answerOf(way: Way, lines: readonly string[]): Answer {
  const read = readOf(way, lines);
  if (read.is === "records" && read.records.length > 0) return read;
  const nothing = way.nothing.map((source) => patternOf(source));
  const said = lines.find((line) =>
    nothing.some((pattern) => line.length <= pattern.reach && pattern.find(line) !== undefined),
  );
  return said === undefined ? read : { is: "nothing", said: said.trim() };
}

function readOf(way: Way, lines: readonly string[]): Answer {
  if (way.json !== undefined) {
    const records = readJson(way.json, lines);
    if (records === undefined) return { is: "strange", row: firstOf(lines) };
    return { is: "records", records: records.map((one) => typed(way, one)), unread: [] };
  }
  if (way.rows === undefined) return { is: "text", lines };
  const { records, unread, prose } = readRows(way.rows, lines);
  // An empty table has its headings and nothing else.
  if (records.length === 0 && unread.length + prose > 0)
    return { is: "strange", row: firstOf(unread, lines) };
  return { is: "records", records: records.map((one) => typed(way, one)), unread };
}

function firstOf(...some: readonly (readonly string[])[]): string {
  return some.flat().find((line) => line.trim() !== "") ?? "";
}

function typed({ numbers, join }: Way, fields: Fields): DeviceRecord {
  return Object.fromEntries(
    Object.entries(join === undefined ? fields : joined(fields, join)).map(([name, value]) => [
      name,
      numbers.includes(name) && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ]),
  );
}

function joined(fields: Fields, { to, with: between, from }: NonNullable<Way["join"]>): Fields {
  const { [from]: part, ...rest } = fields;
  const whole = rest[to];
  if (part === undefined || whole === undefined || whole.includes(between)) return rest;
  return { ...rest, [to]: `${whole}${between}${part}` };
}
