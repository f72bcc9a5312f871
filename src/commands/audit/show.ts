import { resolve } from "node:path";
import type { Surroundings } from "../../app/surroundings.ts";
import { filesOfLog, linesOf, verifyAuditLog } from "../../audit/verify.ts";
import { visibleLine } from "../../base/text.ts";
import { type Entry, type Filter, passes } from "./filter.ts";
import { tableOf } from "./table.ts";
import { configured } from "./verify.ts";

/** How the entries are printed: a line each as words, as a table, or as they stand in the log. */
export type Form = "words" | "table" | "json";

export interface Showing {
  readonly count: number;
  readonly form: Form;
  readonly filter: Filter;
}

/** Fields that are said by the line itself. */
const SAID: ReadonlySet<string> = new Set(["seq", "time", "event", "prev", "host", "session"]);

/** Prints the last `count` entries that pass the filter, over all files of the log. Returns the exit code. */
export async function showLog(
  file: string | undefined,
  { count, form, filter }: Showing,
  around: Surroundings,
): Promise<number> {
  const path = file === undefined ? await configured(around) : resolve(around.cwd, file);
  const { problemCount } = await verifyAuditLog(path);
  const last: Entry[] = [];
  for (const part of await filesOfLog(path))
    for await (const line of linesOf(part)) {
      const entry = { line, fields: fieldsOf(line) };
      if (!passes(entry.fields, filter)) continue;
      last.push(entry);
      if (last.length > count) last.shift();
    }
  const lines = form === "table" ? tableOf(last) : last.map(form === "json" ? jsonLine : entryLine);
  for (const line of lines) process.stdout.write(`${line}\n`);
  const out = form === "json" ? process.stderr : process.stdout;
  if (problemCount > 0)
    out.write(`The chain is BROKEN (${problemCount}): ssh-mcp audit verify names the lines.\n`);
  return problemCount === 0 ? 0 : 1;
}

function fieldsOf(line: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? new Map(Object.entries(entry)) : undefined;
  } catch {
    return undefined;
  }
}

/** A line that is no entry is one of a broken chain, and is said as what it is. */
function jsonLine({ line, fields }: Entry): string {
  return fields === undefined ? JSON.stringify({ broken: visibleLine(line, 200) }) : line;
}

/** `12 2026-01-02T03:04:05Z action sw1/sw1-2 verb=run text="show version"`. */
function entryLine({ line, fields }: Entry): string {
  if (fields === undefined) return `(no entry) ${visibleLine(line, 200)}`;
  const place = [fields.get("host"), fields.get("session")].filter((one) => one !== undefined);
  const rest = [...fields]
    .filter(([name]) => !SAID.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const words = [fields.get("seq"), fields.get("time"), fields.get("event"), place.join("/"), ...rest];
  return visibleLine(words.filter((word) => word !== undefined && word !== "").join(" "), 2_000);
}
