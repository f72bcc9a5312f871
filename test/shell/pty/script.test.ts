import { describe, expect, it } from "vitest";
import { finished, met, pause, type Script, ScriptRunner } from "../../../src/shell/pty/script.ts";
import { FakeClock, settled } from "../../fake-clock.ts";

/** A runner, what its scripts noted, and what was reported at their ends. */
function rigOf() {
  const clock = new FakeClock();
  const within: string[] = [];
  const runner = new ScriptRunner(clock, (step) => {
    within.push("in");
    step();
    within.push("out");
  });
  const noted: unknown[] = [];
  const ends: unknown[] = [];
  const run = (script: Script) => runner.run(script, (error) => ends.push(error));
  return { clock, runner, within, noted, ends, run };
}

/** Work whose end the test decides on. */
function workOf<T>(): { promise: Promise<T>; done(value: T): void; fail(error: unknown): void } {
  const box: { done?: (value: T) => void; fail?: (error: unknown) => void } = {};
  const promise = new Promise<T>((done, fail) => {
    box.done = done;
    box.fail = fail;
  });
  return {
    promise,
    done: (value) => box.done?.(value),
    fail: (error) => box.fail?.(error),
  };
}

/** A script that waits once, and does nothing with what comes. */
function* expecting(): Script {
  yield* met();
}

function* working(work: Promise<unknown>): Script {
  yield* finished(work);
}

describe("what a script waits for", () => {
  it("goes on when what it expects has come, and not before", () => {
    const { runner, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        noted.push("typed");
        noted.push(yield* met());
      })(),
    );
    expect(noted).toEqual(["typed"]);
    expect(runner.busy).toBe(true);
    runner.met();
    expect(noted).toEqual(["typed", true]);
    expect(ends).toEqual([undefined]);
    expect(runner.busy).toBe(false);
  });

  it("is told that it did not come in time, at that time", () => {
    const { clock, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        noted.push(yield* met(300));
      })(),
    );
    clock.advance(299);
    expect(noted).toEqual([]);
    clock.advance(1);
    expect(noted).toEqual([false]);
    expect(ends).toEqual([undefined]);
  });

  it("leaves no timer behind when what it expects has come in time", () => {
    const { clock, runner, noted, run } = rigOf();
    run(
      (function* (): Script {
        noted.push(yield* met(300));
        noted.push(yield* met());
      })(),
    );
    runner.met();
    expect(clock.pending).toBe(0);
    clock.advance(1000);
    expect(noted).toEqual([true]);
  });

  it("waits without end where no time is given", () => {
    const { clock, runner, run } = rigOf();
    run(expecting());
    expect(clock.pending).toBe(0);
    clock.advance(1_000_000);
    expect(runner.busy).toBe(true);
  });

  it("is not woken from a pause by what comes meanwhile", () => {
    const { clock, runner, noted, run } = rigOf();
    run(
      (function* (): Script {
        yield* pause(50);
        noted.push("rested");
      })(),
    );
    runner.met();
    clock.advance(49);
    expect(noted).toEqual([]);
    clock.advance(1);
    expect(noted).toEqual(["rested"]);
  });

  it("gets the value of work that is done", async () => {
    const { noted, ends, run } = rigOf();
    const work = workOf<string>();
    run(
      (function* (): Script {
        noted.push(yield* finished(work.promise));
      })(),
    );
    work.done("the secret");
    expect(noted).toEqual([]);
    await settled();
    expect(noted).toEqual(["the secret"]);
    expect(ends).toEqual([undefined]);
  });

  it("is not woken from work by what comes meanwhile", async () => {
    const { runner, noted, run } = rigOf();
    const work = workOf<string>();
    run(
      (function* (): Script {
        noted.push(yield* finished(work.promise));
      })(),
    );
    runner.met();
    await settled();
    expect(noted).toEqual([]);
    work.done("later");
    await settled();
    expect(noted).toEqual(["later"]);
  });

  it("can catch what its work failed with, and go on", async () => {
    const { noted, ends, run } = rigOf();
    const work = workOf<string>();
    run(
      (function* (): Script {
        try {
          yield* finished(work.promise);
        } catch (error) {
          noted.push(error);
        }
        yield* pause(0);
        noted.push("went on");
      })(),
    );
    const refused = new Error("no secret");
    work.fail(refused);
    await settled();
    expect(noted).toEqual([refused]);
    expect(ends).toEqual([]);
  });
});

describe("what wakes a script", () => {
  it("goes on inside `within` for time and for work, and outside for what its caller says", async () => {
    const { clock, runner, within, noted, run } = rigOf();
    const work = workOf<number>();
    run(
      (function* (): Script {
        noted.push(`begun ${within.join()}`);
        yield* met();
        noted.push(`met ${within.join()}`);
        yield* pause(10);
        noted.push(`rested ${within.join()}`);
        yield* finished(work.promise);
        noted.push(`worked ${within.join()}`);
      })(),
    );
    runner.met();
    clock.advance(10);
    work.done(1);
    await settled();
    expect(noted).toEqual(["begun ", "met ", "rested in", "worked in,out,in"]);
    expect(within).toEqual(["in", "out", "in", "out"]);
  });
});

describe("what comes while a script is on its way to its next wait", () => {
  it("counts for that wait, so that an answer to what it typed is not missed", () => {
    const { runner, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        noted.push("typed");
        runner.met();
        noted.push(yield* met());
      })(),
    );
    expect(noted).toEqual(["typed", true]);
    expect(ends).toEqual([undefined]);
  });

  it("counts once only", () => {
    const { runner, noted, run } = rigOf();
    run(
      (function* (): Script {
        runner.met();
        runner.met();
        noted.push(yield* met());
        noted.push(yield* met());
      })(),
    );
    expect(noted).toEqual([true]);
    expect(runner.busy).toBe(true);
  });

  it("does not shorten a pause", () => {
    const { clock, runner, noted, run } = rigOf();
    run(
      (function* (): Script {
        runner.met();
        yield* pause(20);
        noted.push("rested");
      })(),
    );
    expect(noted).toEqual([]);
    clock.advance(20);
    expect(noted).toEqual(["rested"]);
  });

  it("is thrown at that wait where it is an error", () => {
    const { runner, noted, ends, run } = rigOf();
    const error = new Error("interrupted");
    run(
      (function* (): Script {
        runner.fail(error);
        noted.push("still here");
        yield* met();
        noted.push("never");
      })(),
    );
    expect(noted).toEqual(["still here"]);
    expect(ends).toEqual([error]);
  });

  it("prefers the error over what has come", () => {
    const { runner, ends, run } = rigOf();
    const error = new Error("interrupted");
    run(
      (function* (): Script {
        runner.met();
        runner.fail(error);
        runner.met();
        yield* met();
      })(),
    );
    expect(ends).toEqual([error]);
  });
});

describe("a script that fails", () => {
  it("reports what it threw, once", () => {
    const { runner, ends, run } = rigOf();
    const error = new Error("a defect");
    run(
      (function* (): Script {
        yield* met();
        throw error;
      })(),
    );
    runner.met();
    runner.met();
    runner.fail(new Error("too late"));
    expect(ends).toEqual([error]);
    expect(runner.busy).toBe(false);
  });

  it("reports what it threw before its first wait", () => {
    const { ends, run } = rigOf();
    const error = new Error("refused at once");
    run(
      // biome-ignore lint/correctness/useYield: it never gets that far
      (function* (): Script {
        throw error;
      })(),
    );
    expect(ends).toEqual([error]);
  });

  it("reports what its work failed with, once", async () => {
    const { runner, ends, run } = rigOf();
    const work = workOf<string>();
    run(working(work.promise));
    const error = new Error("the command failed");
    work.fail(error);
    await settled();
    expect(ends).toEqual([error]);
    expect(runner.busy).toBe(false);
  });

  it.each(["met", "time", "work"] as const)(
    "can be failed from outside while it waits for %s",
    async (what) => {
      const { clock, runner, noted, ends, run } = rigOf();
      const work = workOf<void>();
      run(
        (function* (): Script {
          try {
            if (what === "met") yield* met(100);
            else if (what === "time") yield* pause(100);
            else yield* finished(work.promise);
            noted.push("went on");
          } finally {
            noted.push("cleaned up");
          }
        })(),
      );
      const error = new Error("interrupted");
      runner.fail(error);
      expect(noted).toEqual(["cleaned up"]);
      clock.advance(1000);
      work.done();
      await settled();
      expect(noted).toEqual(["cleaned up"]);
      expect(ends).toEqual([error]);
      expect(clock.pending).toBe(0);
    },
  );

  it("may catch what it is failed with, and wait anew", () => {
    const { runner, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        try {
          yield* met();
        } catch {
          noted.push("caught");
        }
        noted.push(yield* met());
      })(),
    );
    runner.fail(new Error("interrupted"));
    expect(noted).toEqual(["caught"]);
    runner.met();
    expect(noted).toEqual(["caught", true]);
    expect(ends).toEqual([undefined]);
  });

  // `still` compares the kind of wait only: the end of work that was given up wakes the next wait for work.
  it("is not woken, once it caught that and works on, by the work it has given up", async () => {
    const { runner, noted, ends, run } = rigOf();
    const [first, second] = [workOf<string>(), workOf<string>()];
    run(
      (function* (): Script {
        try {
          yield* finished(first.promise);
        } catch {
          noted.push("caught");
        }
        noted.push(yield* finished(second.promise));
      })(),
    );
    runner.fail(new Error("interrupted"));
    first.done("first");
    await settled();
    second.done("second");
    await settled();
    expect({ noted, ends }).toEqual({ noted: ["caught", "second"], ends: [undefined] });
  });

  it("is nobody's matter where no script is under way", () => {
    const { runner, ends, run } = rigOf();
    runner.fail(new Error("nobody there"));
    run(expecting());
    expect(ends).toEqual([]);
    expect(runner.busy).toBe(true);
  });
});

describe("stopping", () => {
  it("does nothing more of the script, and reports no end", () => {
    const { clock, runner, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        noted.push(yield* met(100));
      })(),
    );
    runner.stop();
    runner.met();
    clock.advance(1000);
    runner.fail(new Error("too late"));
    expect(noted).toEqual([]);
    expect(ends).toEqual([]);
    expect(runner.busy).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it.each(["done", "failed"] as const)("is not undone by work that is %s afterwards", async (how) => {
    const { runner, within, noted, ends, run } = rigOf();
    const work = workOf<string>();
    run(
      (function* (): Script {
        noted.push(yield* finished(work.promise));
      })(),
    );
    runner.stop();
    if (how === "done") work.done("late");
    else work.fail(new Error("late"));
    await settled();
    expect({ noted, ends, within }).toEqual({ noted: [], ends: [], within: [] });
  });

  it("holds even where the script stops its own runner and goes on to a wait", () => {
    const { clock, runner, noted, ends, run } = rigOf();
    run(
      (function* (): Script {
        runner.stop();
        noted.push(yield* met(10));
      })(),
    );
    runner.met();
    clock.advance(100);
    expect(noted).toEqual([]);
    expect(ends).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe("one script at a time", () => {
  it("forgets the one before, whose end is not reported", () => {
    const { clock, runner, noted, ends, run } = rigOf();
    const note = function* (name: string): Script {
      noted.push(`${name} ${yield* met(100)}`);
    };
    run(note("first"));
    run(note("second"));
    runner.met();
    clock.advance(1000);
    expect(noted).toEqual(["second true"]);
    expect(ends).toEqual([undefined]);
  });

  it("does not give the next one the work of the one before", async () => {
    const { runner, noted, ends, run } = rigOf();
    const [first, second] = [workOf<string>(), workOf<string>()];
    const note = function* (work: Promise<string>): Script {
      noted.push(yield* finished(work));
    };
    run(note(first.promise));
    run(note(second.promise));
    first.done("first");
    await settled();
    expect(noted).toEqual([]);
    expect(runner.busy).toBe(true);
    second.done("second");
    await settled();
    expect(noted).toEqual(["second"]);
    expect(ends).toEqual([undefined]);
  });

  it("may begin in the report of the one before", () => {
    const { runner, noted } = rigOf();
    runner.run(expecting(), () => {
      noted.push(`busy: ${runner.busy}`);
      runner.run(
        (function* (): Script {
          noted.push(`next ${yield* met()}`);
        })(),
        () => noted.push("next over"),
      );
    });
    runner.met();
    expect(noted).toEqual(["busy: false"]);
    runner.met();
    expect(noted).toEqual(["busy: false", "next true", "next over"]);
  });
});
