import { parseDocument } from "yaml";
import { SshMcpError } from "../../base/errors.ts";
import type { Edit, EditPath, EditValue } from "../../inventory/document/edits.ts";
import { expected, valueAt } from "../../inventory/document/model.ts";

/** `KEY=VALUE` of the command line; `+=` adds to a list, `-=` takes from it, nothing behind `=` removes the key. */
export interface Assignment {
  readonly path: EditPath;
  readonly how: "=" | "+=" | "-=";
  readonly text: string;
}

const EXAMPLE =
  "For example: host=10.0.0.1 user=jo port=22 tags=prod,web auth.method=key auth.key_path=~/.ssh/id_ed25519";

/** @throws SshMcpError `invalid_argument`; repeats no value, which may be a secret. */
export function assignmentsOf(words: readonly string[]): Assignment[] {
  return words.map((word, index) => {
    const [, key, how, text] = /^([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(=|\+=|-=)(.*)$/s.exec(word) ?? [];
    if (key === undefined || text === undefined || (how !== "=" && how !== "+=" && how !== "-="))
      throw new SshMcpError(
        "invalid_argument",
        `Word ${index + 1} behind the name is not KEY=VALUE, with a key as in hosts.yaml and dots between levels`,
        EXAMPLE,
      );
    return { path: key.split("."), how, text };
  });
}

/** The entry of a new host. @throws SshMcpError `invalid_argument`. */
export function entryOf(assignments: readonly Assignment[]): { readonly [key: string]: EditValue } {
  let entry: { readonly [key: string]: EditValue } = {};
  for (const one of assignments) {
    if (one.how !== "=" || one.text === "")
      throw new SshMcpError(
        "invalid_argument",
        `${one.path.join(".")}: a new host has nothing to add to or to remove`,
        EXAMPLE,
      );
    entry = withValue(entry, one.path, typedValue(one));
  }
  return entry;
}

/** The edits that change the entry at `place` (`hosts.web1`) as `file` says it now, each after the one before. */
export function editsOf(place: EditPath, assignments: readonly Assignment[], file: unknown): Edit[] {
  const edits: Edit[] = [];
  let now = file;
  for (const one of assignments) {
    const edit = editOf([...place, ...one.path], one, now);
    now = expected(now, edit);
    edits.push(edit);
  }
  return edits;
}

function editOf(path: EditPath, assignment: Assignment, file: unknown): Edit {
  const { how, text } = assignment;
  if (how === "=" && text === "") return { kind: "remove", path };
  const value = typedValue(assignment);
  if (how === "=") return { kind: "set", path, value };
  const old = valueAt(file, path) ?? [];
  const items: EditValue[] = (Array.isArray(old) ? old : [old]).map(String);
  const words: readonly EditValue[] = isList(value) ? value : [value];
  const list =
    how === "+=" ? [...new Set([...items, ...words])] : items.filter((item) => !words.includes(item));
  return { kind: "set", path, value: list };
}

function withValue(
  entry: { readonly [key: string]: EditValue },
  [key = "", ...rest]: EditPath,
  value: EditValue,
): { readonly [key: string]: EditValue } {
  if (rest.length === 0) return { ...entry, [key]: value };
  const inner = entry[key];
  return { ...entry, [key]: withValue(isMapping(inner) ? inner : {}, rest, value) };
}

/** Keys whose value is text, whatever it looks like: a user may be called 1001, a prompt begin with a bracket. */
const TEXT =
  /^(?:host|user|description|prompt_regex|platform|term|key_path|certificate_path|socket|alias|method|shell|\w+_(?:env|file|command|prompt))$/;
/** Keys that hold a list; words are separated by commas. */
const LISTS = ["tags", "groups", "only_keys", "kex", "cipher", "mac"];

/** A value of the kind that its key takes; what is given as YAML in brackets is read as that. */
function typedValue({ path, text }: Assignment): EditValue {
  const key = path.at(-1) ?? "";
  if (TEXT.test(key)) return text;
  const list = LISTS.includes(key) || key === "deny_patterns" || (key === "host_key" && path.length > 1);
  if (list && !text.startsWith("[")) return key === "deny_patterns" ? [text] : split(text);
  const document = parseDocument(text, { schema: "core", logLevel: "silent" });
  if (document.errors.length + document.warnings.length > 0) {
    if (!/^[[{]/.test(text)) return text;
    throw new SshMcpError(
      "invalid_argument",
      `${path.join(".")}: what is in brackets is no valid YAML`,
      "Quote it for the shell, and texts in it for YAML: 'auth={method: key, key_path: ~/.ssh/web1}'.",
    );
  }
  const value: unknown = document.toJS();
  return value === null && text !== "null" ? text : asEditValue(value, text);
}

function asEditValue(value: unknown, text: string): EditValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map((item) => asEditValue(item, String(item)));
  if (typeof value !== "object") return text;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, asEditValue(child, String(child))]),
  );
}

function split(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isMapping(value: EditValue | undefined): value is { readonly [key: string]: EditValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: EditValue): value is readonly EditValue[] {
  return Array.isArray(value);
}
