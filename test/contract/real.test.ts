import { describe, expect, it } from "vitest";
import { PENDING_SEEDS } from "./pending.ts";
import { realSeeds } from "./real.ts";
import { FRAMINGS } from "./rig.ts";
import type { Run } from "./two-callers.ts";

const SEEDS = 20;

describe.each(FRAMINGS)("two callers at random on one session over real SSH, a %s", (framing) => {
  let run: Promise<Run> | undefined;
  const once = () => {
    run ??= realSeeds(framing, 1, SEEDS);
    return run;
  };

  it("opens, and tells each call something", async () => {
    const { faults, results } = await once();
    expect(faults.filter((fault) => /\): (broke off|closed): /.test(fault))).toEqual([]);
    expect(results).toBe(SEEDS * 14);
  }, 240_000);

  (PENDING_SEEDS[`real ${framing}`] ? it.fails : it)(
    "executes each line as one caller's own, and tells each result as its own command's",
    async () => {
      const { faults } = await once();
      expect(faults).toEqual([]);
    },
    240_000,
  );
});
