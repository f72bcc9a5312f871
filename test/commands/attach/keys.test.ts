import { describe, expect, it } from "vitest";
import { KeyReader } from "../../../src/commands/attach/keys.ts";

const BEGIN = "\u001b[200~";
const END = "\u001b[201~";

/** What came of these keys, one word each; a number is a pause in milliseconds. */
function told(...given: readonly (string | number)[]): string[] {
  const seen: string[] = [];
  let now = 0;
  const keys = new KeyReader(
    {
      typed: (bytes) => seen.push(`typed ${bytes}`),
      command: (key) => seen.push(`command ${key}`),
      pasted: (bytes) => seen.push(`pasted ${bytes}`),
      notPasted: (why) => seen.push(`not pasted: ${why}`),
    },
    () => now,
  );
  for (const one of given)
    if (typeof one === "number") now += one;
    else keys.push(Buffer.from(one));
  return seen;
}

describe("what is pasted into a terminal that is attached", () => {
  it("is one act, however it is cut on its way", () => {
    const all = `a${BEGIN}one\rtwo\r${END}b`;
    for (let at = 4; at < all.length; at++)
      expect(told(all.slice(0, at), all.slice(at)).join("|"), `cut at ${at}`).toMatch(
        /^typed a\|pasted \u001b\[200~one\rtwo\r\u001b\[201~\|typed b$/,
      );
  });

  it("takes no keyboard and detaches nobody by what is in it", () => {
    expect(told(`${BEGIN}x\u001ct\u001cd${END}`)).toEqual([`pasted ${BEGIN}x\u001ct\u001cd${END}`]);
    expect(told("\u001c", `${BEGIN}d${END}`)).toEqual([`pasted ${BEGIN}d${END}`]);
  });

  it("is refused whole where it is too long, and what comes behind it is typed again", () => {
    const part = "rm -r x\r".repeat(1_000);
    const parts = Array<string>(20).fill(part);
    const why = `${part.length * 20} bytes were pasted, and at most ${64 * 1024 - 12} are taken at once`;
    expect(told(BEGIN, ...parts, END, "ls")).toEqual([`not pasted: ${why}`, "typed ls"]);
    expect(told(BEGIN, ...parts, "\u001b[20", "1~ls")).toEqual([`not pasted: ${why}`, "typed ls"]);
  });

  it("keeps nobody from typing where its end never comes", () => {
    expect(told(`${BEGIN}half`, 6_000, "ls\r", "\u001c", "l", "ls\r")).toEqual([
      expect.stringMatching(/^not pasted: the end of what was pasted did not come; .*Ctrl-/),
      "command l",
      "typed ls\r",
    ]);
    expect(told(`${BEGIN}half`, 3_000, "\u001cd", 3_000, "\u001cd")).toEqual([
      expect.stringMatching(/^not pasted/),
      "command d",
    ]);
    expect(told(`${BEGIN}half`, 6_000, `rest${END}`)).toEqual([`pasted ${BEGIN}halfrest${END}`]);
  });
});

describe("a paste that stalls on its way", () => {
  it("is dropped to its end, and nothing in the rest of it is a key", () => {
    const rest = "rm -rf x\r\u001cd more\r".repeat(2);
    expect(told(`${BEGIN}line one\r`, 6_000, rest, rest, `end${END}`, "ls")).toEqual([
      expect.stringMatching(/^not pasted/),
      "typed ls",
    ]);
    expect(told(`${BEGIN}one`, 6_000, "x", "\u001cl", `rest${END}ls`)).toEqual([
      expect.stringMatching(/^not pasted/),
      "command l",
      "typed restls",
    ]);
  });
});

describe("a key behind Ctrl-\\", () => {
  it("is ours, and what is around it the session's", () => {
    expect(told("ab\u001cTcd")).toEqual(["typed ab", "command t", "typed cd"]);
    expect(told("\u001c", "\u001c")).toEqual(["typed \u001c"]);
  });

  it("is not looked for in the keys of the terminal", () => {
    expect(told("\u001b", "\u001b[20~", "\u001b[A")).toEqual([
      "typed \u001b",
      "typed \u001b[20~",
      "typed \u001b[A",
    ]);
  });
});
