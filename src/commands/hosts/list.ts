import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { resolverOf } from "../../inventory/document/resolution.ts";
import { loadInventory } from "../../inventory/load.ts";
import type { Resolver } from "../../inventory/resolve.ts";
import { print } from "../stdout.ts";
import { keyState, knownHostsReader } from "./key-state.ts";

/** Prints all hosts: as a table, or as JSON. Contacts none and runs nothing. Returns the exit code. */
export function listHosts(json: boolean, around: Surroundings): Promise<number> {
  return withParts(around, async (parts) => {
    const { hosts: listed, notes } = await (await parts.directory()).list();
    const path = await parts.inventoryPath();
    const inventory = path === undefined ? undefined : await loadInventory(path);
    const key = keyStates(await resolverOf(inventory, around));
    const hosts = listed.map((host) => ({ ...host, hostKey: key(host.name) }));
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
    return inventory === undefined || inventory.refused.size === 0 ? 0 : 1;
  });
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
