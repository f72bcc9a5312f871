import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { resolutionOf } from "../../inventory/document/resolution.ts";
import { loadInventory } from "../../inventory/load.ts";
import { namedInventory, ownInventory } from "../../inventory/locate.ts";
import { print } from "../stdout.ts";

/** What was found in an inventory. */
interface Findings {
  readonly path: string;
  readonly valid: boolean;
  readonly hosts: number;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

/** Checks an inventory as the loader does, and the way to each host. Returns the exit code. */
export async function validateInventory(json: boolean, around: Surroundings): Promise<number> {
  const found = await findings(around);
  if (json) print(`${JSON.stringify(found, undefined, 2)}\n`);
  else {
    for (const fault of found.faults) print(`${fault}\n`);
    for (const note of found.notes) print(`Note: ${note}\n`);
    const { faults, hosts, path } = found;
    print(
      faults.length === 0
        ? `${path} is valid: ${hosts} ${hosts === 1 ? "host" : "hosts"}.\n`
        : `${path} has mistakes; ${hosts} ${hosts === 1 ? "host" : "hosts"} can be used.\n`,
    );
  }
  return found.valid ? 0 : 1;
}

async function findings(around: Surroundings): Promise<Findings> {
  const path = namedInventory(around) ?? ownInventory(around);
  try {
    const inventory = await loadInventory(path);
    const { hosts, faults, twins } = await resolutionOf(inventory, around);
    const told = [...inventory.refused.values(), ...faults.values()].map((error) => error.message);
    return {
      path,
      valid: told.length === 0,
      hosts: hosts.size,
      faults: told,
      notes: [...inventory.notes, ...twins],
    };
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    return { path, valid: false, hosts: 0, faults: error.message.split("\n"), notes: [] };
  }
}
