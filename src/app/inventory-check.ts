import { SshMcpError } from "../base/errors.ts";
import { loadInventory } from "../inventory/load.ts";
import { locateInventory } from "../inventory/locate.ts";
import type { Surroundings } from "./surroundings.ts";

/** What is wrong with the inventory as it is now: of the file, or of single hosts. Empty where there is none, or no fault. */
export async function inventoryFaults(around: Surroundings): Promise<readonly string[]> {
  const path = await locateInventory(around);
  if (path === undefined) return [];
  try {
    const { refused } = await loadInventory(path);
    return [...refused.values()].map((error) => error.toText());
  } catch (error) {
    if (error instanceof SshMcpError) return [error.toText()];
    throw error;
  }
}
