import { beforeAll, describe, expect, it } from "vitest";
import { PENDING_SEEDS } from "./pending.ts";
import { realSeeds } from "./real.ts";
import { FRAMINGS } from "./rig.ts";
import type { Run } from "./two-callers.ts";

const SEEDS = 20;
const runs = new Map<string, Run>();

beforeAll(async () => {
  for (const framing of FRAMINGS) runs.set(framing, await realSeeds(framing, 1, SEEDS));
}, 240_000);

describe.each(FRAMINGS)("two callers at random on one session over real SSH, a %s", (framing) => {
  const faults = () => runs.get(framing)?.faults ?? ["it did not run"];

  it("opens, and tells each call something", () => {
    expect(faults().filter((fault) => /\): (broke off|closed): /.test(fault))).toEqual([]);
    expect(runs.get(framing)?.results).toBe(SEEDS * 14);
  });

  (PENDING_SEEDS[`real ${framing}`] ? it.fails : it)(
    "executes each line as one caller's own, and tells each result as its own command's",
    () => {
      expect(faults()).toEqual([]);
    },
  );
});
