import { describe, expect, it } from "vitest";
import {
  type Armed,
  type ChangeState,
  claim,
  type Evidence,
  FRESH,
  type Means,
  next,
  type Step,
  type StepEvent,
  timerOf,
} from "../../src/changes/machine.ts";

const TIMER: Means = { arms: true, atOnce: false, cancels: true, confirms: true, saves: true };
const COMMIT: Means = { ...TIMER, atOnce: true, saves: false };
const NOTHING: Means = { arms: false, atOnce: false, cancels: false, confirms: false, saves: true };
const OK: StepEvent = { is: "ok" };
const FAILED: StepEvent = { is: "failed", why: "said no" };
const LOST: StepEvent = { is: "lost", why: "no answer" };

/** Steps in order while everything goes well. */
function way(means: Means): Step[] {
  const steps: Step[] = [];
  for (let state = FRESH; state.step !== "end"; state = next(state, OK, means)) steps.push(state.step);
  return steps;
}

/** The state at a step of the good way. */
function at(step: Step, means: Means): ChangeState {
  let state = FRESH;
  while (state.step !== step) state = next(state, OK, means);
  return state;
}

describe("the way of a change", () => {
  it("arms before the first line, and confirms behind the fresh login alone", () => {
    expect(way(TIMER)).toEqual([
      "recheck",
      "arm",
      "armed",
      "apply",
      "checks",
      "login",
      "confirm",
      "settled",
      "save",
    ]);
    expect(way(COMMIT)).toEqual(["recheck", "arm", "armed", "checks", "login", "confirm", "settled"]);
    expect(way(NOTHING)).toEqual(["recheck", "apply", "checks", "login", "settled", "save"]);
  });

  it("never comes to a confirmation behind anything that failed or was lost before it", () => {
    for (const means of [TIMER, COMMIT, NOTHING])
      for (const step of way(means).filter((one) => !["confirm", "settled", "save"].includes(one)))
        for (const bad of [FAILED, LOST]) {
          let state = next(at(step, means), bad, means);
          for (let tries = 0; tries < 20 && state.step !== "end" && state.step !== "watch"; tries++) {
            expect(state.step).not.toBe("confirm");
            expect(state.step).not.toBe("save");
            state = next(state, OK, means);
          }
          expect(["end", "watch"]).toContain(state.step);
          expect(state.end).not.toBe("kept");
        }
  });

  it("claims nothing by itself once something may have been typed: the device is looked at", () => {
    for (const step of ["arm", "armed", "apply", "checks", "login", "confirm", "settled"] as const)
      for (const bad of [FAILED, LOST]) expect(next(at(step, TIMER), bad, TIMER).end).toBeUndefined();
    // netopeer2#1826: a commit that failed may be armed all the same.
    expect(next(at("arm", COMMIT), FAILED, COMMIT)).toMatchObject({ step: "cancel", armed: "perhaps" });
    expect(next(at("recheck", TIMER), { is: "changed", why: "" }, TIMER).end).toBe("planned_again");
  });

  it("keeps what was proven where only the save failed, and says that it may not be saved", () => {
    expect(next(at("save", TIMER), FAILED, TIMER)).toMatchObject({ end: "kept", saved: "no", proven: true });
    expect(next(at("save", TIMER), LOST, TIMER)).toMatchObject({ end: "kept", saved: "perhaps" });
  });
});

describe("a timer that the device does not show", () => {
  const armed: Armed = { until: 1_000, graceMs: 500, mayRun: true };
  const says = (running: Evidence["running"], now: number, changed: Partial<Armed> = {}) =>
    claim({ reached: true, timer: timerOf("none", running, { ...armed, ...changed }, now), running }, false);

  it("may be at work: what nothing confirmed is kept only once its time and the undoing are over", () => {
    expect(says("after", 900)).toBeUndefined();
    expect(says("after", 1_499)).toBeUndefined();
    expect(says("after", 1_500)).toBe("kept");
    expect(says("before", 900)).toBe("undone");
    expect(says("after", 900, { mayRun: false })).toBe("kept");
    expect(timerOf("unknown", "after", armed, 2_000)).toBe("unknown");
  });

  it("is not known while what arms it may be under way: the configuration of before is no undoing yet", () => {
    expect(says("before", 699, { armingUntil: 700 })).toBeUndefined();
    expect(says("before", 700, { armingUntil: 700 })).toBe("undone");
  });
});

describe("what is claimed at the end", () => {
  const seen: Evidence = { reached: true, timer: "none", running: "before" };

  it("is undone only on the configuration of before and no timer", () => {
    expect(claim(seen, false)).toBe("undone");
    const timers = ["none", "runs", "unknown"] as const;
    const runnings = ["before", "after", "same", "other", "unknown"] as const;
    for (const reached of [true, false])
      for (const timer of timers)
        for (const running of runnings)
          for (const late of [true, false]) {
            const said = claim({ reached, timer, running }, late);
            if (said === "undone") expect({ reached, timer, running }).toEqual(seen);
            if (said === "kept") expect({ reached, timer, running }).toEqual({ ...seen, running: "after" });
            if (said === undefined) expect(late).toBe(false);
          }
  });
});
