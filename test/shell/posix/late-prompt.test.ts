import { describe, expect, it } from "vitest";
import { behindMark } from "../../../src/shell/posix/late-prompt.ts";

const LINE = ` __m -a 12 "$?";\\eval $'__m -b 12\\046\\046:\\012echo lantern\\012__m -e 12 04085d67'`;
const OLD = "~ [6]$ ";

/** What was held behind the mark of a prompt that follows `OLD`. */
function told(held: string) {
  const { prompt, rows } = behindMark(Buffer.from(held), { prompt: OLD, line: LINE, cols: 200 });
  return { prompt: prompt.toString(), rows: rows.map(String) };
}

const fish = `\u001b[K\r\u001b[22C \r\u001b[23C__m \r\u001b[27C${LINE.slice(5)}`;
const ksh = LINE.replaceAll("_", " \b_");

describe("a prompt that comes behind its mark, when a line has been typed", () => {
  it.each([
    ["the one before", OLD, ""],
    ["another one", "> ", ""],
    ["one that counts", "~ [7]$ ", /7/],
    ["one that shows a status", "130|~ [6]$ ", /130/],
    ["one in colours", "\u001b[31m[123]\u001b[m> ", /123/],
  ])("is no row of others: %s", (_, prompt, shown) => {
    for (const line of [LINE, ksh, fish, `\r\u001b[22C${LINE}`])
      for (const before of ["", LINE]) {
        const { rows, prompt: text } = told(`${before}${prompt}${line}\r\n`);
        expect(rows).toEqual([]);
        if (shown !== "") expect(text).toMatch(shown);
      }
  });

  it("is the prompt's where it comes behind the line, which the terminal itself has shown", () => {
    expect(told(`${LINE}\r\n[1] $ `)).toMatchObject({ prompt: expect.stringContaining("[1]"), rows: [] });
  });

  it("is told with what others print meanwhile: it may be theirs", () => {
    expect(told(`tick 1\r\n~ [7]$ ${LINE}\r\n`).rows.join("")).toMatch(/tick 1\r\n.*7/s);
    expect(told(`${OLD}${LINE}\r\ntick 2\r\n`).rows).toEqual(["tick 2\r\n"]);
  });
});
