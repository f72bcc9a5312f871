import { describe, expect, it } from "vitest";
import { isScrolledLine } from "../../../src/shell/posix/scrolled-line.ts";

const LINE = ` \\builtin eval $'lantern harbor \\040 meadow copper willow\\012__m -e 3 4ca0b02d';__m -x 3 "$?"`;
const BLANKS = " ".repeat(30);

describe("a line that its editor scrolls sideways in one row", () => {
  it.each([
    ["in two parts", `${LINE.slice(0, 50)}\r<${LINE.slice(20)}\r\r\n`],
    [
      "with what stood there wiped out",
      `${LINE.slice(0, 50)}\r<${LINE.slice(40, 50)}${BLANKS}\r<${LINE.slice(40)}\r\n`,
    ],
    [
      "with bracketed paste switched off behind it",
      `${LINE.slice(0, 60)}\r<${LINE.slice(60)}\u001b[?2004l\r\r\n`,
    ],
    [
      "in many parts",
      `${LINE.slice(0, 30)}\r<${LINE.slice(20, 50)}\r<${LINE.slice(40, 70)}\r<${LINE.slice(60)}\r\n`,
    ],
  ])("is known %s", (_how, held) => {
    expect(isScrolledLine(held, LINE)).toBe(true);
  });

  it.each([
    ["nothing is scrolled", `${LINE}\r\n`],
    ["a row of others is among it", `${LINE.slice(0, 50)}from a job\r\n\r<${LINE.slice(20)}\r\n`],
    ["a part is of something else", `${LINE.slice(0, 50)}\r<not of it\r<${LINE.slice(20)}\r\n`],
    ["something is left out between two parts", `${LINE.slice(0, 30)}\r<${LINE.slice(45)}\r\n`],
    ["its end is not there", `${LINE.slice(0, 50)}\r<${LINE.slice(20, 60)}\r\n`],
    ["a row follows it", `${LINE.slice(0, 50)}\r<${LINE.slice(20)}\r\nfrom a job\r\n`],
  ])("is not where %s", (_what, held) => {
    expect(isScrolledLine(held, LINE)).toBe(false);
  });
});
