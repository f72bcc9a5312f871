import { keepNurserySmall } from "../base/nursery.ts";
import type { Workspace } from "../mcp/server.ts";
import { partsOf } from "./parts.ts";
import type { Surroundings } from "./surroundings.ts";

/** Everything behind the protocol: inventory, connections, sessions, policy and audit. */
export async function openWorkspace(around: Surroundings): Promise<Workspace> {
  const parts = partsOf(around);
  try {
    const workspace = { gate: await parts.gate(), multiplexer: await parts.multiplexer() };
    keepNurserySmall();
    return { ...workspace, dispose: parts.dispose };
  } catch (error) {
    await parts.dispose();
    throw error;
  }
}
