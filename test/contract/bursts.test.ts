import { beforeAll, describe, expect, it } from "vitest";
import { burstSeeds } from "./bursts.ts";
import { FRAMINGS, warmUp } from "./rig.ts";

/** Hundreds are run by `npm run seeds`. */
const SEEDS = 25;

beforeAll(warmUp);

describe("two to four callers in bursts on one session, behind the whole gate", () => {
  it.each(FRAMINGS)(
    "%s: acts are typed in the order in which they came, an interrupt leaves nothing before it to run, no secret is logged",
    async (framing) => {
      const { faults, results } = await burstSeeds(framing, 1, SEEDS);
      expect(faults).toEqual([]);
      expect(results).toBeGreaterThan(SEEDS * 8);
    },
    240_000,
  );
});
