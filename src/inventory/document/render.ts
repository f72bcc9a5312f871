import { parseDocument } from "yaml";
import type { EditValue } from "./edits.ts";

/** Levels that are written as blocks, one key a line: sections, hosts, and the keys of a host. */
const BLOCK_LEVELS = 3;

/** A value on one line, fit for every place of a block or a flow mapping. */
export function flowValue(value: EditValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return scalar(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(flowValue).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, child]) => `${scalar(key)}: ${flowValue(child)}`)
    .join(", ")}}`;
}

/** A value in place of a text; its quotes stay those it had. */
export function likeOld(value: EditValue, old: string): string {
  if (typeof value !== "string") return flowValue(value);
  if (old.startsWith('"')) return JSON.stringify(value);
  return old.startsWith("'") && isPrintable(value) ? single(value) : scalar(value);
}

/** A key with its value as lines of a block mapping at `level` below the top of the file. */
export function blockLines(
  key: string,
  value: EditValue,
  at: { readonly indent: string; readonly step: string; readonly level: number },
): string[] {
  const { indent, step, level } = at;
  const name = `${indent}${scalar(key)}:`;
  if (level + 1 >= BLOCK_LEVELS || typeof value !== "object" || value === null || isList(value))
    return [`${name} ${flowValue(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${name} {}`];
  const inner = { indent: indent + step, step, level: level + 1 };
  return [name, ...entries.flatMap(([child, one]) => blockLines(child, one, inner))];
}

/** A text without quotes where it is read as that same text without them. */
export function scalar(text: string): string {
  if (isPlain(text)) return text;
  return isPrintable(text) ? single(text) : JSON.stringify(text);
}

function single(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isPrintable(text: string): boolean {
  return !/[\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]|[\ud800-\udfff]/.test(text);
}

/** Judged by the parser, within brackets, where more characters have a meaning. */
function isPlain(text: string): boolean {
  if (!/^[\w~/.@^$+=(\\][^\r\n\t#,[\]{}]*$/.test(text) || text.trim() !== text || !isPrintable(text))
    return false;
  // A colon begins a value, also as the last character.
  if (/:(\s|$)/.test(text)) return false;
  const document = parseDocument(`[${text}]`, { schema: "core", logLevel: "silent" });
  if (document.errors.length > 0 || document.warnings.length > 0) return false;
  const value: unknown = document.toJS();
  return Array.isArray(value) && value.length === 1 && value[0] === text;
}

function isList(value: EditValue): value is readonly EditValue[] {
  return Array.isArray(value);
}
