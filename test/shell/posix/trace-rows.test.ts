import { describe, expect, it } from "vitest";
import { TraceRows } from "../../../src/shell/posix/trace-rows.ts";

const KEY = "0a1b2c3d";
const END = `__m -e 7 ${KEY}`;

/** What is shown of these chunks, and of what was held when the end mark came or did not. */
function shown(chunks: readonly string[], ended = true): string {
  const rows = new TraceRows(7, KEY, undefined);
  const shownOf = chunks.map((chunk) => rows.push(Buffer.from(chunk)).toString());
  return shownOf.join("") + rows.flush(ended).toString();
}

describe("the trace of our own function behind a command", () => {
  it("is taken out of the output, in one piece or in many", () => {
    const all = `+ echo amber\r\namber\r\n+ ${END}\r\n+ __mi=2\r\n+ case 0 in\r\n+ printf x\r\n`;
    expect(shown([all])).toBe("+ echo amber\r\namber\r\n");
    expect(
      shown([all.slice(0, 30), all.slice(30, 45), all.slice(45)]).replaceAll(/\u0008+\u001b\[K/g, ""),
    ).toMatch(/^\+ echo amber\r\namber\r\n(?:\+ )?$/);
  });

  it("is taken out between the rows of a trap that it sets off, which stay", () => {
    const trap = "+ echo dbg-iris\r\ndbg-iris\r\n";
    expect(shown([`amber\r\n+ ${END}\r\n${trap}+ __mi=2\r\n${trap}+ [ -t 1 ]\r\n${trap}`])).toBe(
      "amber\r\ndbg-iris\r\ndbg-iris\r\ndbg-iris\r\n",
    );
  });

  it("takes no row of a background job with it, whatever words that holds", () => {
    expect(shown([`+ ${END}\r\n+ __mi=2\r\ntest 5 of the set\r\n+ printf x\r\n`])).toBe(
      "test 5 of the set\r\n",
    );
  });

  it("takes no output with a title that a trap makes of our line, in one piece or in many", () => {
    const all = `abc\u001b]0;${END} "x"\u0007\u001b]0;__mi=2\u0007`;
    for (let at = 0; at < all.length; at++) expect(shown([all.slice(0, at), all.slice(at)])).toBe(all);
    expect(shown([`abc\u001b]0;t\u0007\r\n+ ${END}\r\n`])).toBe("abc\u001b]0;t\u0007\r\n");
  });

  it("is shown where the end mark did not come, and where it is a text that only reads so", () => {
    expect(shown([`+ ${END}\r\n+ __mi=2\r\n`], false)).toBe(`+ ${END}\r\n+ __mi=2\r\n`);
    expect(shown([`  12  x ${END}\r\nkettle\r\n`])).toContain("kettle\r\n");
  });
});
