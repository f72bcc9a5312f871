import { join } from "node:path";
import { stateFolder } from "../base/state-folder.ts";
import { SavedSessions } from "../multiplexer/saved.ts";
import { inventoryId } from "./inventory-id.ts";
import type { Surroundings } from "./surroundings.ts";

/** The sessions that are remembered for this inventory, in a file of its own in the state folder. */
export function savedSessions(around: Surroundings, now: () => number): SavedSessions {
  return new SavedSessions(join(stateFolder(around), "sessions", `${inventoryId(around).id}.json`), now);
}
