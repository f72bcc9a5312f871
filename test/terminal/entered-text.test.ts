import { describe, expect, it } from "vitest";
import { entersText } from "../../src/terminal/entered-text.ts";
import { encodeKeys, encodeText, PLAIN_MODES, parseKeys } from "../../src/terminal/keys.ts";

const keys = (text: string) => entersText(encodeKeys(parseKeys(text), PLAIN_MODES));

describe("keys typed on an empty line", () => {
  it.each([
    "hunter2<Enter>",
    "y<C-m>",
    "y<C-j>",
    "yes<C-o>",
    "<Enter>yes<Enter>",
    "<C-u>yes<Enter>",
    "<C-c>yes<Enter>",
    "yex<BSpace>s<Enter>",
    "yes<Left><Home><End><Enter>",
    "ja ü<Enter>",
    "y<Enter><Up>",
    "<Up><Enter>hunter2<Enter>",
    "<Up><Enter><Up><Enter>y<Enter>",
    "ls /et<Tab><Enter>yes<Enter>",
    "<C-r>make<Enter>yes<C-j>",
    "<Esc>k<Enter>yes<Enter><Up><Enter>",
    "<Up><C-u>yes<Enter>",
    "<C-p><C-c>yes<Enter>",
    "<C-d>yes<Enter>",
    "<C-q>yes<Enter>",
    "<C-z>yes<Enter>",
  ])("enter a text: %s", (typed) => expect(keys(typed)).toBe(true));

  it.each([
    "<Enter>",
    "<Enter><Enter>",
    "<Space><Enter>",
    "<Up><Enter>",
    "<C-p><Enter>",
    "<C-r>make<Enter>",
    "ls /et<Tab><Enter>",
    "cd <M-.><Enter>",
    "<Esc>k<Enter>",
    "hunter2",
    "<C-c>",
    "<C-d>",
    "<Up><Enter>y",
    "<Up><Enter><Up><Enter>",
    "<C-u><Up><Enter>",
    "yes<C-c><Up><Enter>",
    "<Up><Enter><Space><Enter>",
  ])("enter no text of their own: %s", (typed) => expect(keys(typed)).toBe(false));

  it("enter a paste with its Enter, and not one that stays on the line", () => {
    const modes = { ...PLAIN_MODES, bracketedPaste: true };
    expect(entersText(encodeText("one\ntwo", modes, { enter: true }))).toBe(true);
    expect(entersText(encodeText("one\ntwo", modes))).toBe(false);
    expect(entersText(encodeText("one\ntwo", PLAIN_MODES))).toBe(true);
    expect(entersText(encodeText("\none\n", PLAIN_MODES))).toBe(true);
    expect(entersText(encodeText("co\t\none\n", PLAIN_MODES))).toBe(true);
  });
});
