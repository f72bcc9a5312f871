import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { resolverOf } from "../../inventory/document/resolution.ts";
import type { HostSummary } from "../../inventory/host.ts";
import { loadInventory } from "../../inventory/load.ts";
import type { Resolver } from "../../inventory/resolve.ts";
import { print } from "../stdout.ts";
import { keyState, knownHostsReader } from "./key-state.ts";

/** A host as the list shows it. */
export type Listed = HostSummary & { readonly hostKey: string };

/** All hosts, what is to be said of their sources, and the names of those whose entries have mistakes. */
export interface Listing {
  readonly hosts: readonly Listed[];
  readonly notes: readonly string[];
  readonly refused: readonly string[];
}

/** Contacts no host and runs nothing. */
export function allHosts(around: Surroundings): Promise<Listing> {
  return withParts(around, async (parts) => {
    const { hosts: listed, notes } = await (await parts.directory()).list();
    const path = await parts.inventoryPath();
    const inventory = path === undefined ? undefined : await loadInventory(path);
    const key = keyStates(await resolverOf(inventory, around));
    const hosts = listed.map((host) => ({ ...host, hostKey: key(host.name) }));
    return { hosts, notes, refused: [...(inventory?.refused.keys() ?? [])] };
  });
}

/** Prints all hosts: as a table, or as JSON. Returns the exit code. */
export async function listHosts(json: boolean, around: Surroundings): Promise<number> {
  const { hosts, notes, refused } = await allHosts(around);
  if (json) print(`${JSON.stringify({ hosts, notes }, undefined, 2)}\n`);
  else {
    const head = ["NAME", "TARGET", "PLATFORM", "TAGS", "HOST KEY", "FROM"];
    const rows = hosts.map(({ name, target, platform, tags, hostKey, source }) => [
      name,
      target,
      platform,
      tags.join(","),
      hostKey,
      source,
    ]);
    print(table([head, ...rows]));
    for (const note of notes) process.stderr.write(`${note}\n`);
  }
  return refused.length === 0 ? 0 : 1;
}

/** The state of a host's key; an embedded host, or one of a project, is none that is looked up. */
function keyStates(resolver: Resolver): (name: string) => string {
  const lines = knownHostsReader();
  const names = new Set(resolver.names());
  return (name) => {
    if (!names.has(name)) return "";
    try {
      return keyState(resolver.resolve(name), lines);
    } catch (error) {
      if (error instanceof SshMcpError) return "";
      throw error;
    }
  };
}

/** Columns as wide as their content, two blanks between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
