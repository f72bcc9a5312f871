import { SshMcpError } from "../base/errors.ts";
import { auditSettings } from "../inventory/audit-settings.ts";
import { loadInventory } from "../inventory/load.ts";
import { locateInventory } from "../inventory/locate.ts";
import { resolvePath } from "../inventory/merge.ts";
import { auditTrouble } from "./audit-log.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * What is wrong with the inventory as it is now: of the file, or of single hosts; and that nothing can be recorded. Empty
 * where there is no fault.
 */
export async function inventoryFaults(around: Surroundings): Promise<readonly string[]> {
  const path = await locateInventory(around);
  const unrecorded = (settings = {}) => [auditTrouble(settings, around)].filter((one) => one !== undefined);
  if (path === undefined) return unrecorded();
  try {
    const { refused, settings, folder } = await loadInventory(path);
    const audit = auditSettings(settings, (file) => resolvePath(file, folder, around.home));
    return [...[...refused.values()].map((error) => error.toText()), ...unrecorded(audit)];
  } catch (error) {
    if (error instanceof SshMcpError) return [error.toText()];
    throw error;
  }
}
