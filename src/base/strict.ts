import { z } from "zod";
import { editDistance, nearest } from "./text.ts";

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
