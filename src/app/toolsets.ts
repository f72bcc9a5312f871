import { readRegularFile } from "../base/regular-file.ts";
import { DEFAULT_TOOLSETS, type Toolset, toolsetsIn } from "../base/toolsets.ts";
import { locateInventory } from "../inventory/locate.ts";
import type { Surroundings } from "./surroundings.ts";

/** Anything larger is no inventory. */
const LOOKED_INTO = 4 * 1024 * 1024;
/** A file that cannot be read is the first call's to complain about. */
const NOTHING = "";

/**
 * The toolsets that are on: those of `--toolsets`, of SSH_MCP_TOOLSETS, of the inventory's settings, or the default; none of
 * them adds to another. The inventory is read as one only where it says anything of them: clients wait for the list of tools.
 */
export async function toolsetsOn(
  around: Surroundings,
  report: (sentence: string) => void,
): Promise<readonly Toolset[]> {
  const { toolsets: given, env } = around;
  if (given !== undefined) return given;
  const named = env.SSH_MCP_TOOLSETS;
  if (named !== undefined && named !== "") {
    const sets = toolsetsIn(named);
    if (typeof sets !== "string") return sets;
    report(`SSH_MCP_TOOLSETS: ${sets}`);
    return DEFAULT_TOOLSETS;
  }
  return (await inInventory(around)) ?? DEFAULT_TOOLSETS;
}

/** Does the inventory let an agent's own word count on any host? */
export async function agentMayConfirm(around: Surroundings): Promise<boolean> {
  const path = await locateInventory(around).catch(() => undefined);
  if (path === undefined) return false;
  const text = await readRegularFile(path, LOOKED_INTO).then(String, () => NOTHING);
  if (!text.includes("agent_may_confirm")) return false;
  const { loadInventory } = await import("../inventory/load.ts");
  const file = await loadInventory(path).catch(() => undefined);
  if (file === undefined) return false;
  const entries = [
    file.defaults,
    ...[...file.hosts.values()].flatMap(({ host, groups }) => [host, ...groups]),
  ];
  return entries.some((entry) => typeof entry.policy === "object" && entry.policy.agent_may_confirm === true);
}

async function inInventory(around: Surroundings): Promise<readonly Toolset[] | undefined> {
  const path = await locateInventory(around).catch(() => undefined);
  if (path === undefined) return undefined;
  const text = await readRegularFile(path, LOOKED_INTO).then(String, () => NOTHING);
  if (!text.includes("toolsets")) return undefined;
  const { loadInventory } = await import("../inventory/load.ts");
  const inventory = await loadInventory(path).catch(() => undefined);
  return inventory?.settings.toolsets;
}
