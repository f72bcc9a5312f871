import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mark, MarkScanner, type Token } from "../../src/terminal/scanner.ts";

const NONCE = "0123456789ab";
const PREFIX = `\u001b]7717;${NONCE}L`;
/** Same streams in every run. */
const SEED = 7717;

function encode(mark: Mark): Buffer {
  const fields = mark.fields === "" ? "" : `;${mark.fields}`;
  return Buffer.from(`${PREFIX}${mark.level};${mark.kind}${fields}\u0007`);
}

/** What came out, adjoining bytes joined, and what was still held back at the end. */
function scan(chunks: Iterable<Buffer>): (Buffer | Mark)[] {
  const scanner = new MarkScanner(NONCE);
  const out: (Buffer | Mark)[] = [];
  const take = (token: Token) => {
    const last = out.at(-1);
    if (token.type === "mark") out.push(token.mark);
    else if (last instanceof Buffer) out[out.length - 1] = Buffer.concat([last, token.bytes]);
    else out.push(Buffer.from(token.bytes));
  };
  for (const chunk of chunks) for (const token of scanner.push(chunk)) take(token);
  const rest = scanner.flush();
  if (rest.length > 0) take({ type: "bytes", bytes: rest });
  return out;
}

const marksIn = (out: readonly (Buffer | Mark)[]): Mark[] =>
  out.filter((item): item is Mark => "kind" in item);
const whole = (out: readonly (Buffer | Mark)[]): Buffer =>
  Buffer.concat(out.map((item) => ("kind" in item ? encode(item) : item)));

function split(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return ends.map((end, index) => stream.subarray(index === 0 ? 0 : ends[index - 1], end));
}

/** What may stand before a mark and hide it from an emulator, or look like one. */
const OPENINGS: Readonly<Record<string, Buffer>> = {
  "an unterminated OSC": Buffer.from("\u001b]0;title without end"),
  "an unterminated CSI": Buffer.from("\u001b[38;5"),
  "an unterminated DCS": Buffer.from("\u001bP$q"),
  "an unterminated APC": Buffer.from("\u001b_G"),
  "a lone escape": Buffer.from("\u001b"),
  "an unfinished UTF-8 character": Buffer.from([0xf0, 0x9f, 0x9a]),
  "an 8-bit OSC": Buffer.from([0x9d]),
  "the beginning of a mark": Buffer.from(PREFIX.slice(0, 12)),
  "a foreign mark without end": Buffer.from("\u001b]7717;ba9876543210L1;D;1;0;/home"),
  "a bell": Buffer.from("\u0007"),
};

const END: Mark = { level: 1, kind: "D", fields: "7;0;/home/user" };

describe("a mark is found", () => {
  for (const [name, opening] of Object.entries(OPENINGS)) {
    it(`behind ${name}, at every split of the stream`, () => {
      const stream = Buffer.concat([Buffer.from("before "), opening, encode(END), Buffer.from(" after")]);
      for (let cut = 0; cut <= stream.length; cut++) {
        const out = scan([stream.subarray(0, cut), stream.subarray(cut)]);
        expect(out).toEqual([Buffer.concat([Buffer.from("before "), opening]), END, Buffer.from(" after")]);
      }
    });
  }

  it("byte by byte, several in a row", () => {
    const marks: Mark[] = [
      { level: 1, kind: "C", fields: "12" },
      { level: 2, kind: "D", fields: "12;130;/" },
      { level: 12, kind: "P", fields: "12;0;/tmp/žluťoučký 日本" },
      { level: 1, kind: "R", fields: "" },
    ];
    const stream = Buffer.concat(marks.map(encode));
    expect(scan(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(marks);
  });

  it("with semicolons and line feeds in its last field", () => {
    const mark: Mark = { level: 1, kind: "D", fields: "1;0;/a;b\nc" };
    expect(scan([encode(mark)])).toEqual([mark]);
  });

  it("behind a mark of ours that was cut off, which stays bytes", () => {
    const cutOff = encode({ level: 1, kind: "D", fields: "3;0;/home" }).subarray(0, -4);
    const stream = Buffer.concat([cutOff, encode(END), Buffer.from("x")]);
    for (let cut = 0; cut <= stream.length; cut++)
      expect(scan([stream.subarray(0, cut), stream.subarray(cut)])).toEqual([cutOff, END, Buffer.from("x")]);
  });
});

describe("bytes that are no mark of ours", () => {
  it.each([
    ["a foreign nonce", "\u001b]7717;ffffffffffffL1;D;1;0;/\u0007"],
    ["a nonce in the other case", `\u001b]7717;${NONCE.toUpperCase()}L1;D;1;0;/\u0007`],
    ["no level", `${PREFIX};D;1\u0007`],
    ["a level beyond any nesting", `${PREFIX}1234;D;1\u0007`],
    ["a kind in lower case", `${PREFIX}1;d;1\u0007`],
    ["a kind of two letters", `${PREFIX}1;DD;1\u0007`],
    ["another number", "\u001b]7718;0123456789abL1;D;1\u0007"],
  ])("pass unchanged: %s", (_, text) => {
    const bytes = Buffer.from(`before${text}after`);
    expect(scan([bytes])).toEqual([bytes]);
  });

  it("pass when a mark is longer than any path, and the mark behind them is found", () => {
    const endless = Buffer.from(`${PREFIX}1;D;1;0;/${"x".repeat(9000)}\u0007`);
    const stream = Buffer.concat([endless, encode(END)]);
    for (const size of [1, 100, 8191, 8192, 8193, stream.length]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      expect(scan(chunks)).toEqual([endless, END]);
    }
  });

  it("are not held back longer than a mark can be", () => {
    const scanner = new MarkScanner(NONCE);
    scanner.push(Buffer.from(`${PREFIX}1;D;1;0;/`));
    let seen = 0;
    for (let sent = 0; sent < 20; sent++)
      for (const token of scanner.push(Buffer.alloc(1000, 0x78)))
        if (token.type === "bytes") seen += token.bytes.length;
    expect(seen).toBe(20_000 + PREFIX.length + "1;D;1;0;/".length);
  });

  it("come out at once when they cannot become a mark, and at the end when they could", () => {
    const scanner = new MarkScanner(NONCE);
    expect(scanner.push(Buffer.from("text\u001b]77"))).toEqual([
      { type: "bytes", bytes: Buffer.from("text") },
    ]);
    expect(scanner.push(Buffer.from("18"))).toEqual([{ type: "bytes", bytes: Buffer.from("\u001b]7718") }]);
    scanner.push(Buffer.from("\u001b]7717;01"));
    expect(scanner.flush().toString()).toBe("\u001b]7717;01");
    expect(scanner.flush().length).toBe(0);
  });

  it("do not change when the caller uses its buffer again", () => {
    const scanner = new MarkScanner(NONCE);
    const chunk = Buffer.from(`${PREFIX}1;D;5;0;/`);
    scanner.push(chunk);
    chunk.fill(0);
    expect(scanner.push(Buffer.from("tmp\u0007"))).toEqual([
      { type: "mark", mark: { level: 1, kind: "D", fields: "5;0;/tmp" } },
    ]);
  });
});

describe("over thousands of random streams and splits", () => {
  const mark = fc.record({
    level: fc.integer({ min: 0, max: 999 }),
    kind: fc.constantFrom("I", "R", "K", "C", "D", "P"),
    fields: fc.stringMatching(/^[0-9;/a-zé日🚀 ]{0,40}$/u),
  });
  // No noise ends in the whole prefix, so that every mark put in is one that must come out.
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...Object.values(OPENINGS)),
    fc.integer({ min: 0, max: PREFIX.length - 2 }).map((length) => Buffer.from(PREFIX.slice(0, length))),
    fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => Buffer.from(text)),
  );
  const stream = fc.array(fc.oneof({ weight: 2, arbitrary: noise }, { weight: 1, arbitrary: mark }), {
    maxLength: 12,
  });
  const cuts = fc.array(fc.nat({ max: 5000 }), { maxLength: 20 });

  it("every mark comes out in its place, and no byte is lost or comes twice", () => {
    fc.assert(
      fc.property(stream, cuts, (parts, at) => {
        const bytes = Buffer.concat(parts.map((part) => ("kind" in part ? encode(part) : part)));
        const out = scan(split(bytes, at));
        expect(marksIn(out)).toEqual(parts.filter((part) => "kind" in part));
        expect(whole(out).equals(bytes)).toBe(true);
      }),
      { seed: SEED, numRuns: 4000 },
    );
  });

  it("how the stream is cut makes no difference", () => {
    fc.assert(
      fc.property(stream, cuts, cuts, (parts, one, other) => {
        // Prefixes and bells at random places: whatever is made of them, it must be the same.
        const bytes = Buffer.concat(
          parts.flatMap((part) =>
            "kind" in part ? [encode(part), Buffer.from("\u0007")] : [part, Buffer.from(`${PREFIX}1;D`)],
          ),
        );
        expect(scan(split(bytes, one))).toEqual(scan(split(bytes, other)));
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
