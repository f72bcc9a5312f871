import type { FramingName } from "./rig.ts";

/** Sentences that do not hold yet, as `group: sentence`. One that holds again must leave this list. */
export const PENDING: Readonly<Record<FramingName, readonly string[]>> = {
  shell: [],
  device: [],
};

/** Two callers act at random on one session: seeds fail still. */
export const PENDING_SEEDS: Readonly<Record<FramingName | "real shell" | "real device", boolean>> = {
  shell: false,
  device: false,
  "real shell": false,
  "real device": false,
};
