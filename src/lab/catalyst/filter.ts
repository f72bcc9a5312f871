import { RE2JS } from "re2js";

const VERBS = ["begin", "count", "exclude", "include", "section"] as const;

/** Rows behind `| include EXPRESSION` and its like; undefined: no such filter, or no expression. */
export function withFilter(rows: readonly string[], filter: string): readonly string[] | undefined {
  const [, word = "", expression = ""] = /^(\S+)\s+(.*)$/.exec(filter.trim()) ?? [];
  const verb = word === "" ? undefined : VERBS.find((name) => name.startsWith(word.toLowerCase()));
  const wanted = compiled(expression);
  if (verb === undefined || wanted === undefined) return undefined;
  const hit = (row: string) => wanted.test(row);
  switch (verb) {
    case "include":
      return rows.filter(hit);
    case "exclude":
      return rows.filter((row) => !hit(row));
    case "count":
      return [`Number of lines which match regexp = ${rows.filter(hit).length}`];
    case "begin": {
      const from = rows.findIndex(hit);
      return from < 0 ? [] : rows.slice(from);
    }
    case "section": {
      let inside = false;
      return rows.filter((row) => {
        if (!row.startsWith(" ")) inside = hit(row);
        return inside;
      });
    }
  }
}

/** An expression of IOS: `_` stands for a border between words. */
function compiled(expression: string): RE2JS | undefined {
  if (expression === "") return undefined;
  try {
    return RE2JS.compile(expression.replaceAll("_", "(?:^|$|[ ,{}()])"));
  } catch {
    return undefined;
  }
}

/** A command and what stands behind the first `|`. */
export function splitFilter(line: string): [command: string, filter: string | undefined] {
  const at = line.indexOf("|");
  return at < 0 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1).trim()];
}
