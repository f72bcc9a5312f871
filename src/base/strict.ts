import { z } from "zod";
import { nearest } from "./text.ts";

/** An object that refuses unknown keys and names the nearest known ones. */
export function strict<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys" || !Array.isArray(issue.keys)) return undefined;
      return issue.keys
        .map((key) => {
          const [first] = nearest(String(key), known);
          return `unknown key "${key}"; did you mean "${first}"? Known: ${known.join(", ")}`;
        })
        .join("; ");
    },
  });
}
