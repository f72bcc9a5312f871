import { describe, expect, it } from "vitest";
import { patternOf } from "../../src/base/pattern.ts";

describe("a caller's pattern", () => {
  it.each([
    ["nested repetition", "(a+)+$"],
    ["overlapping alternatives", "^(a|a|aa)*$"],
    ["a long optional chain", `${"a?".repeat(40)}${"a".repeat(40)}$`],
  ])("with %s costs time linear in the output", async (_, source) => {
    const pattern = patternOf(source, { multiline: true });
    const search = (length: number) => {
      const text = `${"a".repeat(length)}!`;
      const started = performance.now();
      expect(pattern.find(text)).toBeUndefined();
      return performance.now() - started;
    };
    search(1000);
    // A backtracking engine would need longer than the universe is old.
    expect(search(30_000)).toBeLessThan(5000);
  });

  it.each([
    ["empty", "", "1 to 512"],
    ["too long", "x".repeat(513), "1 to 512"],
    ["unbalanced", "(open", "is not a valid RE2 pattern"],
    ["a look-ahead", "a(?=b)", "is not a valid RE2 pattern"],
    ["a back-reference", "(a)\\1", "is not a valid RE2 pattern"],
  ])("that is %s is refused in one sentence", (_, source, sentence) => {
    expect(refusalOf(source)).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(sentence),
    });
  });

  it("anchors at lines and may match nothing at all", () => {
    expect(patternOf("^b$", { multiline: true }).find("a\nb\nc")).toBe("b");
    expect(patternOf("x*").find("abc")).toBe("");
  });

  it.each([
    ["counted repetitions of a class", "([a-z]{1,100}){9}\\d"],
    ["a long word repeated", `(?:${"interface".repeat(20)}){1,900}`],
    ["nested groups", "((ab{1,9}){1,9}c){1,9}"],
    ["a class that holds brackets", "[\\](){},]{900}"],
    ["an open end", "x{900,}"],
  ])("that costs too much for each character is refused before it is searched with: %s", (_, source) => {
    expect(refusalOf(source)).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("costs too much"),
      next: expect.stringContaining("+ or *"),
    });
  });

  it.each([
    "\\b\\d{1,3}(\\.\\d{1,3}){3}\\b",
    "([0-9a-f]{2}:){5}[0-9a-f]{2}",
    "(?i)error|fail(ed|ure)?|denied",
    "^.{0,120}$",
    "\\{1000\\}[{]",
  ])("that people write is taken: %s", (source) => {
    expect(patternOf(source).reach).toBeGreaterThan(3_000);
  });
});

function refusalOf(source: string): unknown {
  try {
    return patternOf(source);
  } catch (error) {
    return error;
  }
}
