import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClampFilter, type FilteredSlice } from "../../src/terminal/clamp.ts";
import { Emulator } from "../../src/terminal/emulator.ts";
import { isZeroWidth } from "../../src/terminal/zero-width.ts";
import { cut, randomBytes } from "./streams.ts";

const SIZE = { cols: 80, rows: 24 };

function filter(): ClampFilter {
  return new ClampFilter(() => SIZE);
}

/** Everything a fresh filter lets through of `input`, as one string of bytes. */
function passed(input: string | Uint8Array): string {
  return Buffer.from(push(input).bytes).toString("utf8");
}

function push(input: string | Uint8Array): FilteredSlice {
  return filter().push(Buffer.from(input));
}

describe("the clamping filter", () => {
  it("hands plain and coloured text through without copying", () => {
    const bytes = Buffer.from(
      "text\r\n\ttab \x1b[1;38;5;200mcolour\x1b[m \b日本語\x07\x1b[12;40H\x1b[2K\x1b(0lq\x1b(B",
    );
    expect(filter().push(bytes).bytes).toBe(bytes);
  });

  it.each([
    ["\x1b[2147483647S", "\x1b[80S"],
    ["\x1b[99999999999999999999T", "\x1b[80T"],
    ["\x1b[9999;9999H", "\x1b[80;80H"],
    ["\x1b[;500H", "\x1b[;80H"],
    ["\x1b[24S", "\x1b[24S"],
    ["\x1b[2147483647b", "\x1b[80b"],
    ["\x1b[?2004h", "\x1b[?2004h"],
    ["\x1b[38;2;255;255;255m", "\x1b[38;2;255;255;255m"],
    ["\x1b[38:2::255:100:0m", "\x1b[38:2::255:100:0m"],
    ["\x1b[500\r@", "\r\x1b[80@"],
    ["\x1b[500 @", "\x1b[80 @"],
    [`\x1b[${"1;".repeat(40)}1m`, `\x1b[${"1;".repeat(31)}1m`],
    [`\x1b[${"1;".repeat(40)}1H`, `\x1b[${"1;".repeat(31)}1H`],
  ])("clamps the numbers of %j to the screen", (input, output) => {
    expect(passed(`a${input}b`)).toBe(`a${output}b`);
  });

  it("drops a sequence that is malformed, aborted or longer than any sensible one", () => {
    expect(passed("a\x1b[1<2mb")).toBe("ab");
    expect(passed("a\x1b[1 2mb")).toBe("ab");
    expect(passed("a\x1b[12\x18b")).toBe("ab");
    expect(passed("a\x1b[12\x1b[1mb")).toBe("a\x1b[1mb");
    expect(passed("a\x1b[1é")).toBe("aé");
    expect(passed(`a\x1b[${"1;".repeat(100_000)}mb`)).toBe("ab");
    expect(passed("a\x1b\x1b7b")).toBe("a\x1b7b");
    expect(passed("a\x1b\nb")).toBe("a\nb");
  });

  it("drops links, clipboard, notifications and every other control string, and keeps the text between", () => {
    for (const body of [
      "]8;;http://x/",
      "]52;c;aGVsbG8=",
      "]52;c;?",
      "]9;hi",
      "]777;notify;a;b",
      "]1337;File=:AAAA",
      "]4;1;?",
      "]7;file:///",
      "]133;A",
    ])
      expect(passed(`a\x1b${body}\x07b\x1b${body}\x1b\\c`)).toBe("abc");
    for (const opener of ["P$qm", "_G", "^pm", "Xsos", "P+q544e"])
      expect(passed(`a\x1b${opener}payload\x07\x1b\\b`)).toBe("ab");
    expect(passed("a\x1b]8;;u\u009cb")).toBe("ab");
    expect(passed("a\x1bPdcs\x1b[1mb")).toBe("a\x1b[1mb");
    expect(passed("a\x1b\\b")).toBe("ab");
  });

  it("passes colour queries on, and only those", () => {
    expect(passed("\x1b]10;?\x1b\\\x1b]11;?\x07")).toBe("\x1b]10;?\x07\x1b]11;?\x07");
    expect(passed("\x1b]10;?;?;?;?\x07\x1b]11;#000\x07\x1b]110\x07\x1b]12;?\x07")).toBe("");
  });

  it("reports titles beside the bytes, at most 256 bytes of them", () => {
    expect(push("\x1b]0;one\x07x\x1b]2;two\x1b\\")).toMatchObject({ title: "two" });
    expect(push("\x1b]1;icon\x07").title).toBeUndefined();
    expect(push(`\x1b]2;${"é".repeat(1000)}\x07`).title).toBe("é".repeat(128));
  });

  it("discards a control string beyond 4 KiB up to its end, holding little", () => {
    const sink = filter();
    let out = 0;
    out += sink.push(Buffer.from("a\x1b]0;")).bytes.length;
    for (let i = 0; i < 1000; i++) out += sink.push(Buffer.alloc(40_000, 0x41)).bytes.length;
    expect(out).toBe(1);
    expect(Buffer.from(sink.push(Buffer.from("AAA\x07after")).bytes).toString()).toBe("after");
  });

  it("lets eight marks stand on a character and no more, whatever it drops between them", () => {
    const mark = "\u0301";
    expect(passed(`e${mark.repeat(5_000)}x`)).toBe(`e${mark.repeat(8)}x`);
    expect(passed(`e${`${mark}\x7f\x1b]8;;\x07\x1b\\`.repeat(100)}`)).toBe(`e${mark.repeat(8)}`);
    expect(passed(`e${mark.repeat(8)}e${mark.repeat(8)}`)).toBe(`e${mark.repeat(8)}e${mark.repeat(8)}`);
    expect(passed("👩‍💻 ❤️ नमस्ते")).toBe("👩‍💻 ❤️ नमस्ते");
  });

  it("knows every zero-width character the emulator knows", async () => {
    const emulator = (await Emulator.load())({ cols: 80, rows: 24, scrollback: 0 });
    const missed: string[] = [];
    for (let code = 0x300; code < 0xe01f0; code++) {
      if (code === 0x3400) code = 0x9ffd;
      if (code === 0xac00) code = 0xd7b0;
      if (code === 0xd800) code = 0xe000;
      if (code === 0x20000) code = 0xe0000;
      emulator.parse(Buffer.from(`\r\x1b[2Ka${String.fromCodePoint(code)}`));
      const joined = emulator.terminal.buffer.active.cursorX === 1;
      if (joined && code !== 0xfeff && !isZeroWidth(code)) missed.push(code.toString(16));
    }
    emulator.dispose();
    expect(missed).toEqual([]);
  });

  it("replaces invalid UTF-8 as a decoder does, drops C1 controls, and never splits a character", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Uint8Array.from([...bytes.map((byte) => (byte < 0x80 ? 0x61 : byte)), 0x61]);
        // biome-ignore lint/complexity/useRegexLiterals: a literal would hold C1 characters
        const expected = decoder.decode(text).replace(new RegExp("[\\u0080-\\u009f]", "g"), "");
        fc.pre(![...expected].some((char) => isZeroWidth(char.codePointAt(0) ?? 0)));
        expect(passed(text)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    const sink = filter();
    expect(sink.push(Buffer.from([0x61, 0xe2, 0x80])).bytes.length).toBe(1);
    expect(Buffer.from(sink.push(Buffer.from([0x90])).bytes).toString()).toBe("\u2010");
  });

  it("says of a slice how many lines it feeds and whether it could scroll away whole", () => {
    expect(push("a\r\nb\nc\x0b\x0c")).toMatchObject({
      newlines: 4,
      returns: true,
      newlinesAfterReturn: 4,
      scrollOnly: true,
    });
    expect(push("a\nb\nc\r\nd")).toMatchObject({ newlines: 3, returns: true, newlinesAfterReturn: 1 });
    expect(push("a\n")).toMatchObject({ newlines: 1, returns: false, newlinesAfterReturn: 0 });
    expect(push("\x1b[1m\x1b[K\x1b[3C\x1b[5G\x1b]0;t\x07\x1b]8;;u\x07\b\t\x07\x1b[2P").scrollOnly).toBe(true);
    for (const addressed of [
      "\x1b[A",
      "\x1b[H",
      "\x1b[2J",
      "\x1b[r",
      "\x1b[?25l",
      "\x1b7",
      "\x1bM",
      "\x1b(0",
      "\x0e",
      "\x1b[6n",
      "\x1b[?K",
      "\x1b[4h",
      "\x1b[2b",
      "\x1b[1\nm",
      "\x1b]10;?\x07",
    ])
      expect(push(`text${addressed}`).scrollOnly, JSON.stringify(addressed)).toBe(false);
  });

  it("forgets an unfinished sequence on reset", () => {
    const sink = filter();
    sink.push(Buffer.from("a\x1b]0;never ended"));
    sink.reset();
    expect(Buffer.from(sink.push(Buffer.from("b")).bytes).toString()).toBe("b");
  });

  describe("however its input is split", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "text",
        "\r\n",
        "日本語",
        "é",
        "\u0301\u0301\u0301\u0301\u0301",
        "\x1b",
        "\x1b[",
        "\x1b]",
        "\x1bP",
        "\x1b\\",
        "\x07",
      ),
      fc.constantFrom(
        "\x1b[1;31m",
        "\x1b[99999S",
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b[2J",
        "\x1b[6n",
        "\x1b]0;title\x07",
        "\x1bc",
        "\x18",
      ),
      fc.constantFrom(
        "\x1b]8;;http://x\x1b\\",
        "\x1b]11;?\x1b\\",
        "\x1bP$q",
        "\u009b",
        "\u009c",
        "\x7f",
        "\x1b[1;",
        "\x1b(",
        "9999",
        ";",
        "H",
      ),
      fc.constantFrom("\xff", "\xe2", "\x82", "\xf0\x9f").map((latin) => Buffer.from(latin, "latin1")),
      fc.constantFrom("A", "1;").map((unit) => unit.repeat(3000)),
    );
    const stream = fc
      .array(piece, { maxLength: 30 })
      .map((pieces) =>
        Buffer.concat(pieces.map((part) => (typeof part === "string" ? Buffer.from(part) : part))),
      );

    it("lets the same bytes and titles through", () => {
      fc.assert(
        fc.property(stream, fc.array(fc.nat(20_000), { maxLength: 12 }), (bytes, places) => {
          const whole = filter();
          const split = filter();
          const slices = cut(bytes, places).map((part) => split.push(part));
          const expected = whole.push(bytes);
          expect(Buffer.concat(slices.map((slice) => slice.bytes)).equals(Buffer.from(expected.bytes))).toBe(
            true,
          );
          expect(slices.reduce((sum, slice) => sum + slice.newlines, 0)).toBe(expected.newlines);
          expect(slices.findLast((slice) => slice.title !== undefined)?.title).toBe(expected.title);
          expect(slices.some((slice) => slice.limited)).toBe(expected.limited);
          expect(split.alternate).toBe(whole.alternate);
        }),
        { numRuns: 500 },
      );
    });

    it("gives byte by byte what it gives at once, on noise too", () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const bytes = Buffer.from(randomBytes(6_000, seed).map((byte) => (byte % 9 === 0 ? 0x1b : byte)));
        const split = filter();
        const slices = [...bytes].map((byte) => split.push(Uint8Array.of(byte)).bytes);
        expect(Buffer.concat(slices).equals(Buffer.from(filter().push(bytes).bytes))).toBe(true);
      }
    });

    it("never lets through more than three bytes for one", () => {
      fc.assert(
        fc.property(stream, (bytes) => {
          expect(filter().push(bytes).bytes.length).toBeLessThanOrEqual(bytes.length * 3);
        }),
      );
    });
  });
});
