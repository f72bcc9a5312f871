import { z } from "zod";
import { patternOf } from "../../base/pattern.ts";
import { visibleLine } from "../../base/text.ts";
import { outputOf, withComplaints } from "../complaints.ts";
import { defineRecipe } from "../define.ts";
import { readRows } from "../device/read-rows.ts";
import type { Nature } from "../nature.ts";
import type { AnyRecipe, Shown } from "../recipe.ts";
import { columns, table } from "../table.ts";
import type { OwnInput, OwnRecipe } from "./schema.ts";
import { templateOf } from "./template.ts";

const UNREAD_SHOWN = 5;

/** What an operator's file says, as a recipe like any other. */
export function recipeOf(own: OwnRecipe): AnyRecipe {
  const { read, limits } = own;
  return {
    ...defineRecipe({
      name: own.name,
      toolset: "custom",
      title: own.name.replaceAll("_", " "),
      description: own.description,
      changes: !own.read_only,
      inputs: Object.fromEntries(Object.entries(own.inputs).map(([name, input]) => [name, schemaOf(input)])),
      seconds: limits.seconds,
      steps(inputs, nature) {
        const command = commandFor(own, nature);
        if (command === undefined)
          return `${own.name} has no command for ${nature.family} (${nature.kernel})`;
        return { run: withComplaints(templateOf(command).fill(valuesOf(own, inputs))) };
      },
      read(ran) {
        const { rows, complaints, more, exit } = outputOf(ran.get("run"));
        const shown = factsOf(read, rows.slice(0, limits.rows));
        const cut =
          rows.length > limits.rows ? [`${rows.length} rows, of which ${limits.rows} are read`] : [];
        const said = complaints.map((row) => visibleLine(row, 200)).join(" / ");
        const complained = said === "" ? [] : [`it complained: ${said}${more ? " / …" : ""}`];
        return {
          ...shown,
          words: [exit === undefined ? undefined : `exit=${exit}`, ...(shown.words ?? [])],
          notes: [...complained, ...cut, ...(shown.notes ?? [])],
        };
      },
    }),
    ends: true,
  };
}

function schemaOf(input: OwnInput): z.ZodType {
  const { description, optional } = input;
  const ready = (schema: z.ZodType) => {
    const given = input.default === undefined ? schema : schema.optional();
    return (optional ? given.optional() : given).describe(
      input.default === undefined ? description : `${description} Default: ${input.default}.`,
    );
  };
  switch (input.type) {
    case "number":
      return ready(z.number().int().min(input.min).max(input.max));
    case "choice":
      return ready(z.enum(input.values));
    case "text": {
      const whole = input.pattern === undefined ? undefined : patternOf(`^(?:${input.pattern})$`);
      return ready(
        z
          .string()
          .refine((text) => input.dash || !text.startsWith("-"), "must not begin with a dash")
          .refine(
            (text) => whole === undefined || (text.length <= whole.reach && whole.find(text) !== undefined),
            `must match ${input.pattern}`,
          ),
      );
    }
  }
}

function commandFor({ command }: OwnRecipe, { family }: Nature): string | undefined {
  return typeof command === "string" ? command : command[family];
}

function valuesOf(
  { inputs }: OwnRecipe,
  given: Readonly<Record<string, unknown>>,
): Record<string, string | number | undefined> {
  const words = Object.entries(inputs).map(([name, input]): [string, string | number | undefined] => {
    const value = given[name] ?? input.default;
    return [name, typeof value === "string" || typeof value === "number" ? value : undefined];
  });
  return Object.fromEntries(words);
}

/** What is wrong with the defaults of its inputs, by their names. */
export function defaultFaults({ inputs }: OwnRecipe): { readonly name: string; readonly message: string }[] {
  return Object.entries(inputs).flatMap(([name, input]) => {
    if (input.default === undefined) return [];
    const parsed = schemaOf(input).safeParse(input.default);
    return parsed.success ? [] : [{ name, message: parsed.error.issues[0]?.message ?? "cannot be used" }];
  });
}

function factsOf(read: OwnRecipe["read"], rows: readonly string[]): Shown<unknown> {
  const { columns: names, pattern, skip = [], numbers = [] } = read ?? {};
  if (names === undefined && pattern === undefined)
    return { facts: { rows }, lines: rows, words: [`${rows.length} rows`] };
  const reader = {
    headings: skip,
    begins: [pattern ?? "^(?P<row>.*)$"],
    adds: [],
    fills: [],
    keep: [],
    carries: [],
    ends: [],
    must: ".",
  };
  const found = readRows(reader, rows);
  const records =
    names === undefined
      ? found.records
      : found.records.map(({ row = "" }) => {
          const words = columns(row, names.length);
          return Object.fromEntries(names.map((name, at) => [name, words[at] ?? ""]));
        });
  const head = names ?? [...new Set(records.flatMap((record) => Object.keys(record)))];
  const typed = records.map((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        numbers.includes(name) && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
      ]),
    ),
  );
  const { unread } = found;
  const some = unread.slice(0, UNREAD_SHOWN).map((row) => visibleLine(row, 160));
  return {
    facts: { records: typed, unread },
    lines:
      records.length === 0
        ? []
        : table(
            head,
            records.map((record) => head.map((name) => visibleLine(record[name] ?? "", 200))),
          ),
    words: [`${records.length} ${records.length === 1 ? "record" : "records"}`],
    notes:
      unread.length === 0
        ? []
        : [
            `${unread.length} ${unread.length === 1 ? "row was" : "rows were"} not understood: ${some.join(" / ")}${unread.length > some.length ? " / …" : ""}`,
          ],
  };
}
