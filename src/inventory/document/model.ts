import { isDeepStrictEqual } from "node:util";
import type { Edit, EditPath } from "./edits.ts";

/** What a file's value must be behind an edit: the text is spliced, and read again it has to say exactly this. */
export function expected(value: unknown, edit: Edit): unknown {
  switch (edit.kind) {
    case "set":
      return at(value, edit.path, () => edit.value);
    case "add":
      return at(value, edit.path, (old) => ({ ...mapping(old), ...Object.fromEntries(edit.entries) }));
    case "remove":
      return at(value, edit.path.slice(0, -1), (old) => without(old, edit.path.at(-1) ?? ""));
    case "rename":
      return at(value, edit.path.slice(0, -1), (old) =>
        Object.fromEntries(
          Object.entries(mapping(old)).map(([key, child]) => [
            key === edit.path.at(-1) ? edit.to : key,
            child,
          ]),
        ),
      );
  }
}

/** Equal as values; the order of keys is no part of it. */
export function sameValue(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one ?? {}, other ?? {});
}

/** The value at a path; undefined: there is none. */
export function valueAt(value: unknown, path: EditPath): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** A copy of the value that differs at `path` alone, however many aliases lead there. */
function at(value: unknown, [key, ...rest]: EditPath, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? at(item, rest, change) : item));
  const old = mapping(value);
  return { ...old, [key]: at(Object.hasOwn(old, key) ? old[key] : undefined, rest, change) };
}

function without(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.filter((_, index) => String(index) !== key);
  return Object.fromEntries(Object.entries(mapping(value)).filter(([name]) => name !== key));
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
