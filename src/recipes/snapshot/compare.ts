import type { DeviceRecord } from "../device/answer.ts";
import { jobs } from "../device/jobs.ts";
import { posixQueries } from "../device/posix.ts";
import { deviceQueries } from "../device/queries.ts";
import { textChange } from "./config-lines.ts";
import type { Facts, HostSnapshot, Kind } from "./form.ts";

/** What a kind came to between two snapshots of one host. */
export type Compared =
  | { readonly is: "same" }
  | { readonly is: "changed"; readonly rows: readonly string[] }
  /** It says nothing of whether it changed. */
  | { readonly is: "not_compared"; readonly why: string };

/** Compares one kind; of what was not read, or was read in different ways, nothing is said. */
export function compareKind(kind: Kind, before: HostSnapshot, after: HostSnapshot): Compared {
  const [old, now] = [before.kinds[kind], after.kinds[kind]];
  const gone = notRead("before", old) ?? notRead("after", now);
  if (gone !== undefined || old === undefined || now === undefined)
    return { is: "not_compared", why: gone ?? "not read" };
  if (before.platform !== after.platform)
    return { is: "changed", rows: [`~ platform: ${before.platform} → ${after.platform}`] };
  if (old.is === "nothing" && now.is === "nothing") return { is: "same" };
  if (old.is === "records" && now.is === "records") return compareRecords(kind, old, now);
  if (old.is === "text" && now.is === "text") return compareTexts(kind, before.platform, old, now);
  if (old.is === "nothing" || now.is === "nothing")
    return { is: "changed", rows: [`~ ${brief(old)} → ${brief(now)}`] };
  return { is: "not_compared", why: "it was read in different forms" };
}

function notRead(when: string, facts: Facts | undefined): string | undefined {
  if (facts === undefined) return `not asked for ${when}`;
  return facts.is === "not_read" ? `not read ${when}: ${facts.why}` : undefined;
}

type Records = Extract<Facts, { readonly is: "records" }>;
type Text = Extract<Facts, { readonly is: "text" }>;

function compareRecords(kind: Kind, old: Records, now: Records): Compared {
  if (old.command !== now.command)
    return { is: "not_compared", why: `read by "${old.command}" before and by "${now.command}" after` };
  // Rows that were not understood may hold the very change.
  const unread = old.unread + now.unread;
  const { key, noise, fields } = jobs[kind];
  const [was, is] = [byKey(old.records, key), byKey(now.records, key)];
  const rows: string[] = [];
  for (const [name, record] of was) if (!is.has(name)) rows.push(`- ${shown(record, fields, noise)}`);
  for (const [name, record] of is) {
    const before = was.get(name);
    if (before === undefined) rows.push(`+ ${shown(record, fields, noise)}`);
    else {
      const changed = fields.filter((field) => !noise.includes(field) && before[field] !== record[field]);
      if (changed.length === 0) continue;
      const what = changed.map(
        (field) => `${field}: ${before[field] ?? "none"} → ${record[field] ?? "none"}`,
      );
      const of = key
        .map((field) => record[field] ?? "")
        .join(" ")
        .trim();
      rows.push(`~ ${of}${of === "" ? "" : " "}${what.join(", ")}`);
    }
  }
  if (rows.length > 0) return { is: "changed", rows };
  if (unread > 0)
    return { is: "not_compared", why: `${unread} rows were not understood; the others are the same` };
  return { is: "same" };
}

/** Several of one key are told apart by their number. */
function byKey(records: readonly DeviceRecord[], key: readonly string[]): Map<string, DeviceRecord> {
  const found = new Map<string, DeviceRecord>();
  for (const record of records) {
    const own = JSON.stringify(key.map((field) => record[field] ?? ""));
    let name = own;
    for (let number = 2; found.has(name); number++) name = `${own} ${number}`;
    found.set(name, record);
  }
  return found;
}

function shown(record: DeviceRecord, fields: readonly string[], noise: readonly string[]): string {
  return fields
    .filter((field) => record[field] !== undefined && !noise.includes(field))
    .map((field) => String(record[field]))
    .join("  ");
}

function compareTexts(kind: Kind, platform: string, old: Text, now: Text): Compared {
  if (old.command !== now.command)
    return { is: "not_compared", why: `read by "${old.command}" before and by "${now.command}" after` };
  const queries = platform === "posix" ? posixQueries() : deviceQueries().get(platform);
  const noise = queries?.[kind]?.find(({ command }) => command === old.command)?.noise ?? [];
  const { added, removed, moved } = textChange(old.lines, now.lines, noise);
  if (moved) return { is: "changed", rows: ["~ the same lines in another order"] };
  const rows = [
    ...removed.map((one) => ({ sign: "-", ...one })),
    ...added.map((one) => ({ sign: "+", ...one })),
  ];
  if (rows.length === 0) return { is: "same" };
  return { is: "changed", rows: inSections(rows) };
}

/** Lines under the section they are in, sections in the order in which they come first. */
function inSections(
  rows: readonly { readonly sign: string; readonly path: string; readonly line: string }[],
): string[] {
  const sections = new Map<string, string[]>();
  for (const { sign, path, line } of rows) {
    const those = sections.get(path) ?? [];
    sections.set(path, those);
    those.push(`${path === "" ? "" : "  "}${sign} ${line}`);
  }
  return [...sections].flatMap(([path, those]) => (path === "" ? those : [`  ${path}`.trim(), ...those]));
}

function brief(facts: Facts): string {
  if (facts.is === "records") return `${facts.records.length} records`;
  if (facts.is === "nothing") return `nothing (${facts.said})`;
  return facts.is === "text" ? `${facts.lines.length} lines` : "not read";
}
