import { z } from "zod";
import { MAX_PATTERN, patternOf } from "../../base/pattern.ts";
import { strict } from "../../base/strict.ts";
import { templateOf } from "./template.ts";

const said = (limit: number) =>
  z.string().min(1, "must not be empty").max(limit, `must be at most ${limit} characters`);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case letters, digits and _, at most 40, a letter first");

const pattern = z
  .string()
  .max(MAX_PATTERN)
  .superRefine((source, context) => because(() => patternOf(source), context));

const command = said(8_000).superRefine((source, context) => because(() => templateOf(source), context));

function because(check: () => unknown, context: z.core.$RefinementCtx<string>): void {
  try {
    check();
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
}

const shared = { description: said(300) };

const input = z.discriminatedUnion("type", [
  strict({
    type: z.literal("text"),
    ...shared,
    default: z.string().optional(),
    optional: z.boolean().default(false),
    /** RE2; the whole value has to match. */
    pattern: pattern.optional(),
    /** A value may begin with a dash, which many programs take for an option. */
    dash: z.boolean().default(false),
  }),
  strict({
    type: z.literal("number"),
    ...shared,
    default: z.number().int().optional(),
    optional: z.boolean().default(false),
    min: z.number().int().default(0),
    max: z.number().int().default(1_000_000),
  }),
  strict({
    type: z.literal("choice"),
    ...shared,
    values: z.array(said(200)).min(1).max(100),
    default: z.string().optional(),
    optional: z.boolean().default(false),
  }),
]);

const FAMILIES = ["linux", "macos", "freebsd", "openbsd", "netbsd", "other"] as const;

/** One file of an operator's own recipes. */
export const ownSchema = strict({
  name,
  description: said(500),
  inputs: z.record(name, input).default({}),
  /** One for all systems, or one for each family. */
  command: z.union([command, z.partialRecord(z.enum(FAMILIES), command)]),
  read: strict({
    /** Names of the columns: words of a row, the last with all that is left. */
    columns: z.array(name).min(1).max(30).optional(),
    /** RE2 with a named group for each fact: one row, one record. */
    pattern: pattern.optional(),
    /** RE2 of rows that carry nothing. */
    skip: z.array(pattern).max(30).default([]),
    numbers: z.array(name).default([]),
  })
    .refine(
      ({ columns, pattern }) => columns === undefined || pattern === undefined,
      "has columns or a pattern, not both",
    )
    .optional(),
  limits: strict({
    seconds: z.number().int().min(1).max(50).default(30),
    rows: z.number().int().min(1).max(10_000).default(1_000),
  }).prefault({}),
  /** It changes nothing on the host. Left out: it may. */
  read_only: z.boolean().default(false),
}).superRefine((recipe, context) => {
  const commands = typeof recipe.command === "string" ? [recipe.command] : Object.values(recipe.command);
  const used = inputsOf(commands);
  // What is wrong with the command itself is said already.
  if (used === undefined) return;
  for (const one of used)
    if (recipe.inputs[one] === undefined)
      context.addIssue({ code: "custom", path: ["command"], message: `{{${one}}} is none of the inputs` });
  for (const one of Object.keys(recipe.inputs)) {
    if (RESERVED.includes(one))
      context.addIssue({
        code: "custom",
        path: ["inputs", one],
        message: `"${one}" is the name of an argument that every recipe has`,
      });
    else if (!used.has(one))
      context.addIssue({ code: "custom", path: ["inputs", one], message: `the command has no {{${one}}}` });
  }
});

/** Arguments that every recipe has. */
const RESERVED = ["host", "timeout_s", "max_tokens"];

function inputsOf(commands: readonly string[]): ReadonlySet<string> | undefined {
  try {
    return new Set(commands.flatMap((one) => [...templateOf(one).inputs]));
  } catch {
    return undefined;
  }
}

export type OwnRecipe = z.output<typeof ownSchema>;
export type OwnInput = OwnRecipe["inputs"][string];
