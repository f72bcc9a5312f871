import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canRunSshd } from "../ssh/sshd.ts";
import { type TransferLab, transferLab } from "./transfers.ts";

const MB = 1e6;

/** `npm run transfers` brings a gigabyte each way and cuts twenty. */
describe.skipIf(!canRunSshd)("a transfer of the built server", () => {
  let lab: TransferLab;
  beforeAll(async () => {
    lab = await transferLab();
  });
  afterAll(() => lab.close());

  it.each(["up", "down"] as const)(
    "%s of many times a window arrives verified, in memory that is bounded",
    async (way) => {
      const { wrong, grown } = await lab.whole(way, 50 * MB);
      expect(wrong).toEqual([]);
      expect(grown).toBeLessThan(64 * MB);
    },
  );

  it.each([1, 2, 3, 4])(
    "that is cut at random points leaves nothing under the name, and its next try ends right (seed %i)",
    { timeout: 120_000 },
    async (seed) => {
      expect((await lab.cut(seed, 8 * MB)).wrong).toEqual([]);
    },
  );
});
