import { describe, expect, it } from "vitest";
import { asKeys } from "../../src/terminal/key-notation.ts";
import { encodeKeys, PLAIN_MODES, parseKeys } from "../../src/terminal/keys.ts";

const APPLICATION = { ...PLAIN_MODES, applicationCursorKeys: true };

describe("what was typed, in the notation of keys", () => {
  it.each([
    "<C-c>",
    "<C-z>",
    "<C-^>",
    "<Up><Up><Enter>",
    "ls -l<Enter>",
    "q<Esc>:wq<Enter>",
    "a<Tab>b<BSpace><Del>",
    "<F1><F12><PgUp><Home>",
    "<Esc>x<C-Space>",
    "if a < b then cat <file",
    "<lt>Up>",
  ])("reads as it was given: %s", (keys) => {
    for (const modes of [PLAIN_MODES, APPLICATION])
      expect(asKeys(encodeKeys(parseKeys(keys), modes).toString("utf8"))).toBe(keys);
  });

  it("types the same bytes when it is given again, whatever the bytes are", () => {
    for (let code = 0; code < 128; code++) {
      const typed = `x${String.fromCharCode(code)}y`;
      const again = encodeKeys(parseKeys(asKeys(typed)), PLAIN_MODES).toString("utf8");
      // A line feed is an Enter of another kind.
      expect(again, JSON.stringify(typed)).toBe(typed);
    }
  });

  it("leaves out the marks of a paste", () => {
    expect(asKeys("\u001b[200~a\rb\u001b[201~\r")).toBe("a<Enter>b<Enter>");
  });
});
