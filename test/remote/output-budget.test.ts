import { describe, expect, it } from "vitest";
import { KeptOutput, STDOUT_BYTES } from "../../src/remote/kept-output.ts";
import { OutputBudget } from "../../src/remote/output-budget.ts";

const MB = 1024 * 1024;
const fill = (output: KeptOutput, bytes: number) => {
  for (let sent = 0; sent < bytes; sent += 64 * 1024) output.push(Buffer.alloc(64 * 1024, "x".charCodeAt(0)));
};

describe("the memory of all outputs", () => {
  it("stays within its limit: what has ended goes first, then the middle of the largest, and all is counted", () => {
    const ended: KeptOutput[] = [];
    const budget: OutputBudget = new OutputBudget(8 * MB, () => {
      const [oldest] = ended.splice(0, 1);
      if (oldest !== undefined) budget.forget(oldest);
      return oldest !== undefined;
    });
    const first = budget.output(STDOUT_BYTES);
    fill(first, 3 * MB);
    ended.push(first);
    const small = budget.output(STDOUT_BYTES);
    fill(small, MB);
    const large = budget.output(STDOUT_BYTES);
    fill(large, 20 * MB);
    expect(ended).toEqual([]);
    expect(budget.taken).toBeLessThanOrEqual(8 * MB);
    expect(budget.taken).toBe(small.size + large.size);
    expect(small.text()).toMatchObject({ bytes: MB, dropped: 0 });
    expect(large.bytes).toBe(20 * MB);
    expect(large.text().dropped).toBe(20 * MB - large.size);
    budget.forget(large);
    budget.forget(large);
    expect(budget.taken).toBe(small.size);
  });

  it("keeps 10 MiB of one output byte for byte", () => {
    const output = new KeptOutput();
    const text = `${"0123456789abcde\n".repeat((10 * MB) / 16 - 1)}the last one`;
    for (let at = 0; at < text.length; at += 30_011) output.push(Buffer.from(text.slice(at, at + 30_011)));
    const { segments, dropped } = output.text();
    expect(dropped).toBe(0);
    expect(segments[0]?.lines.join("\n") === text).toBe(true);
  });
});

describe("a kept output from a place on", () => {
  it("has the lines behind it, and the count of what is gone", () => {
    const output = new KeptOutput(512 * 1024);
    output.push(Buffer.from("one\ntwo\nthr"));
    expect(output.lineStart).toBe(8);
    output.push(Buffer.from("ee\nfour"));
    expect(output.since(8)).toEqual({ lines: ["three", "four"], missing: 0 });
    fill(output, 2 * MB);
    output.push(Buffer.from("\nend\n"));
    const { lines, missing } = output.since(8);
    expect(lines.at(-1)).toBe("end");
    expect(missing + lines.join("\n").length + 1 + 8).toBe(output.bytes);
  });

  it("has the same digest as another of the same bytes, however they came", () => {
    const one = new KeptOutput().hashed();
    const other = new KeptOutput().hashed();
    one.push(Buffer.from("abc"));
    for (const part of ["a", "bc"]) other.push(Buffer.from(part));
    expect(one.digest()).toBe(other.digest());
    other.push(Buffer.from("d"));
    expect(one.digest()).not.toBe(other.digest());
  });
});
