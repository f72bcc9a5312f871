import { SshMcpError } from "../../base/errors.ts";
import { type Draft, DraftMaker, type Imported, isMapping, textOf } from "./draft.ts";
import { fromRecord, unknownFields } from "./records.ts";

/** A table with a row of column names. @throws SshMcpError where none of them is an address. */
export function fromCsv(text: string): Imported {
  const [head = ""] = text.replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  const separator = [",", ";", "\t"].find((one) => head.includes(one)) ?? ",";
  const rows = rowsOf(text.replace(/^\uFEFF/, ""), separator).filter((row) =>
    row.some((cell) => cell.trim() !== ""),
  );
  const [columns = [], ...body] = rows.map((row) => row.map((cell) => cell.trim()));
  const wanted = columns.some((column) =>
    /^(?:host|hostname|ip|ip.?address|address|fqdn|name)$/i.test(column),
  );
  if (!wanted)
    throw new SshMcpError(
      "invalid_argument",
      "The first row of a table names its columns, and none of these is an address",
      "Begin it with a row such as: name,host,port,user,platform,tags",
    );
  const odd = unknownFields(columns);
  return {
    what: "a table (CSV)",
    drafts: body.map((row) =>
      fromRecord(Object.fromEntries(columns.map((column, at) => [column, row[at]])), undefined, {
        unknown: "note",
      }),
    ),
    notes: odd.length === 0 ? [] : [`Columns that are not imported: ${odd.join(", ")}.`],
  };
}

/** RFC 4180: quotes around a cell, doubled within. */
function rowsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const row = rows.at(-1) ?? [];
    const cell = row.length - 1;
    if (quoted && char === '"' && text[at + 1] === '"') {
      row[cell] += '"';
      at++;
    } else if (char === '"' && (quoted || row[cell] === "")) quoted = !quoted;
    else if (quoted) row[cell] += char;
    else if (char === separator) row.push("");
    else if (char === "\n") rows.push([""]);
    else if (char !== "\r") row[cell] += char;
  }
  return rows;
}

/** ~/.ssh-mcp-sessions.json: sessions by name, or a list of them. What they say beyond the known stops them. */
export function fromSessions(value: unknown): Imported {
  const inner =
    isMapping(value) && (isMapping(value.sessions) || Array.isArray(value.sessions)) ? value.sessions : value;
  const drafts = Array.isArray(inner)
    ? inner.map((one) => fromRecord(isMapping(one) ? one : {}, undefined, { unknown: "stop" }))
    : Object.entries(isMapping(inner) ? inner : {}).map(([name, one]) =>
        fromRecord(isMapping(one) ? one : {}, name, { unknown: "stop" }),
      );
  return { what: "saved sessions", drafts, notes: [] };
}

/** An export of NetBox: devices or virtual machines with their primary address. */
export function fromNetbox(items: readonly unknown[]): Imported {
  return { what: "an export of NetBox", drafts: items.filter(isMapping).map(netboxHost), notes: [] };
}

function netboxHost(item: Readonly<Record<string, unknown>>): Draft {
  const inner = (value: unknown, ...keys: readonly string[]) =>
    isMapping(value)
      ? keys.map((key) => textOf(value[key])).find((text) => text !== undefined)
      : textOf(value);
  const draft = new DraftMaker(inner(item, "name", "display") ?? "");
  const ip = [item.primary_ip, item.primary_ip4, item.primary_ip6]
    .map((one) => inner(one, "address"))
    .find(Boolean);
  if (ip === undefined) draft.stop("it has no primary address");
  draft.set("host", ip?.replace(/\/\d+$/, "")).platform(inner(item.platform, "slug", "name"));
  const status = inner(item.status, "value");
  if (status !== undefined && status !== "active") draft.stop(`its status is ${status}`);
  const tags = [item.role, item.device_role, item.site, ...(Array.isArray(item.tags) ? item.tags : [])]
    .map((one) => inner(one, "slug", "name"))
    .filter((tag) => tag !== undefined && /^[\w.-]+$/.test(tag));
  draft
    .set("tags", [...new Set(tags.map(String))])
    .set("description", textOf(item.description)?.slice(0, 500));
  return draft.done();
}

/** Devices of netmiko, and hosts of Nornir's SimpleInventory with what they inherit. */
export function fromDevices(
  value: unknown,
  beside: { readonly groups?: unknown; readonly defaults?: unknown },
): Imported {
  const groups = isMapping(beside.groups) ? beside.groups : {};
  const defaults = isMapping(beside.defaults) ? beside.defaults : {};
  const entries: [string | undefined, unknown][] = Array.isArray(value)
    ? value.map((one) => [undefined, one])
    : Object.entries(isMapping(value) ? value : {}).filter(
        ([name, one]) => !name.startsWith("__") && isMapping(one),
      );
  const drafts = entries.map(([name, one]) =>
    fromRecord(inherited(isMapping(one) ? one : {}, groups, defaults), name, { unknown: "stop" }),
  );
  return { what: "devices of netmiko or Nornir", drafts, notes: [] };
}

/** Nornir: the host's own value, else its groups' in order, else the defaults'. */
function inherited(
  host: Readonly<Record<string, unknown>>,
  groups: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const named = Array.isArray(host.groups) ? host.groups.map(String) : [];
  const layers = [host, ...named.map((name) => (isMapping(groups[name]) ? groups[name] : {})), defaults];
  const merged: Record<string, unknown> = {};
  for (const layer of layers)
    for (const [key, value] of Object.entries(layer)) if (key !== "data") merged[key] ??= value;
  return merged;
}
