import { describe, expect, it } from "vitest";
import { patternOf } from "../../../src/base/pattern.ts";
import type { State } from "../../../src/shell/record/outcome.ts";
import { PatternWatch } from "../../../src/shell/record/pattern-watch.ts";
import { type Wait, Waits } from "../../../src/shell/record/waits.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { FakeClock, settled } from "../../fake-clock.ts";

const TIMEOUT: State = { state: "running", evidence: "timeout" };
const NEWS: State = { state: "running", evidence: "output" };
const DONE: State = { state: "done", evidence: "sentinel" };
const about = (change: Partial<Wait> = {}): Wait => ({
  about: "command",
  command: 1,
  anyAfter: undefined,
  watch: undefined,
  since: 0,
  ...change,
});

/** Waits whose every end is written down. */
function waiting() {
  const clock = new FakeClock();
  const waits = new Waits(clock);
  const ends: State[] = [];
  const start = (wait: Wait, timeoutMs = 1000, signal?: AbortSignal) =>
    void waits.start(wait, timeoutMs, signal).then(({ state }) => ends.push(state));
  return { clock, waits, ends, start };
}

describe("a wait", () => {
  it("ends when it is settled, and its timer goes with it", async () => {
    const { clock, waits, ends, start } = waiting();
    start(about());
    expect(waits.size).toBe(1);
    waits.settle(() => ({ state: DONE }));
    await settled();
    expect(ends).toEqual([DONE]);
    expect(waits.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("ends as running when its time is up, at that moment", async () => {
    const { clock, ends, start } = waiting();
    start(about(), 1000);
    await clock.pass(999);
    expect(ends).toEqual([]);
    await clock.pass(1);
    expect(ends).toEqual([TIMEOUT]);
  });

  it("of no time at all still ends by the clock, not within the call", async () => {
    const { clock, ends, start, waits } = waiting();
    start(about(), 0);
    expect(waits.size).toBe(1);
    await clock.pass(0);
    expect(ends).toEqual([TIMEOUT]);
  });

  it("ends when the caller gives up, before or after it began, and lets go of the signal", async () => {
    const { clock, waits, ends, start } = waiting();
    const abort = new AbortController();
    start(about(), 1000, abort.signal);
    start(about(), 1000, AbortSignal.abort());
    await settled();
    expect(ends).toEqual([TIMEOUT]);
    abort.abort();
    await settled();
    expect(ends).toEqual([TIMEOUT, TIMEOUT]);
    expect(waits.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("is settled only by what concerns it", async () => {
    const { waits, ends, start } = waiting();
    start(about({ command: 1 }));
    start(about({ command: 2 }));
    waits.settle((wait) => (wait.command === 2 ? { state: DONE } : undefined));
    await settled();
    expect(ends).toEqual([DONE]);
    expect(waits.size).toBe(1);
  });

  it("ends exactly once, whatever comes together", async () => {
    const { clock, waits, ends, start } = waiting();
    const abort = new AbortController();
    const transcript = new Transcript(1 << 20);
    const watch = new PatternWatch(transcript, patternOf("x", { multiline: true }), 0);
    start(about({ watch, anyAfter: 0 }), 50, abort.signal);
    transcript.append(Buffer.from("x"));
    waits.onBytes(transcript.end);
    waits.settle(() => ({ state: DONE }));
    abort.abort();
    waits.settle(() => ({ state: TIMEOUT }));
    await clock.pass(1000);
    expect(ends).toEqual([DONE]);
    expect(clock.pending).toBe(0);
  });

  it("that settles another while it is settled does not disturb it", async () => {
    const { waits, ends, start } = waiting();
    start(about({ command: 1 }));
    start(about({ command: 2 }));
    waits.settle(() => {
      waits.settle(() => ({ state: DONE }));
      return { state: TIMEOUT };
    });
    await settled();
    expect(ends).toEqual([DONE, DONE]);
  });
});

describe("a read of whatever is new", () => {
  it("gets a whole burst, not its first bytes", async () => {
    const { clock, waits, ends, start } = waiting();
    start(about({ about: "news", anyAfter: 10 }), 5000);
    waits.onBytes(10);
    await clock.pass(500);
    expect(ends).toEqual([]);
    waits.onBytes(11);
    await clock.pass(99);
    expect(ends).toEqual([]);
    await clock.pass(1);
    expect(ends).toEqual([NEWS]);
  });

  it("needs no timer per arrival under a flood", async () => {
    const { clock, waits, ends, start } = waiting();
    start(about({ about: "news", anyAfter: 0 }), 5000);
    for (let i = 1; i <= 1000; i++) waits.onBytes(i);
    expect(clock.pending).toBe(2);
    await clock.pass(100);
    expect(ends).toEqual([NEWS]);
    expect(clock.pending).toBe(0);
  });
});

describe("a wait for a pattern", () => {
  async function watching(pattern: string) {
    const rig = waiting();
    const transcript = new Transcript(4 << 20);
    const watch = new PatternWatch(transcript, patternOf(pattern, { multiline: true }), 0);
    const receive = (text: string) => {
      transcript.append(Buffer.from(text));
      rig.waits.onBytes(transcript.end);
    };
    return { ...rig, watch, receive };
  }

  it("ends with what matched, across the border of two arrivals", async () => {
    const { clock, ends, start, watch, receive } = await watching("list[en]+ing");
    start(about({ watch }));
    receive("server lis");
    await clock.pass(100);
    expect(ends).toEqual([]);
    receive("tening on 80");
    await clock.pass(30);
    expect(ends).toEqual([{ state: "running", evidence: "matched", match: "listening" }]);
    expect(clock.pending).toBe(0);
  });

  it("sees at once what is there already", async () => {
    const { clock, ends, start, watch, receive } = await watching("up");
    receive("already up");
    start(about({ watch }));
    await clock.pass(1);
    expect(ends).toMatchObject([{ evidence: "matched" }]);
  });

  it("ends with the command when that ends first", async () => {
    const { clock, waits, ends, start, watch, receive } = await watching("up");
    start(about({ watch }));
    receive("up");
    waits.settle(() => ({ state: DONE }));
    await clock.pass(100);
    expect(ends).toEqual([DONE]);
  });

  it("searches a flood piece by piece and then rests", async () => {
    const { clock, ends, start, watch, receive } = await watching("needle");
    start(about({ watch }), 60_000);
    for (let i = 0; i < 100; i++) receive("x".repeat(10_000));
    const fired = await clock.pass(1000);
    expect(ends).toEqual([]);
    // 1 MB in pieces of 32 KiB, and one search at the end that finds nothing left.
    expect(fired).toBeLessThan(40);
    expect(clock.pending).toBe(1);
    receive("needle");
    await clock.pass(30);
    expect(ends).toMatchObject([{ match: "needle" }]);
  });

  it("times out like any other", async () => {
    const { clock, ends, start, watch, receive } = await watching("never");
    start(about({ watch }), 200);
    for (let i = 0; i < 30; i++) {
      receive("something else\r\n");
      await clock.pass(10);
    }
    expect(ends).toEqual([TIMEOUT]);
    expect(clock.pending).toBe(0);
  });
});
