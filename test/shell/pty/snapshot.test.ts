import { describe, expect, it } from "vitest";
import { Quiet } from "../../../src/shell/pty/snapshot.ts";

describe("quiet", () => {
  it.each([
    [0, 0, true],
    [19, 20, false],
    [20, 20, true],
    [1000, 20, true],
  ])("of %i ms has reached %i ms: %s", (ms, asked, reached) => {
    expect(new Quiet(ms).reached(asked)).toBe(reached);
  });

  it("asks for no look that nobody asked for", () => {
    expect(new Quiet(50).next).toBeUndefined();
  });

  it("asks for no look for a length that was reached", () => {
    const quiet = new Quiet(300);
    quiet.reached(20);
    quiet.reached(300);
    expect(quiet.next).toBeUndefined();
  });

  it.each([
    [[1000, 300, 3000], 300],
    [[300, 1000], 300],
    [[1000, 1000], 1000],
    [[20, 1000], 1000],
  ])("asks for the next look at the shortest length not reached of %j: %i ms", (asked, next) => {
    const quiet = new Quiet(100);
    for (const ms of asked) quiet.reached(ms);
    expect(quiet.next).toBe(next);
  });

  it("says how long it was, whatever was asked", () => {
    const quiet = new Quiet(100);
    quiet.reached(1000);
    expect(quiet.ms).toBe(100);
  });
});
