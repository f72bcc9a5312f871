import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canRunSshd } from "../ssh/sshd.ts";
import { type FaultLab, faultLab } from "./faults.ts";

/** `npm run faults` runs five hundred. */
const SAMPLE = 20;

describe.skipIf(!canRunSshd)("faults of the link, against the built server", () => {
  let lab: FaultLab;
  beforeAll(async () => {
    lab = await faultLab();
  });
  afterAll(() => lab.close());

  it.each(Array.from({ length: SAMPLE }, (_, index) => index + 1))(
    "end in a state that is known and in time, nothing is sent twice, and what came is readable (seed %i)",
    { timeout: 120_000 },
    async (seed) => {
      expect((await lab.run(seed)).wrong).toEqual([]);
    },
  );
});
