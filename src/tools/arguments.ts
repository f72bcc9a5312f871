import { z } from "zod";
import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";

export interface ArgumentReader<Schema extends z.ZodObject> {
  readonly jsonSchema: { readonly type: "object"; readonly [key: string]: unknown };
  /** @throws SshMcpError `invalid_argument`. */
  read(args: unknown): z.output<Schema>;
}

/** The schema of one tool, and the reading of what a model made of it. */
export function argumentReader<Schema extends z.ZodObject>(
  tool: string,
  schema: Schema,
): ArgumentReader<Schema> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  const known = Object.keys(properties);
  const types = new Map(known.map((name) => [name, typeOf(properties[name])]));

  return {
    jsonSchema: {
      type: "object",
      properties: short(properties),
      ...(required.length > 0 ? { required } : {}),
    },
    read(args) {
      const given = isRecord(args ?? {}) ? Object.entries(args ?? {}) : undefined;
      if (given === undefined) throw invalid(tool, known, "the arguments must be one JSON object");
      const unknown = given.map(([name]) => name).filter((name) => !types.has(name));
      const [first] = unknown;
      if (unknown.includes(CONFIRM)) throw confirmed(tool);
      if (first !== undefined) {
        const names = unknown.map((name) => `"${visibleLine(name, 60)}"`).join(", ");
        throw invalid(tool, nearest(first, known), `unknown argument ${names}`);
      }
      const tolerated = Object.fromEntries(
        // Models often write null for "not given".
        given
          .filter(([, value]) => value !== null)
          .map(([name, value]) => [name, tolerate(value, types.get(name))]),
      );
      const parsed = schema.safeParse(tolerated);
      if (parsed.success) return parsed.data;
      throw invalid(tool, known, parsed.error.issues.map(sentence).join("; "));
    },
  };
}

/** What other servers take for an approval. */
const CONFIRM = "confirm_dangerous";

function confirmed(tool: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `${tool}: there is no ${CONFIRM}: an agent's own word approves nothing here; nothing was sent.`,
    "Give the call without it. Where it has to be approved, the answer says how a human does that (ssh-mcp approve).",
  );
}

/** Bounds that no caller would meet; whoever does is answered with them. */
const UNSAID: ReadonlySet<string> = new Set([
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "propertyNames",
  "pattern",
]);

/** What a model pays for: each property, and those within it, without what says nothing to it. */
function short(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, shortened(property)]),
  );
}

function shortened(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const said = ([name, value]: [string, unknown]) =>
    !UNSAID.has(name) &&
    !(name === "minimum" && (value === 0 || value === 1)) &&
    !(name === "maximum" && typeof value === "number" && value >= 100_000) &&
    !(typeof value === "number" && Math.abs(value) === Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(
    Object.entries(schema)
      .filter(said)
      .map(([name, value]) => {
        if (name === "properties" && isRecord(value)) return [name, short(value)];
        if (name === "anyOf" && Array.isArray(value)) return [name, value.map(shortened)];
        return [name, name === "items" ? shortened(value) : value];
      }),
  );
}

function invalid(tool: string, known: readonly string[], what: string): SshMcpError {
  const next = known.length === 0 ? `${tool} takes no arguments.` : `${tool} knows: ${known.join(", ")}.`;
  return new SshMcpError("invalid_argument", `${tool}: ${what}.`, next);
}

function sentence(issue: z.core.$ZodIssue): string {
  const field = issue.path.join(".");
  const empty = issue.code === "too_small" && issue.origin === "string" && issue.minimum === 1;
  const message = empty
    ? "must not be empty"
    : issue.message.replace(/^Invalid input: |^Too (?:small|big): (?=expected )/, "");
  return field === "" ? message : `"${field}": ${message}`;
}

/** Numbers and booleans written as strings, and strings written as numbers, are taken for what was meant. */
function tolerate(value: unknown, type: string | undefined): unknown {
  if (typeof value === "string") {
    const text = value.trim();
    if ((type === "number" || type === "integer") && /^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
    if (type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    if (type === "array" && text.startsWith("[")) return arrayIn(text) ?? value;
  }
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  return value;
}

/** A list that was written as a string. */
function arrayIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function typeOf(property: unknown): string | undefined {
  return isRecord(property) && typeof property.type === "string" ? property.type : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
