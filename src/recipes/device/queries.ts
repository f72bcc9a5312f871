import { z } from "zod";
import { patternOf } from "../../base/pattern.ts";
import { strict } from "../../base/strict.ts";
import { builtinQueries } from "./builtin.ts";
import { JOB_NAMES } from "./jobs.ts";

const pattern = z
  .string()
  .min(1)
  .refine((source) => {
    patternOf(source);
    return true;
  });
const patterns = z.array(pattern);

/** How the rows of an output become records: named groups are fields. Blank rows carry nothing. */
const rowsSchema = strict({
  /** Rows that are known and carry nothing. */
  headings: patterns.default([]),
  /** Each begins a record. */
  begins: patterns.min(1),
  /** Each adds fields to the record it is behind. */
  adds: patterns.default([]),
  /** Each adds to a record that does not have its fields yet; where it has, another one begins that shares the fields `keep`. */
  fills: patterns.default([]),
  keep: z.array(z.string()).default([]),
  /** Fields for all records behind them, until said anew. */
  carries: patterns.default([]),
  /** Rows that end a record, and what was carried. */
  ends: patterns.default([]),
  /** Rows that have to be understood; any other that is not is prose. */
  must: pattern.default("."),
});

/**
 * How a JSON document becomes records. A path is keys with dots between; `*` goes through a map or a list, `[]` through a list,
 * or is the one thing that is there in its place; `[+]` is the same, and once with nothing where there is none. In a field `@1` is the
 * key that the first `*` of `each` came by, each `^` in front goes out of one of these steps, and of `a|b` the first counts that is there.
 */
const jsonSchema = strict({
  each: z.array(z.string()).min(1),
  fields: z.record(z.string(), z.string().min(1)),
});

/** One way to ask a platform for something. Neither `rows` nor `json`: the text is the answer. `{lines}`: how many rows are wanted. */
const waySchema = strict({
  command: z.string().min(1),
  /** What it asks by, where there are several: `lldp`. */
  by: z.string().min(1).optional(),
  /** Mode it has to be typed in. */
  mode: z.string().min(1).optional(),
  rows: rowsSchema.optional(),
  json: jsonSchema.optional(),
  /** Rows that say that there is nothing to be told, and why. */
  nothing: patterns.default([]),
  /** Rows of a text that change by themselves: when it was printed, how long it is. */
  noise: patterns.default([]),
  /** Fields that are numbers. */
  numbers: z.array(z.string()).default([]),
  /** A field that is put behind another one that does not have it yet: the mask of a prefix. */
  join: strict({ to: z.string(), with: z.string(), from: z.string() }).optional(),
}).refine(({ rows, json }) => rows === undefined || json === undefined, "has rows or json, not both");

const querySchema = z.partialRecord(z.enum(JOB_NAMES), z.array(waySchema).min(1));

export type Way = z.output<typeof waySchema>;
export type RowsReader = z.output<typeof rowsSchema>;
export type JsonReader = z.output<typeof jsonSchema>;
export type Queries = z.output<typeof querySchema>;

/** The same for what is not kept in that folder. @throws ZodError. */
export function queriesOf(content: unknown): Queries {
  return querySchema.parse(content);
}

let checked: ReadonlyMap<string, Queries> | undefined;

/** What is known to be asked of which platform, the best way first. @throws ZodError for a file that is none. */
export function deviceQueries(): ReadonlyMap<string, Queries> {
  checked ??= new Map([...builtinQueries()].map(([id, content]) => [id, querySchema.parse(content)]));
  return checked;
}
