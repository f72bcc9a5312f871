import { describe, expect, it } from "vitest";
import { DIALOGUES } from "./devices/all.ts";
import { DEVICES, PLAYED_AT_ONCE, runSeeds } from "./runs.ts";

/** A thousand are run by `npm run seeds`. */
const SEEDS = 4;
/** Each dialogue at the tools once. */
const TOOLS_SEEDS = Math.ceil(DIALOGUES.length / PLAYED_AT_ONCE);

describe("sessions on the simulated devices, disturbed by seed", () => {
  it.each(DEVICES)(
    "%s: every outcome and every text is what the undisturbed device says",
    async (name) => {
      const seeds = name === "tools" ? TOOLS_SEEDS : SEEDS;
      const { faults, outcomes } = await runSeeds(name, 1, seeds);
      expect(faults).toEqual([]);
      expect(outcomes).toBeGreaterThan(seeds * 8);
    },
    240_000,
  );
});
