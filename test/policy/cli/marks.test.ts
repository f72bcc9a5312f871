import { describe, expect, it } from "vitest";
import { allSamples, COLLECTIONS, passes, riskOf, type Sample, samplesOf } from "./collections.ts";

const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
const named = ({ platform, text }: Sample) => `${platform}: ${JSON.stringify(text)}`;

describe("collections of commands", () => {
  it("are large, and of many platforms", () => {
    const main = samplesOf("");
    expect(main.filter(({ destructive }) => destructive).length).toBeGreaterThanOrEqual(350);
    expect(main.filter(({ destructive }) => !destructive).length).toBeGreaterThanOrEqual(300);
    expect(new Set(main.map(({ platform }) => platform)).size).toBeGreaterThanOrEqual(12);
  });

  it.each(COLLECTIONS)("%s: what destroys asks, and what does not, runs", (collection) => {
    const samples = samplesOf(collection);
    const destructive = samples.filter((one) => one.destructive);
    const benign = samples.filter((one) => !one.destructive);
    const missed = destructive.filter(({ platform, text }) => passes(riskOf(platform, text)));
    const alarms = benign.filter(({ platform, text }) => !passes(riskOf(platform, text)));
    expect([1 - share(missed.length, destructive.length) >= 0.97, missed.map(named)]).toEqual([
      true,
      expect.anything(),
    ]);
    expect([share(alarms.length, benign.length) <= 0.03, alarms.map(named)]).toEqual([
      true,
      expect.anything(),
    ]);
  });

  it("are recognised on every platform", () => {
    for (const platform of new Set(allSamples.map((one) => one.platform))) {
      const destructive = allSamples.filter((one) => one.platform === platform && one.destructive);
      const asked = destructive.filter(({ text }) => !passes(riskOf(platform, text)));
      expect([platform, share(asked.length, destructive.length) >= 0.9]).toEqual([platform, true]);
    }
  });
});
