import { describe, expect, test } from "vitest";
import { textDiff } from "../../../src/remote/text/diff.ts";

const lines = async (before: string, after: string) => (await textDiff(before, after)).lines;
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join("");

describe("what differs between two texts", () => {
  test("one line among others, with three around it and the numbers of the whole file", async () => {
    const diff = await textDiff(numbers(1, 50), numbers(1, 50).replace("\n20\n", "\nx\n"));
    expect(diff).toMatchObject({ added: 1, removed: 1, shortest: true });
    expect(diff.lines).toEqual(["@@ -17,7 +17,7 @@", " 17", " 18", " 19", "-20", "+x", " 21", " 22", " 23"]);
  });

  test.each([
    ["a new file", "", "a\nb\n", ["@@ -0,0 +1,2 @@", "+a", "+b"]],
    ["a file made empty", "a\n", "", ["@@ -1 +0,0 @@", "-a"]],
    ["a last line end that goes", "a\n", "a", ["@@ -1 +1 @@", "-a", "+a", "\\ No newline at end of file"]],
    ["the same", "a\r\n", "a\r\n", []],
    ["lines that all end with CRLF are shown without", "a\r\n", "b\r\n", ["@@ -1 +1 @@", "-a", "+b"]],
    ["line ends that change are seen", "a\r\n", "a\n", ["@@ -1 +1 @@", "-a\r", "+a"]],
  ])("%s", async (_, before, after, expected) => {
    expect(await lines(before, after)).toEqual(expected);
  });

  test("places far apart are hunks of their own", async () => {
    const after = numbers(1, 100_000).replace("\n5\n", "\nx\n").replace("\n99000\n", "\n");
    const found = await lines(numbers(1, 100_000), after);
    expect(found.filter((line) => line.startsWith("@@"))).toEqual([
      "@@ -2,7 +2,7 @@",
      "@@ -98997,7 +98997,6 @@",
    ]);
  });

  test("texts that have nothing in common are one block, and the counts are true", async () => {
    const before = numbers(1, 20_000);
    const after = before.replaceAll("\n", "x\n");
    const diff = await textDiff(`same\n${before}`, `same\n${after}`);
    expect(diff).toMatchObject({ added: 20_000, removed: 20_000, shortest: false });
    expect(diff.lines.slice(0, 3)).toEqual(["@@ -1,20001 +1,20001 @@", " same", "-1"]);
  });
});
