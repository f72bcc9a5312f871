import { describe, expect, it } from "vitest";
import { inSlices } from "../../src/base/slices.ts";

/** Work that takes at least this long. */
function work(ms: number): void {
  const started = performance.now();
  while (performance.now() - started < ms);
}

describe("a long search", () => {
  it("lets others have their turn between two dear lines", async () => {
    const turns: number[] = [];
    let done = 0;
    const other = setInterval(() => turns.push(done), 1);
    await inSlices(6, () => {
      work(20);
      done++;
    });
    clearInterval(other);
    expect(turns.some((at) => at > 0 && at < 6)).toBe(true);
  });

  it("ends when its budget is used up, and says how far it came", async () => {
    expect(await inSlices(1000, () => work(2), 20)).toBeLessThan(50);
    expect(await inSlices(1000, () => {}, 20)).toBe(1000);
  });
});
