import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Emulator } from "../../src/terminal/emulator.ts";
import { createScreen, Screen, type ScreenOptions } from "../../src/terminal/screen.ts";
import { Turns } from "../../src/terminal/turns.ts";
import { drawn } from "./drawn.ts";
import { ManualClock } from "./manual-clock.ts";
import { cut, randomBytes } from "./streams.ts";

async function screenOf(options: Partial<ScreenOptions> = {}): Promise<Screen> {
  return createScreen({ cols: 40, rows: 6, ...options });
}

function write(screen: Screen, text: string): void {
  screen.write(Buffer.from(text));
}

/** Waits until nothing is left to draw. */
async function drained(screen: Screen): Promise<void> {
  if (screen.backlogBytes === 0) return;
  await new Promise<void>((resolve) => {
    const subscription = screen.onDrained(() => {
      subscription.dispose();
      resolve();
    });
  });
}

describe("the screen", () => {
  it("shows rows right-trimmed, without the empty ones at the end, the cursor, the title and the modes", async () => {
    const screen = await screenOf();
    write(screen, "\x1b]0;web1: ~\x07one  \r\n\r\n three\x1b[?2004h\x1b[?1h\x1b[?1000h");
    expect(screen.view()).toEqual({
      rows: ["one", "", " three"],
      cursor: { row: 2, col: 6 },
      cursorText: " three",
      size: { cols: 40, rows: 6 },
      alternate: false,
      modes: { applicationCursorKeys: true, bracketedPaste: true, mouse: true },
      title: "web1: ~",
      version: 1,
      stale: false,
    });
  });

  it("gives the text up to the cursor with its trailing blank, wrapped rows joined, and what stands behind left out", async () => {
    const screen = await screenOf();
    write(screen, "login: ");
    expect(screen.cursorRowText()).toBe("login: ");
    write(screen, `\r\n${"x".repeat(85)}$ tail\x1b[4D`);
    expect(screen.cursorRowText()).toBe(`${"x".repeat(85)}$ `);
    expect(screen.view().cursorText).toBe(screen.cursorRowText());
  });

  it("paints no character that turns the direction of a row: it would read as something else in a terminal that knows it", async () => {
    const screen = await screenOf();
    write(screen, "pay \u202etxt.exe\u202c \u2066x\u2069\u061c\u200f");
    expect(screen.painted().rows[0]).toBe("pay txt.exe x");
  });

  it("keeps the cursor on the last column while a wrap is pending", async () => {
    const screen = await screenOf();
    write(screen, "x".repeat(40));
    expect(screen.view()).toMatchObject({ cursor: { row: 0, col: 39 }, cursorText: "x".repeat(40) });
  });

  it("makes disguising characters visible in rows, cursor text and title", async () => {
    const screen = await screenOf();
    write(screen, "\x1b]2;a\u202eb\x07x\u200by");
    expect(screen.view()).toMatchObject({
      rows: ["x<U+200B>y"],
      title: "a<U+202E>b",
      cursorText: "x<U+200B>y",
    });
  });

  it("draws the same whatever the chunks, though the emulator's own decoder does not", async () => {
    const bytes = Buffer.from(
      "a‐b 日本 😀 é\u0301 ─│ \x1b[31mred\x1b[m\r\n\x1b[2;30H‐\u2000\u0800end\r\nlast ‐",
    );
    const whole = await screenOf();
    whole.write(bytes);
    const expected = whole.view();
    for (let at = 1; at < bytes.length; at++) {
      const split = await screenOf();
      split.write(bytes.subarray(0, at));
      split.write(bytes.subarray(at));
      expect(split.view().rows).toEqual(expected.rows);
      expect(split.view().cursor).toEqual(expected.cursor);
      split.dispose();
    }
    expect(expected.rows[0]).toBe("a‐b 日本 😀 é\u0301 ─│ red");
  });

  it("gives each picture a version, and the rows that changed since one", async () => {
    const screen = await screenOf();
    write(screen, "one\r\ntwo\r\nthree");
    const first = screen.view();
    expect(screen.view()).toBe(first);
    write(screen, "\x1b[2;1HTWO");
    const second = screen.view();
    expect(second.version).toBeGreaterThan(first.version);
    expect(screen.changedRows(first.version)).toEqual([{ row: 1, text: "TWO" }]);
    write(screen, "\x1b[3;1H\x1b[K");
    expect(screen.changedRows(second.version)).toEqual([{ row: 2, text: "" }]);
    expect(screen.changedRows(first.version).map(({ row }) => row)).toEqual([1, 2]);
    expect(screen.changedRows(screen.view().version)).toEqual([]);
    expect(screen.changedRows(0).length).toBe(3);
  });

  it("keeps the version while nothing visible changes", async () => {
    const screen = await screenOf();
    write(screen, "text");
    const { version } = screen.view();
    write(screen, "\x1b[31m\x1b[m\x07");
    expect(screen.view().version).toBe(version);
  });

  it("takes a new size after drawing what came for the old one", async () => {
    const screen = await screenOf();
    write(screen, `${"x".repeat(50)}\r\n`);
    screen.resize(60, 10);
    expect(screen.view()).toMatchObject({ rows: ["x".repeat(50)], size: { cols: 60, rows: 10 } });
    write(screen, "\x1b[9999;9999H!");
    expect(screen.view().cursor).toEqual({ row: 9, col: 59 });
  });

  it("puts back what a killed program left, but bracketed paste", async () => {
    const screen = await screenOf();
    write(
      screen,
      "$ vim\r\n\x1b[?2004h\x1b[?1049h\x1b[?1h\x1b=\x1b[?1002h\x1b[?1006h\x1b[?25l\x1b[2;4r\x1b[?6h\x1b[4h\x1b[?7l\x1b)0\x0e\x1b[7mlqqk\x1b]0;half a titl",
    );
    screen.softReset();
    expect(screen.view()).toMatchObject({
      rows: ["$ vim"],
      cursor: { row: 1, col: 0 },
      alternate: false,
      modes: { applicationCursorKeys: false, bracketedPaste: true, mouse: false },
    });
    write(screen, `lqqk${"y".repeat(40)}\r\n1\r\n2\r\n3\r\n4`);
    expect(screen.view().rows).toEqual([`lqqk${"y".repeat(36)}`, "yyyy", "1", "2", "3", "4"]);
  });

  it.each([47, 1047, 1049])("leaves an alternate screen entered by mode %i", async (mode) => {
    const screen = await screenOf();
    write(screen, `before\r\n\x1b[?${mode}h\x1b[2;3Hinside`);
    expect(screen.view().alternate).toBe(true);
    screen.softReset();
    expect(screen.view()).toMatchObject({ alternate: false, rows: ["before"] });
  });
});

describe("replies to terminal queries", () => {
  const QUERIES = "\x1b[6n\x1b[?6n\x1b[5n\x1b[c\x1bZ\x1b[>c\x1b]10;?\x07\x1b]11;?\x07";

  async function asked(options: Partial<ScreenOptions>, text = QUERIES): Promise<string[]> {
    const replies: string[] = [];
    const screen = await screenOf({ ...options, onReply: (bytes) => replies.push(bytes) });
    write(screen, `ab${text}`);
    return replies;
  }

  it("are not given unless the policy says so", async () => {
    expect(await asked({})).toEqual([]);
    expect(await asked({ replies: { status: true } })).toEqual(["\x1b[0n"]);
  });

  it("are constant, and the true cursor position", async () => {
    const all = {
      cursorPosition: true,
      status: true,
      primaryAttributes: true,
      secondaryAttributes: true,
      colors: true,
    };
    expect(await asked({ replies: all })).toEqual([
      "\x1b[1;3R",
      "\x1b[?1;3R",
      "\x1b[0n",
      "\x1b[?1;2c",
      "\x1b[?1;2c",
      "\x1b[>0;276;0c",
      "\x1b]10;rgb:c0c0/c0c0/c0c0\x1b\\",
      "\x1b]11;rgb:0000/0000/0000\x1b\\",
    ]);
  });

  it("are never given to what could bring a host's text back as input", async () => {
    const all = {
      cursorPosition: true,
      status: true,
      primaryAttributes: true,
      secondaryAttributes: true,
      colors: true,
    };
    const probes =
      "\x1bP$qm\x1b\\\x1bP$q;rm -rf\r\x1b\\\x1bP+q544e\x1b\\\x1b]52;c;?\x07\x1b]4;1;?\x07\x1b]0;evil\r\x07\x1b[21t\x1b[20t\x1b[18t\x1b[14t\x1b[>q\x1b[?u\x1b[x\x1b[=c\x05\x1b[?1$p\x1b[4$p\x1bGQ\x1b]50;?\x07";
    expect(await asked({ replies: all }, probes)).toEqual([]);
  });

  it("stop at twenty in a second", async () => {
    const clock = new ManualClock();
    const replies: string[] = [];
    const screen = await screenOf({
      clock,
      replies: { status: true },
      onReply: (bytes) => replies.push(bytes),
    });
    write(screen, "\x1b[5n".repeat(1000));
    drawn(screen);
    expect(replies.length).toBe(20);
    clock.advance(500);
    write(screen, "\x1b[5n".repeat(1000));
    // What was drawn just before may leave this to a later turn.
    drawn(screen);
    expect(replies.length).toBe(30);
  });

  it("are muted while an echo is held, and survive a receiver that fails", async () => {
    let calls = 0;
    const screen = await screenOf({
      replies: { status: true },
      onReply: () => {
        calls++;
        throw new Error("channel closed");
      },
    });
    screen.repliesMuted = true;
    write(screen, "\x1b[5n");
    expect(calls).toBe(0);
    screen.repliesMuted = false;
    write(screen, "\x1b[5nstill drawn");
    expect(calls).toBe(1);
    expect(screen.degraded).toBe(false);
    expect(screen.view().rows).toEqual(["still drawn"]);
  });
});

describe("a flood on the screen", () => {
  it("ends as a full drawing ends, though most of it was skipped", async () => {
    const flowing = fc.constantFrom(
      "some text",
      "\x1b[32mgreen\x1b[m\x1b[K",
      "日本",
      "progress\r",
      "\t",
      "x".repeat(45),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(flowing, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(1_000_000), { maxLength: 30 }),
        fc.string({ maxLength: 20 }),
        async (parts, places, last) => {
          const block = `${parts.join("")}\r\n`;
          const count = Math.ceil(700_000 / block.length);
          const bytes = Buffer.from(
            `${Array.from({ length: count }, (_, i) => `${i} ${block}`).join("")}${last.replace(/[^a-z]/g, "")}$ `,
          );
          const flooded = await screenOf({ turns: new Turns() });
          for (const part of cut(bytes, places)) flooded.write(part);
          expect(flooded.view().stale).toBe(true);
          await drained(flooded);
          const full = (await Emulator.load())({ cols: 40, rows: 6, scrollback: 200 });
          full.parse(bytes);
          const buffer = full.terminal.buffer.active;
          const rows = Array.from({ length: 6 }, (_, y) =>
            buffer
              .getLine(buffer.baseY + y)
              ?.translateToString(true)
              .trimEnd(),
          );
          expect(flooded.skippedBytes).toBeGreaterThan(0);
          expect(flooded.view().rows).toEqual(rows);
          expect(flooded.view().cursor).toEqual({ row: buffer.cursorY, col: Math.min(buffer.cursorX, 39) });
          expect(flooded.view().stale).toBe(false);
          flooded.dispose();
          full.dispose();
        },
      ),
      { numRuns: 8 },
    );
  });

  it("that addresses the screen is not skipped but kept back, and everything is drawn in order", async () => {
    const screen = await screenOf({ turns: new Turns() });
    let bytes = 0;
    for (let i = 0; i < 40_000; i++) {
      const text = `\x1b[${1 + (i % 6)};1Hframe ${i}\x1b[K`;
      bytes += text.length;
      write(screen, text);
    }
    expect(screen.skippedBytes).toBe(0);
    // How much is drawn meanwhile depends on the machine; most of it waits.
    expect(screen.backlogBytes).toBeGreaterThan(bytes / 2);
    await drained(screen);
    // 39 999 stands in row 3, because 39 996 is a multiple of six.
    expect(screen.view().rows).toEqual(
      [39_996, 39_997, 39_998, 39_999, 39_994, 39_995].map((i) => `frame ${i}`),
    );
  });

  it("is caught up with by flush, with actions in their place", async () => {
    const screen = await screenOf({ turns: new Turns() });
    write(screen, `${"line\r\n".repeat(20_000)}\x1b[?1049hinside`);
    screen.softReset();
    write(screen, "after");
    expect(screen.view().stale).toBe(true);
    drawn(screen);
    expect(screen.view()).toMatchObject({ stale: false, alternate: false });
    expect(screen.view().cursorText).toBe("after");
  });

  it("keeps its last title when the part that set it was skipped", async () => {
    const screen = await screenOf({ turns: new Turns() });
    write(screen, `${"a\r\n".repeat(20_000)}\x1b]0;new\x07${"a\r\n".repeat(200_000)}`);
    await drained(screen);
    expect(screen.skippedBytes).toBeGreaterThan(300_000);
    expect(screen.view().title).toBe("new");
  });

  it("leaves turns of the event loop to others", async () => {
    const screen = await screenOf({ turns: new Turns() });
    const frame = Buffer.from("\x1b[H\x1b[2J".repeat(30) + "x".repeat(3000));
    for (let i = 0; i < 500; i++) screen.write(frame);
    let turns = 0;
    let draining = true;
    const count = () => {
      turns++;
      if (draining) setImmediate(count);
    };
    setImmediate(count);
    await drained(screen);
    draining = false;
    expect(turns).toBeGreaterThan(1);
  });

  it("of one session shares the loop with another's", async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    const order: string[] = [];
    const work = (name: string, steps: number) => {
      let left = steps;
      return {
        step: () => {
          order.push(name);
          clock.advance(4);
          return --left > 0;
        },
      };
    };
    turns.add(work("a", 3));
    turns.add(work("b", 3));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(["a", "b", "a"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(["a", "b", "a", "b", "a", "b"]);
  });
});

describe("a screen whose emulator fails", () => {
  async function failing(): Promise<{ screen: Screen; fail: () => void }> {
    const make = await Emulator.load();
    let failNext = false;
    const screen = new Screen({ cols: 40, rows: 6 }, (options) => {
      const emulator = make(options);
      emulator.terminal.parser.registerCsiHandler({ final: "H" }, () => {
        if (failNext) throw new Error("a bug in the emulator");
        return false;
      });
      return emulator;
    });
    return { screen, fail: () => (failNext = !failNext) };
  }

  it("throws nothing, says so, and shows the last lines as text", async () => {
    const { screen, fail } = await failing();
    write(screen, "fine\r\n");
    fail();
    write(screen, "boom \x1b[H here\r\n");
    write(screen, "\x1b[1mlater\x1b[m\r\n50%\r100%\r\n$ ");
    expect(screen.degraded).toBe(true);
    expect(screen.view().rows).toContain("later");
    expect(screen.view().rows).toContain("100%");
    expect(screen.view().cursorText).toBe("$");
  });

  it("works again after a soft reset", async () => {
    const { screen, fail } = await failing();
    fail();
    write(screen, "\x1b[H");
    expect(screen.degraded).toBe(true);
    fail();
    screen.softReset();
    write(screen, "\x1b[2;3Hback");
    expect(screen.degraded).toBe(false);
    expect(screen.view().rows).toEqual(["", "  back"]);
  });
});

describe("a screen's end", () => {
  it("keeps the last view and takes nothing more", async () => {
    const screen = await screenOf();
    write(screen, "last words");
    screen.dispose();
    write(screen, " more");
    screen.resize(10, 10);
    screen.softReset();
    drawn(screen);
    expect(screen.view().rows).toEqual(["last words"]);
    screen.dispose();
  });

  it("draws noise without failing", async () => {
    const screen = await screenOf({ turns: new Turns() });
    for (const seed of [11, 12, 13]) screen.write(randomBytes(100_000, seed));
    await drained(screen);
    expect(screen.degraded).toBe(false);
    for (const row of screen.view().rows) expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
