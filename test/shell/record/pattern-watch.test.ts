import { describe, expect, it } from "vitest";
import { compilePattern, PatternWatch } from "../../../src/shell/record/pattern-watch.ts";
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
    const watch = new PatternWatch(output, await compilePattern("ready: \\d+"), 0);
    expect(watch.step()).toEqual({ match: undefined, more: false });
    output.append(Buffer.from("not yet\r\n"));
    expect(searchAll(watch)).toBeUndefined();
    output.append(Buffer.from("ready: 17\r\n"));
    expect(searchAll(watch)).toBe("ready: 17");
  });

  it("is found across the border of two arrivals, wherever it lies", async () => {
    const text = "before READY after";
    const find = await compilePattern("READY");
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
    const find = await compilePattern("READY");
    for (const at of [32 * 1024 - 5, 32 * 1024 - 4, 32 * 1024 - 1, 32 * 1024, 64 * 1024 - 2]) {
      const output = transcript();
      output.append(Buffer.from(`${"x".repeat(at)}READY${"y".repeat(100_000)}`));
      expect(searchAll(new PatternWatch(output, find, 0)), `at ${at}`).toBe("READY");
    }
  });

  it("is searched in pieces, so that a flood does not delay others", async () => {
    const output = transcript();
    output.append(Buffer.alloc(200 * 1024, 0x78));
    const watch = new PatternWatch(output, await compilePattern("never"), 0);
    let steps = 1;
    while (watch.step().more) steps++;
    expect(steps).toBe(7);
  });

  it("never matches what was there before", async () => {
    const output = transcript();
    output.append(Buffer.from("READY of the last command\r\n"));
    const watch = new PatternWatch(output, await compilePattern("READY"), output.end);
    output.append(Buffer.from("starting\r\n"));
    expect(searchAll(watch)).toBeUndefined();
    output.append(Buffer.from("READY\r\n"));
    expect(searchAll(watch)).toBe("READY");
  });

  it("is not searched before it is known where the output begins", async () => {
    const output = transcript();
    let from: number | undefined;
    const watch = new PatternWatch(output, await compilePattern("READY"), () => from);
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
    expect(searchAll(new PatternWatch(output, await compilePattern("^server up$"), 0))).toBe("server up");
  });

  it("counts what was pruned before it could be searched", async () => {
    const output = new Transcript(128 * 1024);
    const watch = new PatternWatch(output, await compilePattern("lost"), 0);
    output.append(Buffer.from("lost"));
    output.append(Buffer.alloc(400 * 1024, 0x78));
    expect(searchAll(watch)).toBeUndefined();
    expect(watch.missed).toBe(output.start);
  });
});

describe("a caller's pattern", () => {
  it.each([
    ["nested repetition", "(a+)+$"],
    ["overlapping alternatives", "^(a|a|aa)*$"],
    ["a long optional chain", `${"a?".repeat(40)}${"a".repeat(40)}$`],
  ])("with %s costs time linear in the output", async (_, source) => {
    const find = await compilePattern(source);
    const search = (length: number) => {
      const text = `${"a".repeat(length)}!`;
      const started = performance.now();
      expect(find(text)).toBeUndefined();
      return performance.now() - started;
    };
    search(1000);
    // A backtracking engine would need longer than the universe is old.
    expect(search(30_000)).toBeLessThan(5000);
  });

  it.each([
    ["empty", "", "1 to 512"],
    ["too long", "x".repeat(513), "1 to 512"],
    ["unbalanced", "(open", "not an RE2 pattern"],
    ["a look-ahead", "a(?=b)", "not an RE2 pattern"],
    ["a back-reference", "(a)\\1", "not an RE2 pattern"],
  ])("that is %s is refused in one sentence", async (_, source, sentence) => {
    await expect(compilePattern(source)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(sentence),
    });
  });

  it("anchors at lines and may match nothing at all", async () => {
    expect((await compilePattern("^b$"))("a\nb\nc")).toBe("b");
    expect((await compilePattern("x*"))("abc")).toBe("");
  });
});
