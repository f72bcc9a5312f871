import { describe, expect, it } from "vitest";
import { HopTime } from "../../../src/ssh/handshake/hop-time.ts";
import { FakeClock } from "../../fake-clock.ts";

describe("the time of a hop", () => {
  const begun = (ms: number) => {
    const clock = new FakeClock();
    const late: number[] = [];
    const time = new HopTime(clock, ms, () => late.push(clock.now()));
    return { clock, late, time };
  };

  it("is over after as long as it was given", () => {
    const { clock, late } = begun(1_000);
    clock.advance(5_000);
    expect(late).toEqual([1_000]);
  });

  it("stands still while something here is waited for, and goes on where it stopped", () => {
    const { clock, late, time } = begun(1_000);
    clock.advance(400);
    const goOn = time.hold();
    const inner = time.hold();
    clock.advance(60_000);
    inner();
    inner();
    clock.advance(60_000);
    goOn();
    expect(late).toEqual([]);
    clock.advance(10_000);
    expect(late).toEqual([121_000]);
  });

  it("never fires once it was disposed of, held or not", () => {
    const { clock, late, time } = begun(1_000);
    const goOn = time.hold();
    time.dispose();
    goOn();
    clock.advance(10_000);
    expect([late, clock.pending]).toEqual([[], 0]);
  });
});
