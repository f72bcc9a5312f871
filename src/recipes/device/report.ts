import type { Pattern } from "../../base/pattern.ts";
import { visibleLine } from "../../base/text.ts";
import type { Shown } from "../recipe.ts";
import { table } from "../table.ts";
import type { DeviceRecord } from "./answer.ts";

/** What came of asking a device, as data. */
export interface DeviceFacts {
  readonly platform: string;
  readonly command: string;
  readonly records?: readonly DeviceRecord[];
  /** Rows that should have been understood and were not: the records may not be all. */
  readonly unread?: readonly string[];
}

interface Source {
  readonly platform: string;
  readonly command: string;
  /** What it was asked by: `lldp`. */
  readonly by?: string | undefined;
  /** Where the output itself is: `exec=12`. */
  readonly at: string;
  /** The call that reads it. */
  readonly readBy: string;
}

/** Rows not understood that are shown. */
const UNREAD_SHOWN = 5;
const UNREAD_CHARS = 160;

/** Records as a table of the fields they have. `match`: only the rows it is found in. */
export function recordsShown(
  fields: readonly string[],
  records: readonly DeviceRecord[],
  unread: readonly string[],
  source: Source,
  match?: Pattern,
): Shown<DeviceFacts> {
  const { platform, command, by, at, readBy } = source;
  const had = fields.filter((name) => records.some((record) => record[name] !== undefined));
  const rows = records.map((record) => had.map((name) => visibleLine(String(record[name] ?? ""), 200)));
  const kept = match === undefined ? rows : rows.filter((row) => within(match, row.join("  ")));
  const count = match === undefined ? `${rows.length}` : `${kept.length} of ${rows.length}`;
  const some = unread.slice(0, UNREAD_SHOWN).map((row) => visibleLine(row.trim(), UNREAD_CHARS));
  return {
    facts: { platform, command, records, unread },
    lines: kept.length === 0 ? [] : table(had, kept),
    words: [
      by === undefined ? undefined : `by=${by}`,
      `${count} ${rows.length === 1 ? "record" : "records"}`,
      at,
    ],
    notes:
      unread.length === 0
        ? []
        : [
            `${unread.length} ${unread.length === 1 ? "row was" : "rows were"} not understood, so this may not be all: ${some.join(" / ")}${unread.length > some.length ? " / …" : ""}; ${readBy} shows the whole output`,
          ],
  };
}

/** A text as it is; `last`: only so many of its last rows. */
export function textShown(
  lines: readonly string[],
  source: Source,
  { match, last }: { readonly match?: Pattern | undefined; readonly last?: number | undefined },
): Shown<DeviceFacts> {
  const { platform, command, at } = source;
  const found = match === undefined ? lines : lines.filter((line) => within(match, line));
  const kept = last === undefined ? found : found.slice(-last);
  const count = kept.length === lines.length ? `${lines.length}` : `${kept.length} of ${lines.length}`;
  return { facts: { platform, command }, lines: kept, words: [`${count} rows`, at] };
}

function within(pattern: Pattern, text: string): boolean {
  return pattern.find(text.slice(0, pattern.reach)) !== undefined;
}
