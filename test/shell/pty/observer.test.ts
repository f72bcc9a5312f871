import { describe, expect, it } from "vitest";
import { Observer } from "../../../src/shell/pty/observer.ts";
import { FakeClock, settled } from "../../fake-clock.ts";

/** The quiet times at which a look is due. */
const LOOKS = [20, 300, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 192_000];

function watching(look: (quietMs: number) => Promise<number | undefined> = async () => undefined) {
  const clock = new FakeClock();
  const looks: { at: number; quiet: number }[] = [];
  const errors: unknown[] = [];
  const observer = new Observer(
    clock,
    (quiet) => {
      looks.push({ at: clock.now(), quiet });
      return look(quiet);
    },
    (error) => errors.push(error),
  );
  return { clock, observer, looks, errors };
}

describe("observations", () => {
  it("are taken at growing quiet times, and no more often", async () => {
    const { clock, observer, looks } = watching();
    observer.onActivity();
    await clock.pass(200_000);
    expect(looks.map((look) => look.quiet)).toEqual(LOOKS);
  });

  it("start over with each arrival of bytes", async () => {
    const { clock, observer, looks } = watching();
    for (let i = 0; i < 50; i++) {
      observer.onActivity();
      await clock.pass(10);
    }
    expect(looks).toEqual([]);
    await clock.pass(10);
    expect(looks).toEqual([{ at: 510, quiet: 20 }]);
  });

  it.each([25, 350, 1500, 5000, 20_000, 70_000])(
    "come as soon as ever behind bytes that end %i ms of quiet",
    async (quiet) => {
      const { clock, observer, looks } = watching();
      observer.onActivity();
      await clock.pass(quiet);
      const from = clock.now();
      looks.splice(0);
      observer.onActivity();
      await clock.pass(1000);
      expect(looks).toEqual([20, 300, 1000].map((due) => ({ at: from + due, quiet: due })));
    },
  );

  it("are soon when somebody begins to wait on what has long been quiet, and are given the true quiet time", async () => {
    const { clock, observer, looks } = watching();
    observer.onActivity();
    await clock.pass(5000);
    looks.splice(0);
    observer.restart();
    await clock.pass(10);
    expect(looks).toHaveLength(1);
    expect(looks[0]?.quiet).toBeGreaterThanOrEqual(5000);
    expect(looks[0]?.quiet).toBeLessThan(5010);
    await clock.pass(2990);
    expect(looks).toHaveLength(2);
    expect(looks[1]?.quiet).toBe(8000);
  });

  it("come at the very quiet time that the last one returned, and then as scheduled", async () => {
    const { clock, observer, looks } = watching(async (quiet) =>
      quiet < 250 ? 250 : quiet < 700 ? 700 : undefined,
    );
    observer.onActivity();
    await clock.pass(2000);
    expect(looks.map((look) => look.quiet)).toEqual([20, 250, 300, 700, 1000, 2000]);
  });

  it("at a returned quiet time are dropped with the bytes that end the quiet", async () => {
    const { clock, observer, looks } = watching(async (quiet) => (quiet === 20 ? 100 : undefined));
    observer.onActivity();
    await clock.pass(50);
    observer.onActivity();
    await clock.pass(60);
    expect(looks.map((look) => look.quiet)).toEqual([20, 20]);
  });

  it("never overlap, and go on when a slow one is done", async () => {
    const ends: (() => void)[] = [];
    const { clock, observer, looks } = watching(
      () => new Promise((resolve) => ends.push(() => resolve(undefined))),
    );
    observer.onActivity();
    await clock.pass(3000);
    expect(looks.map((look) => look.quiet)).toEqual([20]);
    ends.shift()?.();
    await settled();
    // The looks that were due meanwhile are one.
    await clock.pass(10);
    expect(looks).toHaveLength(2);
    expect(looks[1]?.quiet).toBeGreaterThanOrEqual(3000);
    ends.shift()?.();
    await clock.pass(1000);
    expect(looks.map((look) => look.quiet).at(-1)).toBe(4000);
  });

  it("continue after one that fails", async () => {
    const { clock, observer, looks, errors } = watching(async (quiet) => {
      if (quiet === 300) throw new Error("probe failed");
      return undefined;
    });
    observer.onActivity();
    await clock.pass(2000);
    expect(looks.map((look) => look.quiet)).toEqual([20, 300, 1000, 2000]);
    expect(errors).toEqual([new Error("probe failed")]);
  });

  it("go on after one that throws before it has begun to wait", async () => {
    const { clock, observer, looks, errors } = watching((quiet) => {
      if (quiet === 300) throw new Error("probe failed");
      return Promise.resolve(undefined);
    });
    observer.onActivity();
    await clock.pass(2000);
    expect(looks.map((look) => look.quiet)).toEqual([20, 300, 1000, 2000]);
    expect(errors).toEqual([new Error("probe failed")]);
  });

  it("end with disposal, also while one is going on", async () => {
    let end = () => {};
    const { clock, observer, looks } = watching(
      () =>
        new Promise((resolve) => {
          end = () => resolve(undefined);
        }),
    );
    observer.onActivity();
    await clock.pass(100);
    expect(looks).toHaveLength(1);
    observer.dispose();
    end();
    await settled();
    observer.onActivity();
    observer.restart();
    await clock.pass(100_000);
    expect(looks).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe("timers", () => {
  it("are one at most, however many bytes arrive", async () => {
    const { clock, observer } = watching();
    for (let i = 0; i < 10_000; i++) {
      observer.onActivity();
      expect(clock.pending).toBe(1);
    }
  });

  it("fire no more often than an observation is due while bytes keep coming", async () => {
    const { clock, observer, looks } = watching();
    let fired = 0;
    for (let i = 0; i < 1000; i++) {
      observer.onActivity();
      fired += clock.advance(1);
    }
    expect(looks).toEqual([]);
    expect(fired).toBeLessThan(1000 / 10);
  });

  it("that come a fraction of a millisecond early do not make a loop", async () => {
    class EarlyClock extends FakeClock {
      override after(ms: number, action: () => void) {
        return super.after(Math.max(0, ms - 0.4), action);
      }
    }
    const clock = new EarlyClock();
    const looks: number[] = [];
    const observer = new Observer(
      clock,
      async (quiet) => {
        looks.push(quiet);
      },
      () => {},
    );
    observer.onActivity();
    let fired = 0;
    fired += await clock.pass(70_000);
    expect(looks).toHaveLength(9);
    expect(looks.every((quiet, index) => quiet >= (LOOKS[index] ?? 0))).toBe(true);
    expect(fired).toBeLessThan(30);
  });
});

it("quiet is the time since the last byte", async () => {
  const { clock, observer } = watching();
  clock.advance(700);
  expect(observer.quietMs).toBe(700);
  observer.onActivity();
  clock.advance(5);
  expect(observer.quietMs).toBe(5);
  observer.dispose();
});
