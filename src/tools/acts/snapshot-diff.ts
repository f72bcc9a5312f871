import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { compareKind } from "../../recipes/snapshot/compare.ts";
import type { HostSnapshot, Kind, SnapshotIndex } from "../../recipes/snapshot/form.ts";
import { likenessOf } from "../../results/alike.ts";
import { foldNames } from "../../results/folded.ts";
import type { RecipeReport } from "../../results/recipe-page.ts";
import type { ToolContext } from "./context.ts";
import { hostsMeant } from "./hosts-meant.ts";

export interface DiffWanted {
  readonly before: string;
  readonly after: string;
  readonly hosts?: readonly string[] | undefined;
  readonly kinds?: readonly Kind[] | undefined;
}

/** Hosts with the same change, or the same reason that nothing is known. */
interface Same {
  readonly title: string;
  readonly rows: readonly string[];
  readonly hosts: string[];
}

/** Names of a group in one row. */
const NAMES_CHARS = 1_500;

/**
 * Compares two snapshots host by host and kind by kind; the same change of several hosts is shown once. What was not read in one
 * of them is named as not compared, and such a host is not counted as unchanged. @throws SshMcpError.
 */
export async function diffSnapshots(context: ToolContext, wanted: DiffWanted): Promise<RecipeReport> {
  const { snapshots, clock } = context;
  const began = clock.now();
  if (snapshots === undefined) throw new SshMcpError("unsupported", "no snapshots are kept here");
  const [a, b] = [await snapshots.find(wanted.before), await snapshots.find(wanted.after)];
  const hosts = await hostsOf(context, wanted.hosts, [a, b]);
  const kinds = wanted.kinds ?? [...new Set([...a.kinds, ...b.kinds])];
  const changes = new Map<string, Same>();
  const silent = new Map<string, Same>();
  const counts = { changed: 0, unchanged: 0, not: 0 };
  for (const host of hosts) {
    const gone = await context.multiplexer.plan({ host }).then(
      () => undefined,
      (error: unknown) => visibleLine(messageOf(error), 300).replaceAll(host, "it"),
    );
    if (gone !== undefined) {
      counts.not++;
      add(silent, host, "not compared", [gone]);
      continue;
    }
    const [before, after] = [await snapshots.host(a, host), await snapshots.host(b, host)];
    const seen = before === undefined || after === undefined ? undefined : { before, after };
    if (seen === undefined) {
      counts.not++;
      add(
        silent,
        host,
        "not compared",
        [missing(host, a, before), missing(host, b, after)].filter((row) => row !== ""),
      );
      continue;
    }
    const found = kinds.map((kind) => ({ kind, compared: compareKind(kind, seen.before, seen.after) }));
    // A new name is a change like any other.
    const names = [host, seen.before.called].filter((name) => name !== undefined);
    for (const { kind, compared } of found) {
      if (compared.is === "changed") add(changes, host, kind, compared.rows, names);
      if (compared.is === "not_compared") add(silent, host, `${kind} not compared`, [compared.why], names);
    }
    if (found.some(({ compared }) => compared.is === "changed")) counts.changed++;
    else if (found.some(({ compared }) => compared.is === "not_compared")) counts.not++;
    else counts.unchanged++;
  }
  const groups = [...changes.values()].sort((one, other) => one.hosts.length - other.hosts.length);
  const rows = [...groups, ...silent.values()];
  return {
    host: `${a.name}..${b.name}`,
    name: "diff",
    facts: { before: a.name, after: b.name, ...counts, groups: rows },
    lines: rows.flatMap(({ title, rows: what, hosts: those }) => [
      `${named(those)}: ${title}`,
      ...what.map((row) => `  ${/^ */.exec(row)?.[0] ?? ""}${visibleLine(row, 400)}`),
    ]),
    words: [
      `hosts=${hosts.length}`,
      `changed=${counts.changed}`,
      `unchanged=${counts.unchanged}`,
      counts.not === 0 ? undefined : `not_compared=${counts.not}`,
    ],
    notes: [],
    durationMs: clock.now() - began,
  };
}

/** Those of both, or of these the ones that are meant. */
async function hostsOf(
  context: ToolContext,
  given: readonly string[] | undefined,
  indexes: readonly SnapshotIndex[],
): Promise<readonly string[]> {
  const all = [
    ...new Set(indexes.flatMap(({ hosts, failed }) => [...hosts, ...failed.map(([host]) => host)])),
  ];
  if (given === undefined) return all;
  const { names } = await hostsMeant(context, given, { tool: "ssh_diff", patterns: true });
  const strange = names.filter((name) => !all.includes(name));
  if (strange.length === 0) return names;
  throw new SshMcpError(
    "invalid_argument",
    `${foldNames(strange)} is in neither snapshot`,
    "ssh_diff without hosts compares all that are in them.",
  );
}

function missing(host: string, { name, failed }: SnapshotIndex, found: HostSnapshot | undefined): string {
  if (found !== undefined) return "";
  const why = failed.find(([one]) => one === host)?.[1];
  return why === undefined ? `not in ${name}` : `not read in ${name}: ${why.replaceAll(host, "it")}`;
}

function add(
  groups: Map<string, Same>,
  host: string,
  title: string,
  rows: readonly string[],
  names: readonly string[] = [],
): void {
  const alike = likenessOf(rows, names, ["names"]).rows;
  const key = JSON.stringify([title, alike]);
  const group = groups.get(key) ?? { title, rows, hosts: [] };
  // What differs by the host's name alone is no host's own row any more.
  const differs = JSON.stringify(group.rows) !== JSON.stringify(rows);
  groups.set(key, differs ? { ...group, rows: alike } : group);
  group.hosts.push(host);
}

function named(hosts: readonly string[]): string {
  const names = foldNames(hosts);
  const count = hosts.length > 3 ? ` (${hosts.length} hosts)` : "";
  return names.length <= NAMES_CHARS
    ? `${names}${count}`
    : `${names.slice(0, NAMES_CHARS).replace(/,[^,]*$/, "")},…${count}`;
}
