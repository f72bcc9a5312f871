import { describe, expect, it } from "vitest";
import { ClampFilter } from "../../src/terminal/clamp.ts";
import { renderText } from "../../src/terminal/clean.ts";
import { Emulator } from "../../src/terminal/emulator.ts";
import { createScreen } from "../../src/terminal/screen.ts";
import { Turns } from "../../src/terminal/turns.ts";
import { drawn } from "./drawn.ts";
import { ManualClock } from "./manual-clock.ts";

const SIZE = { cols: 80, rows: 24 };
const HUGE = 2147483647;

/** What blocked a bare emulator for seconds or took gigabytes (measured with 6.0.0), as strings to repeat. */
const CORPUS: readonly (readonly [name: string, head: string, body: string, times: number])[] = [
  ["IL of 2^31 lines", "", `\x1b[${HUGE}L`, 1],
  ["DL of 2^31 lines", "", `\x1b[${HUGE}M`, 1],
  ["SU of 2^31 lines", "", `\x1b[${HUGE}S`, 1],
  ["SD of 2^31 lines", "", `\x1b[${HUGE}T`, 1],
  ["CBT of 2^31 stops", "", `\x1b[${HUGE}Z`, 1],
  ["CHT of 2^31 stops", "", `\x1b[${HUGE}I`, 1],
  ["REP of 2^31 characters", "x", `\x1b[${HUGE}b`, 1],
  ["SU of 9999 lines, a thousand times", "", "\x1b[9999S", 1_000],
  ["SU of the whole screen, a hundred thousand times", "", "\x1b[24S", 100_000],
  ["IL with a region", "\x1b[2;23r\x1b[2H", "\x1b[22L", 50_000],
  ["combining marks on one cell", "e", "\u0301", 1_000_000],
  ["distinct links", "", "\x1b]8;;http://x/\x07a\x1b]8;;\x07", 50_000],
  ["an unterminated title", "\x1b]0;", "A".repeat(1000), 10_000],
  ["an unterminated DCS", "\x1bP", "A".repeat(1000), 10_000],
  ["flips of the alternate screen", "", "\x1b[?1049h\x1b[?1049l", 100_000],
  ["full resets", "", "\x1bc", 100_000],
  ["alignment patterns", "", "\x1b#8", 100_000],
  ["erased screens", "", "\x1b[2J", 100_000],
  ["shifted screens", "", "\x1b[80 @", 100_000],
  ["reverse line feeds", "\x1b[H", "\x1bM", 100_000],
  ["parameters", "\x1b[", "1;", 500_000],
  ["line feeds in a region", "\x1b[2;23r\x1b[23H", "\n", 500_000],
];

/** Lines scrolled, screens erased or made anew by what passed: the work an emulator is asked to do, in moved cells. */
function work(passed: string): number {
  const area = SIZE.cols * SIZE.rows;
  let cells = 0;
  for (const match of passed.matchAll(/\x1b\[(\d*)([LMSTbIZ])/g))
    cells += Math.min(Number(match[1] || 1), 80) * ("LMST".includes(match[2] ?? "") ? SIZE.cols : 1);
  cells += area * (passed.match(/\x1bc|\x1b#8|\x1b\[2J|\x1b\[\?1049h|\x1b\[80 @/g)?.length ?? 0);
  return cells + SIZE.cols * (passed.match(/\x1bM/g)?.length ?? 0);
}

describe("a hostile stream", () => {
  it.each(CORPUS)("asks the emulator for little more than its bytes pay for: %s", (_, head, body, times) => {
    const filter = new ClampFilter(() => SIZE);
    const bytes = Buffer.from(head + body.repeat(times));
    const passed = Buffer.from(filter.push(bytes).bytes).toString("latin1");
    // A byte of plain text moves one cell; at most two hundred times as much, and a burst besides.
    expect(work(passed)).toBeLessThan(200 * bytes.length + 2_000_000);
    expect(passed.length).toBeLessThanOrEqual(bytes.length);
  });

  it.each(CORPUS)("is drawn in pieces none of which is large: %s", async (_, head, body, times) => {
    const emulator = (await Emulator.load())({ ...SIZE, scrollback: 200 });
    const filter = new ClampFilter(() => SIZE);
    const bytes = Buffer.from(head + body.repeat(times)).subarray(0, 200_000);
    const began = process.cpuUsage();
    for (let at = 0; at < bytes.length; at += 16_384)
      emulator.parse(filter.push(bytes.subarray(at, at + 16_384)).bytes);
    // Bare, these take from seven seconds to for ever; the bound only tells the two apart, whatever else the machine does.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5_000);
    emulator.parse(filter.push(Buffer.from("\x07\x1b\\\x18\x1bc\x1b[r\x1b[H\x1b[2J")).bytes);
    emulator.parse(Buffer.from("\x1b[r\x1b[H\x1b[2Jstill here"));
    expect(
      emulator.terminal.buffer.active.getLine(emulator.terminal.buffer.active.baseY)?.translateToString(true),
    ).toBe("still here");
    emulator.dispose();
  });

  it("says that it was limited, and ends in the screen it asked for last", () => {
    const filter = new ClampFilter(() => SIZE);
    const slice = filter.push(Buffer.from("\x1b[?1049h\x1b[?1049l".repeat(100_000)));
    expect(slice.limited).toBe(true);
    expect(filter.alternate).toBe(0);
    expect(Buffer.from(slice.bytes).toString("latin1").endsWith("\x1b[?1049l")).toBe(true);
  });

  it("never limits what editors and pagers do", () => {
    const filter = new ClampFilter(() => ({ cols: 200, rows: 50 }));
    let limited = false;
    const feed = (text: string) => {
      limited ||= filter.push(Buffer.from(text)).limited;
    };
    feed("\x1b[?1049h\x1b[2J\x1b[H");
    const line = "some text of a file ".repeat(4);
    for (let i = 0; i < 5_000; i++) feed(`\x1b[1;49r\x1b[1M\x1b[49;1H${line}\x1b[1;50r`); // vim, line down
    for (let i = 0; i < 5_000; i++) feed(`\x1b[H\x1bM${line}`); // less, line up
    for (let i = 0; i < 500; i++) feed(`\x1b[H\x1b[2J${`${line}\r\n`.repeat(49)}`); // watch, top
    for (let i = 0; i < 20; i++) feed("\x1b[?1049l$ vim\r\n\x1b[?1049h\x1b[2J");
    expect(limited).toBe(false);
  });

  it("leaves a screen that works, whatever noise it was fed", async () => {
    const screen = await createScreen({ ...SIZE, turns: new Turns() });
    for (const [, head, body, times] of CORPUS) {
      screen.write(Buffer.from(head + body.repeat(Math.min(times, 500))));
      screen.softReset();
    }
    screen.write(Buffer.from("\x1b[H\x1b[2Jok"));
    while (screen.backlogBytes > 0) screen.flush();
    expect(screen.degraded).toBe(false);
    expect(screen.view()).toMatchObject({ rows: ["ok"], alternate: false });
    screen.dispose();
  });

  it.each([
    ["flips", "\x1b[?1049h\x1b[?1049l", ["[full-screen program]"]],
    ["flips with text between", "\x1b[?1049hx\x1b[?1049ly", undefined],
    ["leaves without an enter", "\x1b[?1049lx", undefined],
    ["erased screens", "\x1b[2Jx", undefined],
  ])("is rendered as text in slices between which the event loop turns: %s", async (_what, body, lines) => {
    let turns = 0;
    let over = false;
    const turn = () => {
      turns++;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    const rendered = await renderText(Buffer.from(body.repeat(100_000)), SIZE);
    over = true;
    expect(turns).toBeGreaterThan(10);
    if (lines !== undefined) expect(rendered.lines).toEqual(lines);
  });

  it("is drawn in turns once what is drawn on arrival has used its share, over all screens; an echo never waits", async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    const screen = () => createScreen({ ...SIZE, clock, turns });
    const [one, other] = [await screen(), await screen()];
    turns.drewSince(clock.now() - 9);
    one.write(Buffer.from("a flood\r\n".repeat(1_000)));
    expect(one.backlogBytes).toBeGreaterThan(0);
    other.write(Buffer.from("an echo"));
    expect(other.backlogBytes).toBe(0);
    expect(other.cursorRowText()).toBe("an echo");
    drawn(one);
    expect(one.backlogBytes).toBe(0);
    one.dispose();
    other.dispose();
  });

  it("is rendered as text within bounds too", async () => {
    for (const [, head, body, times] of CORPUS) {
      const rendered = await renderText(
        Buffer.from(`before\r\n${head}${body.repeat(Math.min(times, 20_000))}`),
        SIZE,
      );
      expect(rendered.lines.join("\n").length).toBeLessThan(2_000_000);
    }
  });
});
