import type { JsonReader } from "./queries.ts";
import type { Fields } from "./read-rows.ts";

/** A node of the document, and the keys it was come to by. */
interface Found {
  readonly node: unknown;
  readonly keys: readonly string[];
  /** Nodes that a `*` or `[]` was taken from or came to, the nearest first, itself included. */
  readonly around: readonly unknown[];
}

/** Junos' row above its prompt. */
const ROLE_ROW = /^\{(?:master|primary|backup|secondary|linecard)[^{}]*\}$/;

/** The records of a document as a terminal showed it; undefined: it is no JSON, or none of the form that is known. */
export function readJson(reader: JsonReader, lines: readonly string[]): readonly Fields[] | undefined {
  const document = documentIn(lines);
  if (document === undefined) return undefined;
  const paths = reader.each.map(stepsOf);
  const records = paths
    .flatMap((steps) => walk({ node: document, keys: [], around: [] }, steps))
    .map((found) =>
      Object.fromEntries(
        Object.entries(reader.fields)
          .map(([name, path]) => [name, textAt(found, path)])
          .filter(([, value]) => value !== ""),
      ),
    )
    .filter((record) => Object.keys(record).length > 0);
  if (records.length > 0) return records;
  // No records are an answer only where their place is there, and empty.
  const place = (steps: readonly string[]) =>
    steps.length > 1 && walk({ node: document, keys: [], around: [] }, steps.slice(0, -1)).length > 0;
  return paths.some(place) ? [] : undefined;
}

function stepsOf(path: string): readonly string[] {
  return path === "" ? [] : path.split(".");
}

/** Long rows may have been broken by the terminal: no text of JSON has a line end in it. */
function documentIn(lines: readonly string[]): object | undefined {
  const rows = lines.filter((row) => !ROLE_ROW.test(row.trim()));
  const from = rows.findIndex((row) => /^\s*[{[]/.test(row));
  if (from < 0) return undefined;
  for (const text of [rows.slice(from).join("\n"), rows.slice(from).join("")])
    try {
      const document: unknown = JSON.parse(text);
      if (typeof document === "object" && document !== null) return document;
    } catch {
      // The other form is tried, and then there is none.
    }
  return undefined;
}

function walk({ node, keys, around }: Found, [step, ...rest]: readonly string[]): Found[] {
  if (step === undefined) return [{ node, keys, around }];
  const into = (one: unknown, key?: string) =>
    walk({ node: one, keys: key === undefined ? keys : [...keys, key], around: [one, ...around] }, rest);
  if (step === "[+]" && (node === undefined || (Array.isArray(node) && node.length === 0))) return into({});
  if (node === null || node === undefined) return [];
  if (step === "[]" || step === "[+]")
    return (Array.isArray(node) ? node : [node]).flatMap((one: unknown) => into(one));
  if (typeof node !== "object") return [];
  if (step === "*") return Object.entries(node).flatMap(([key, one]: [string, unknown]) => into(one, key));
  const entry = Object.entries(node).find(([key]) => key === step);
  if (entry === undefined)
    return rest.includes("[+]")
      ? walk({ node: undefined, keys, around }, rest.slice(rest.indexOf("[+]")))
      : [];
  return walk({ node: entry[1], keys, around }, rest);
}

function textAt(found: Found, paths: string): string {
  for (const path of paths.split("|")) {
    const key = /^@(\d)$/.exec(path)?.[1];
    const text = key === undefined ? valuesAt(found, path) : found.keys[Number(key) - 1];
    if (text !== undefined && text !== "") return text;
  }
  return "";
}

function valuesAt({ node, keys, around }: Found, path: string): string {
  const out = /^\^*/.exec(path)?.[0].length ?? 0;
  const from = out === 0 ? node : around[out];
  const values = walk({ node: from, keys, around }, stepsOf(path.slice(out))).map(({ node }) => node);
  const plain = values.filter(
    (value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean",
  );
  return [
    ...new Set(
      plain.map((value) =>
        String(value)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      ),
    ),
  ]
    .filter((text) => text !== "")
    .join(", ");
}
