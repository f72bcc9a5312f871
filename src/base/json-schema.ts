import { z } from "zod";

/**
 * The JSON Schema (draft 7, the one editors know) of a file whose shape a zod schema is. `meta` of a schema stands in it
 * as it is: an `id` names a definition, and what a refinement demands is said there in JSON Schema's own words.
 */
export function publishedSchema(schema: z.ZodType, about: { readonly $id: string; readonly title: string }) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7", reused: "inline" });
  const definitions = Object.entries(rest.definitions ?? {}).map(([name, one]) => [name, published(one)]);
  return { $schema, ...about, ...published(rest), definitions: Object.fromEntries(definitions) };
}

/** JSON Schema: an object that has all of these keys. */
export function having(keys: readonly string[], properties: Readonly<Record<string, unknown>> = {}) {
  return {
    required: keys,
    properties: { ...Object.fromEntries(keys.map((key) => [key, true])), ...properties },
  };
}

/** A node with patterns that every engine reads. */
function published(node: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "pattern" && typeof value === "string" ? inPairs(value) : nested(value),
    ]),
  );
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === "object" && value !== null ? published(value) : value;
}

/**
 * Code points above U+FFFF as pairs: an engine that does not know pairs refuses the pattern, where `\u{…}` would silently
 * mean something else without the `u` flag.
 */
function inPairs(pattern: string): string {
  return pattern.replace(/\\u\{([0-9a-f]+)\}/g, (_escape, code: string) => {
    const char = String.fromCodePoint(Number.parseInt(code, 16));
    return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16)}`).join("");
  });
}
