import { describe, expect, it } from "vitest";
import { DEVICES, runSeeds } from "./runs.ts";

/** A thousand are run by `npm run seeds`. */
const SEEDS = 24;

describe("sessions on the simulated devices, disturbed by seed", () => {
  it.each(DEVICES)(
    "%s: every outcome and every text is what the undisturbed device says",
    async (name) => {
      const { faults, outcomes } = await runSeeds(name, 1, SEEDS);
      expect(faults).toEqual([]);
      expect(outcomes).toBeGreaterThan(SEEDS * 8);
    },
    240_000,
  );
});
