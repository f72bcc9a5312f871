import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLineFeeds, Transcript } from "../../src/terminal/transcript.ts";

const BUDGET = 256 * 1024;

function filled(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, i) => (i % 80 === 79 ? 10 : 33 + (i % 90))));
}

describe("transcript", () => {
  it("returns what was appended, by absolute cursor", () => {
    const transcript = new Transcript(BUDGET);
    transcript.append(Buffer.from("hello "));
    transcript.append(Buffer.from("world"));
    expect(transcript.end).toBe(11);
    const range = transcript.read(4, 9);
    expect(range.bytes.toString()).toBe("o wor");
    expect(range).toMatchObject({ from: 4, to: 9, prunedBytes: 0 });
  });

  it("copies, so that the caller may reuse its buffer", () => {
    const transcript = new Transcript(BUDGET);
    const bytes = Buffer.from("abc");
    transcript.append(bytes);
    bytes.fill(0);
    expect(transcript.read(0, 3).bytes.toString()).toBe("abc");
  });

  it("holds every byte up to its budget, and says what it pruned beyond", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 30 }), (sizes) => {
        const transcript = new Transcript(BUDGET);
        const all: Buffer[] = [];
        for (const [index, size] of sizes.entries()) {
          const chunk = Buffer.alloc(size, index + 1);
          all.push(chunk);
          transcript.append(chunk);
        }
        const whole = Buffer.concat(all);
        expect(transcript.end).toBe(whole.length);
        expect(transcript.heldBytes).toBeLessThanOrEqual(BUDGET + 64 * 1024);
        if (whole.length <= BUDGET - 64 * 1024) expect(transcript.start).toBe(0);
        const range = transcript.read(0, whole.length);
        expect(range.from).toBe(transcript.start);
        expect(range.prunedBytes).toBe(transcript.start);
        expect(range.bytes.equals(whole.subarray(transcript.start))).toBe(true);
        expect(Buffer.concat([...transcript.slices(0, whole.length)]).equals(range.bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("reads an empty range beyond either end without failing", () => {
    const transcript = new Transcript(BUDGET);
    for (let i = 0; i < 20; i++) transcript.append(filled(60_000));
    expect(transcript.read(0, 10)).toMatchObject({ prunedBytes: 10 });
    expect(transcript.read(0, 10).bytes.length).toBe(0);
    expect(transcript.read(transcript.end, transcript.end + 5).bytes.length).toBe(0);
    expect(transcript.read(5, 2).bytes.length).toBe(0);
  });

  it("costs a few kilobytes while idle", () => {
    const transcript = new Transcript(64 * 1024 * 1024);
    expect(transcript.heldBytes).toBe(0);
    transcript.append(Buffer.from("login banner"));
    expect(transcript.heldBytes).toBeLessThanOrEqual(4096);
  });

  it("counts a range's bytes and line feeds even when the range outgrew the budget, and keeps its head", () => {
    const transcript = new Transcript(BUDGET);
    transcript.append(filled(100_000));
    const mark = transcript.mark();
    const flood = filled(3_000_000);
    for (let at = 0; at < flood.length; at += 1777) transcript.append(flood.subarray(at, at + 1777));
    mark.close();
    transcript.append(filled(5000));
    expect(mark).toMatchObject({ from: 100_000, bytes: 3_000_000, to: 3_100_000, open: false });
    expect(mark.lineFeeds).toBe(countLineFeeds(flood));
    expect(transcript.start).toBeGreaterThan(mark.from);
    expect(mark.head().equals(flood.subarray(0, 16 * 1024))).toBe(true);
  });

  it("keeps the head whole wherever in a block the range began", () => {
    for (const before of [0, 1, 4095, 4096, 60_000, 65_535, 126_000, 300_001]) {
      const transcript = new Transcript(0);
      transcript.append(filled(before));
      const mark = transcript.mark();
      const flood = filled(500_000).reverse();
      transcript.append(flood);
      expect(mark.head().equals(flood.subarray(0, 16 * 1024))).toBe(true);
    }
  });

  it("says nothing of a head that was pruned after its range had ended", () => {
    const transcript = new Transcript(BUDGET);
    const mark = transcript.mark();
    transcript.append(Buffer.from("short\n"));
    mark.close();
    expect(mark.head().toString()).toBe("short\n");
    for (let i = 0; i < 20; i++) transcript.append(filled(60_000));
    expect(mark.head().length).toBe(0);
    expect(mark.lineFeeds).toBe(1);
  });

  it("counts line feeds of any range still held", () => {
    const transcript = new Transcript(BUDGET);
    transcript.append(Buffer.from("a\nb\n\nc"));
    expect(transcript.lineFeeds(0, 6)).toBe(3);
    expect(transcript.lineFeeds(2, 4)).toBe(1);
  });
});
