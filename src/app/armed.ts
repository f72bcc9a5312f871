import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { stateFolder } from "../base/state-folder.ts";
import { visibleLine } from "../base/text.ts";
import { ChangeStates, leftOf } from "../changes/states.ts";
import { inventoryId } from "./inventory-id.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where changes of this inventory are remembered. */
export function changesFolder(around: Surroundings): string {
  return join(stateFolder(around), "changes", inventoryId(around).id);
}

/** What an earlier process may have left armed, a sentence each, for the operator. */
export function armedChanges(around: Surroundings): readonly string[] {
  const now = systemClock.wallTime();
  const states = new ChangeStates(changesFolder(around), () => now);
  return states
    .all()
    .filter(({ stage }) => stage === "armed")
    .map(
      ({ id, host, until }) => `change ${id} may be armed on ${visibleLine(host, 70)}${leftOf(until, now)}`,
    );
}
