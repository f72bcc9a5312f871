import { describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { holderOf, isItsOwn } from "../../src/tools/acts/change/left.ts";

describe("a timer that runs where a change was left armed", () => {
  it("is this change's only within its time, and on the configuration it was left with", () => {
    const left = { until: 1_000, after: "with" };
    expect(isItsOwn(left, "with", 999)).toBe(true);
    expect(isItsOwn(left, "with", 1_000)).toBe(false);
    expect(isItsOwn(left, "other", 999)).toBe(false);
    expect(isItsOwn(left, undefined, 999)).toBe(false);
    expect(isItsOwn({ until: 1_000 }, "any", 999)).toBe(true);
    expect(isItsOwn({ after: "with" }, "with", 0)).toBe(false);
    expect(isItsOwn({ ...left, confirmed: true }, "with", 0)).toBe(false);
  });

  it("is another process's to claim the end of as long as that is there", () => {
    expect(holderOf({ pid: process.ppid })).toBe(process.ppid);
    expect(holderOf({ pid: process.pid })).toBeUndefined();
    expect(holderOf({ pid: 2 ** 30 })).toBeUndefined();
  });

  it("is confirmed and undone on Junos in a candidate that holds nothing of others", () => {
    const { change } = openCatalog().profile("juniper_junos");
    for (const steps of [change?.confirm, change?.cancel])
      expect(steps?.[0]?.send).toBe("configure exclusive");
  });
});
