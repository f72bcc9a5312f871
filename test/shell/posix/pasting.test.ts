import { expect, it } from "vitest";
import { Pasting } from "../../../src/shell/posix/pasting.ts";

const counts = (on: boolean, ...parts: readonly string[]) => {
  const pasting = new Pasting();
  return parts.map((part) => pasting.lines(Buffer.from(part), on));
};

it.each([
  ["each line end outside a paste enters a line", true, ["a\rb\nc\r\n"], [3]],
  ["those of a paste enter none", true, ["\u001b[200~a\rb\nc\u001b[201~\r"], [1]],
  ["a paste may come in pieces", true, ["\u001b[200~a\r", "b\r", "c\u001b[201~", "\r"], [0, 0, 0, 1]],
  ["so may its marks", true, ["x\r\u001b[2", "00~a\rb\u001b[20", "1~\r"], [1, 0, 1]],
  ["without the mode all do", false, ["\u001b[200~a\rb\u001b[201~\r"], [2]],
] as const)("%s", (_name, on, parts, expected) => {
  expect(counts(on, ...parts)).toEqual(expected);
});
