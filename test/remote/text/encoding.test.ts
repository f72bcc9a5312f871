import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, encodeText, encodingName } from "../../../src/remote/text/encoding.ts";

const read = (...bytes: number[]) => decodeText(Buffer.from(bytes));

describe("what the bytes of a file stand for", () => {
  test.each([
    ["plain ASCII", Buffer.from("a\nb"), "UTF-8", "a\nb"],
    ["UTF-8", Buffer.from("größe €\n"), "UTF-8", "größe €\n"],
    ["UTF-8 with a byte order mark", Buffer.from("\ufeffa"), "UTF-8 with BOM", "a"],
    ["a second mark is text", Buffer.from("\ufeff\ufeffa"), "UTF-8 with BOM", "\ufeffa"],
    ["nothing at all", Buffer.alloc(0), "UTF-8", ""],
    ["UTF-16, the low byte first", Buffer.from("\ufeffaé\r\n", "utf16le"), "UTF-16LE with BOM", "aé\r\n"],
    ["UTF-16, the high byte first", Buffer.from("\ufeffaé", "utf16le").swap16(), "UTF-16BE with BOM", "aé"],
    ["Latin-1", Buffer.from("gr\u00f6\u00dfe", "latin1"), "8-bit, read as Latin-1", "größe"],
    ["a terminal's colours", Buffer.from("\u001b[31mred\u001b[0m"), "UTF-8", "\u001b[31mred\u001b[0m"],
  ])("%s", (_, bytes, name, text) => {
    const content = decodeText(bytes);
    if (content.is === "binary") throw new Error(content.why);
    expect(content.text).toBe(text);
    expect(encodingName(content.encoding)).toBe(name);
  });

  test.each([
    ["NUL bytes", read(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1), /NUL/],
    ["UTF-16 without a mark", decodeText(Buffer.from("host = a\nport = 1\n", "utf16le")), /UTF-16LE without/],
    [
      "the other UTF-16 without a mark",
      decodeText(Buffer.from("host = a\nport", "utf16le").swap16()),
      /UTF-16BE without/,
    ],
    ["UTF-32", read(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /UTF-32/],
    ["half a character at the end", read(0xff, 0xfe, 0x61), /half a character/],
    ["compressed data without a NUL", read(0x1f, 0x8b, 8, 1, 2, 3, 4, 0xc3, 0x28), /neither/],
  ])("%s is binary", (_, content, why) => {
    expect(content).toEqual({ is: "binary", why: expect.stringMatching(why) });
  });

  test("whatever is read as text is written as the very same bytes", () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.array(fc.nat(0xd7ff), { maxLength: 20 }).map((units) => Buffer.from(String.fromCharCode(...units))),
      fc
        .array(fc.nat(0xffff), { maxLength: 20 })
        .map((units) => Buffer.from(`\ufeff${String.fromCharCode(...units)}`, "utf16le")),
    );
    let texts = 0;
    fc.assert(
      fc.property(some, (bytes) => {
        const content = decodeText(bytes);
        if (content.is === "binary") return;
        texts++;
        expect(encodeText(content.text, content.encoding).equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(texts).toBeGreaterThan(50);
  });

  test("a character that an 8-bit file has no byte for is refused, never written as a question mark", () => {
    expect(() => encodeText("5 €", { name: "8-bit", bom: false })).toThrow(/none for "€"/);
  });
});
