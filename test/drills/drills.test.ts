import { describe, expect, it } from "vitest";
import { runBatch } from "./drills.ts";

describe("changes that cut off whoever makes them (all of them: npm run drills)", () => {
  it("are undone, and good ones are kept, by what the devices say of themselves", async () => {
    const batches = [
      runBatch([1], { kind: "good", device: "ios" }),
      runBatch([3], { kind: "lockout", device: "eos" }),
    ];
    const outcomes = (await Promise.all(batches)).flat();
    expect(outcomes.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  }, 240_000);
});
