import type { EditPath } from "../../../inventory/document/edits.ts";
import { valueAt } from "../../../inventory/document/model.ts";

/** A value of the file as it is typed on the command line; undefined: it cannot be typed on one line. */
export function typedForm(value: unknown, key: string): string | undefined {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return /[\u0000-\u001f\u007f]/.test(value) ? undefined : value;
  if (typeof value !== "object") return String(value);
  const plain =
    key !== "deny_patterns" &&
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === "string" && /^[^\s,[\]{}]+$/.test(item));
  return plain ? value.join(",") : JSON.stringify(value);
}

/** What all of these places say at a key, as it is typed; `differs`: not all the same. */
export function commonValue(file: unknown, places: readonly EditPath[], key: string): string | undefined {
  const path = key.split(".");
  const found = places.map((place) => typedForm(valueAt(file, [...place, ...path]), path.at(-1) ?? ""));
  return new Set(found).size <= 1 ? found[0] : undefined;
}
