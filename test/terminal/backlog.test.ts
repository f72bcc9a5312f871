import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backlog, FLOOD_BYTES } from "../../src/terminal/backlog.ts";
import { ClampFilter } from "../../src/terminal/clamp.ts";
import { Emulator } from "../../src/terminal/emulator.ts";
import { cut } from "./streams.ts";

const SIZE = { cols: 12, rows: 4, scrollback: 3 };
const FEEDS = 2 * SIZE.rows + SIZE.scrollback;

/** All rows, those above the screen included, and where the cursor is. */
function picture(emulator: Emulator): unknown {
  const buffer = emulator.terminal.buffer.active;
  const rows = Array.from({ length: buffer.length }, (_, y) => {
    const line = buffer.getLine(y);
    return [line?.translateToString(true).trimEnd(), line?.isWrapped];
  });
  return { rows, cursor: [buffer.cursorX, buffer.cursorY] };
}

describe("a flood's backlog", () => {
  it("skips only what leaves rows, scrollback and cursor as if all had been drawn", async () => {
    const make = await Emulator.load();
    const flowing = fc.constantFrom(
      "word",
      "a long piece of text",
      "日本",
      "\r\n",
      "\r\n",
      "\r\n",
      "\n",
      "\r",
      "\b",
      "\t",
      "\x1b[1;31m",
      "\x1b[K",
      "\x1b[5G",
      "\x1b[2C",
      "\x1b[3P",
      "\x1b[2@",
      "\x1b]0;t\x07",
      "e\u0301",
      "\x0c",
    );
    const addressing = fc.constantFrom(
      "\x1b[H",
      "\x1b[2A",
      "\x1b[2J",
      "\x1b[2;3r",
      "\x1b[r",
      "\x1bM",
      "\x1b[?7l",
      "\x1b[?7h",
      "\x1b[4h",
      "\x1b[4l",
      "\x1b(0",
      "\x1b(B",
      "\x1b7",
      "\x1b8",
      "\x1b[2b",
    );
    const stream = fc.array(
      fc.oneof({ weight: 200, arbitrary: flowing }, { weight: 1, arbitrary: addressing }),
      { minLength: 20, maxLength: 160 },
    );
    let skippedOnce = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(flowing, addressing), { maxLength: 12 }),
        stream,
        fc.array(fc.nat(600), { minLength: 5, maxLength: 40 }),
        (before, tokens, places) => {
          const bytes = Buffer.from(tokens.join(""));
          const filter = new ClampFilter(() => SIZE);
          const full = make(SIZE);
          const skipping = make(SIZE);
          const first = filter.push(Buffer.from(before.join(""))).bytes;
          full.parse(first);
          skipping.parse(first);
          const backlog = new Backlog();
          for (const part of cut(bytes, places)) {
            const slice = filter.push(part);
            full.parse(slice.bytes);
            backlog.push(slice);
          }
          if (!skipping.hasMargins) skippedOnce += backlog.skip(FEEDS).bytes > 0 ? 1 : 0;
          for (let item = backlog.shift(); item !== undefined; item = backlog.shift())
            if (typeof item !== "function") skipping.parse(item.bytes);
          const same = [picture(skipping), picture(full)];
          full.dispose();
          skipping.dispose();
          expect(same[0]).toEqual(same[1]);
        },
      ),
      { numRuns: 1000 },
    );
    expect(skippedOnce).toBeGreaterThan(50);
  });

  it("skips nothing across an action, an addressed screen, or without a carriage return", () => {
    const lines = (text: string) => new ClampFilter(() => SIZE).push(Buffer.from(text.repeat(20)));
    const withAction = new Backlog();
    withAction.push(lines("a\r\n"));
    withAction.push(() => {});
    withAction.push(lines("a\r\n"));
    expect(withAction.skip(FEEDS).bytes).toBe(0);
    const addressed = new Backlog();
    addressed.push(lines("a\r\n\x1b[H"));
    addressed.push(lines("a\r\n"));
    expect(addressed.skip(FEEDS).bytes).toBe(0);
    const staircase = new Backlog();
    for (let i = 0; i < 5; i++) staircase.push(lines("a\n"));
    expect(staircase.skip(FEEDS).bytes).toBe(0);
    const plain = new Backlog();
    for (let i = 0; i < 5; i++) plain.push(lines("a\r\n"));
    expect(plain.skip(FEEDS).bytes).toBe(4 * 60);
    expect(plain.bytes).toBe(60);
  });

  it("hands on the last title of what it skipped", () => {
    const backlog = new Backlog();
    for (const name of ["one", "two", "three"])
      backlog.push(new ClampFilter(() => SIZE).push(Buffer.from(`\x1b]0;${name}\x07${"a\r\n".repeat(20)}`)));
    expect(backlog.skip(FEEDS).title).toBe("two");
  });

  it("looks for something to skip only now and then", () => {
    const backlog = new Backlog();
    const slice = new ClampFilter(() => SIZE).push(Buffer.from("\x1b[H".repeat(10_000)));
    let looks = 0;
    for (let i = 0; i < 100; i++) {
      backlog.push(slice);
      if (backlog.flooded) {
        looks++;
        backlog.skip(FEEDS);
      }
    }
    expect(backlog.bytes).toBeGreaterThan(10 * FLOOD_BYTES);
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThanOrEqual((4 * backlog.bytes) / FLOOD_BYTES);
  });
});
