import { describe, expect, it } from "vitest";
import { patternOf } from "../../../src/base/pattern.ts";
import { PatternWatch } from "../../../src/shell/record/pattern-watch.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";

const transcript = () => new Transcript(1 << 20);

/** Steps until nothing is left to search. */
function searchAll(watch: PatternWatch): string | undefined {
  for (let steps = 0; steps < 1000; steps++) {
    const { match, more } = watch.step();
    if (match !== undefined) return match;
    if (!more) return undefined;
  }
  throw new Error("the search does not come to an end");
}

describe("a pattern over output as it arrives", () => {
  it("is found once it is there, and not before", async () => {
    const output = transcript();
    const watch = new PatternWatch(output, patternOf("ready: \\d+", { multiline: true }), 0);
    expect(watch.step()).toEqual({ match: undefined, more: false });
    output.append(Buffer.from("not yet\r\n"));
    expect(searchAll(watch)).toBeUndefined();
    output.append(Buffer.from("ready: 17\r\n"));
    expect(searchAll(watch)).toBe("ready: 17");
  });

  it("is found across the border of two arrivals, wherever it lies", async () => {
    const text = "before READY after";
    const find = patternOf("READY", { multiline: true });
    for (let cut = 1; cut < text.length; cut++) {
      const output = transcript();
      const watch = new PatternWatch(output, find, 0);
      output.append(Buffer.from(text.slice(0, cut)));
      const early = searchAll(watch);
      output.append(Buffer.from(text.slice(cut)));
      expect(early ?? searchAll(watch), `cut at ${cut}`).toBe("READY");
    }
  });

  it("is found across the border of two searched pieces, wherever it lies", async () => {
    const find = patternOf("READY", { multiline: true });
    for (const at of [32 * 1024 - 5, 32 * 1024 - 4, 32 * 1024 - 1, 32 * 1024, 64 * 1024 - 2]) {
      const output = transcript();
      output.append(Buffer.from(`${"x".repeat(at)}READY${"y".repeat(100_000)}`));
      expect(searchAll(new PatternWatch(output, find, 0)), `at ${at}`).toBe("READY");
    }
  });

  it("is searched in pieces, so that a flood does not delay others", async () => {
    const output = transcript();
    output.append(Buffer.alloc(200 * 1024, 0x78));
    const watch = new PatternWatch(output, patternOf("never", { multiline: true }), 0);
    let steps = 1;
    while (watch.step().more) steps++;
    expect(steps).toBe(7);
  });

  it("never matches what was there before", async () => {
    const output = transcript();
    output.append(Buffer.from("READY of the last command\r\n"));
    const watch = new PatternWatch(output, patternOf("READY", { multiline: true }), output.end);
    output.append(Buffer.from("starting\r\n"));
    expect(searchAll(watch)).toBeUndefined();
    output.append(Buffer.from("READY\r\n"));
    expect(searchAll(watch)).toBe("READY");
  });

  it("is not searched before it is known where the output begins", async () => {
    const output = transcript();
    let from: number | undefined;
    const watch = new PatternWatch(output, patternOf("READY", { multiline: true }), () => from);
    output.append(Buffer.from("$ sleep 5; echo READY\r\n"));
    expect(watch.step()).toEqual({ match: undefined, more: false });
    from = output.end;
    expect(searchAll(watch)).toBeUndefined();
    output.append(Buffer.from("READY\r\n"));
    expect(searchAll(watch)).toBe("READY");
  });

  it("sees text, not escape sequences, and lines without their carriage return", async () => {
    const output = transcript();
    output.append(Buffer.from("\u001b[32mserver\u001b[0m \u001b[1mup\u001b[0m\r\nnext"));
    expect(searchAll(new PatternWatch(output, patternOf("^server up$", { multiline: true }), 0))).toBe(
      "server up",
    );
  });

  it("counts what was pruned before it could be searched", async () => {
    const output = new Transcript(128 * 1024);
    const watch = new PatternWatch(output, patternOf("lost", { multiline: true }), 0);
    output.append(Buffer.from("lost"));
    output.append(Buffer.alloc(400 * 1024, 0x78));
    expect(searchAll(watch)).toBeUndefined();
    expect(watch.missed).toBe(output.start);
  });
});
