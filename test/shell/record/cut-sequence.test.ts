import { expect, it } from "vitest";
import { restOfSequence } from "../../../src/shell/record/cut-sequence.ts";

it.each([
  ["show\u001b[", "K\r\nrow", 1],
  ["show\u001b[12;", "40Hrow", 3],
  ["show\u001b", "[0mrow", 3],
  ["show\u001b", "7row", 1],
  ["show\u001b(", "Brow", 1],
  ["show", "K\r\nrow", 0],
  ["show\u001b[K", "K\r\nrow", 0],
])("Of %j and %j behind it, so many bytes end a sequence: %i", (before, behind, count) => {
  expect(restOfSequence(Buffer.from(before), Buffer.from(behind))).toBe(count);
});
