import type { ResolvedHost } from "../../src/inventory/host.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";

/** A desk over the switches of the lab. */
export function fleetDesk(
  hosts: readonly ResolvedHost[],
  parts: Parameters<typeof deskOver>[1] = {},
): DeskOver {
  return deskOver(hosts, { toolsets: ["config", "devices"], ...parts });
}
