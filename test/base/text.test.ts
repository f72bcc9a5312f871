import { describe, expect, it } from "vitest";
import { visible } from "../../src/base/text.ts";

describe("a joiner of width zero", () => {
  it.each(["a\u200db", "\u200d", "rm\u200d -rf", "x\u200d\u{1f600}", "\u{1f600}\u200dx", "\u200d\u200d"])(
    "is made visible where it joins nothing: %j",
    (text) => expect(visible(text)).toContain("<U+200D>"),
  );

  it.each([
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
    "\u2764\ufe0f\u200d\u{1f525}",
    "\u{1f44d}\u{1f3fd}",
    "\u0915\u094d\u200d\u0937",
  ])("stays in an emoji and behind a virama: %j", (text) => expect(visible(text)).toBe(text));
});
