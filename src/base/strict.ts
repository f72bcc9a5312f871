import { z } from "zod";
import { editDistance, nearest } from "./text.ts";

/** At most `limit` characters, counted as people and JSON Schema do: by code points. */
export function atMost(limit: number, schema: z.ZodString): z.ZodString {
  return schema
    .refine((text) => [...text].length <= limit, `must be at most ${limit} characters`)
    .meta({ maxLength: limit });
}

/** An object that refuses unknown keys, and names the one that is meant or all: a line of the message for each unknown one. */
export function strict<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys" || !Array.isArray(issue.keys)) return undefined;
      return issue.keys
        .map((key) => {
          const [first = ""] = nearest(String(key), known);
          const slip =
            editDistance(String(key).toLowerCase(), first.toLowerCase()) <= (first.length > 3 ? 2 : 1);
          return `unknown key "${key}"; ${slip ? `did you mean "${first}"?` : `known: ${known.join(", ")}`}`;
        })
        .join("\n");
    },
  });
}
