import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScreen, type Screen } from "../../src/terminal/screen.ts";
import { drawn } from "../terminal/drawn.ts";
import { type Shown, TmuxJudge } from "./record/tmux-judge.ts";

/**
 * tmux judges the screen: the same recorded bytes go into tmux and into ours, and both must show the same rows, cursor and
 * buffer each time the recorded program had gone quiet. What differs stands in screen-exceptions.json with its reason; a
 * difference that is not listed fails, and so does a listed one that no longer occurs.
 */
const SIZE = { cols: 80, rows: 24 };
const RECORDINGS = join(import.meta.dirname, "recordings");
/** Per recording the offsets at which the program had gone quiet (made by record/record.py). */
const INDEX: Record<string, number[]> = json(join(RECORDINGS, "index.json"));

interface Exception {
  readonly recording: string;
  readonly screens: readonly number[];
  /** `row N`, `cursor`, `alternate`: all that differ on each of these screens, no more and no less. */
  readonly differs: readonly string[];
  readonly reason: string;
}
const EXCEPTIONS: readonly Exception[] = json(join(import.meta.dirname, "screen-exceptions.json"));

function json<T>(path: string): T {
  const value: T = JSON.parse(readFileSync(path, "utf8"));
  return value;
}

function partsOf(name: string): Buffer[] {
  const bytes = readFileSync(join(RECORDINGS, `${name}.bin`));
  const cuts = INDEX[name] ?? [];
  return cuts.map((cut, index) => bytes.subarray(cuts[index - 1] ?? 0, cut));
}

function shownBy(screen: Screen): Shown {
  drawn(screen);
  const { rows, cursor, alternate } = screen.view();
  return { rows, cursor: `${cursor.row},${cursor.col}`, alternate };
}

/** Names what differs, with both sides for a reader. */
function differences(ours: Shown, theirs: Shown): Map<string, string> {
  const found = new Map<string, string>();
  for (let row = 0; row < SIZE.rows; row++) {
    const [our, their] = [ours.rows[row] ?? "", theirs.rows[row] ?? ""];
    if (our !== their) found.set(`row ${row}`, `ours |${our}|\n      tmux |${their}|`);
  }
  if (ours.cursor !== theirs.cursor) found.set("cursor", `ours ${ours.cursor}, tmux ${theirs.cursor}`);
  if (ours.alternate !== theirs.alternate)
    found.set("alternate", `ours ${ours.alternate}, tmux ${theirs.alternate}`);
  return found;
}

describe("our screen and tmux show the same of", () => {
  let judge: TmuxJudge;
  beforeAll(() => {
    judge = new TmuxJudge(SIZE);
  });
  afterAll(() => judge.stop());

  it.each(Object.keys(INDEX))("%s", async (name) => {
    const pane = await judge.pane();
    const screen = await createScreen(SIZE);
    const complaints: string[] = [];
    for (const [number, part] of partsOf(name).entries()) {
      await pane.write(part);
      screen.write(part);
      const found = differences(shownBy(screen), await pane.shown());
      const listed = EXCEPTIONS.find((one) => one.recording === name && one.screens.includes(number));
      if (sameSet(listed?.differs ?? [], found.keys())) continue;
      const seen = [...found].map(([what, sides]) => `    ${what}: ${sides}`).join("\n");
      complaints.push(
        `  ${name} screen ${number}, listed: ${JSON.stringify(listed?.differs ?? [])}\n${seen}`,
      );
    }
    screen.dispose();
    pane.close();
    expect(complaints.join("\n")).toBe("");
  });
});

describe("our screen shows the same however the bytes are split, of", () => {
  it.each(Object.keys(INDEX))("%s", async (name) => {
    const whole = await createScreen(SIZE);
    const single = await createScreen(SIZE);
    const uneven = await createScreen(SIZE);
    let at = 0;
    for (const [number, part] of partsOf(name).entries()) {
      whole.write(part);
      for (let i = 0; i < part.length; i++) single.write(part.subarray(i, i + 1));
      for (let i = 0; i < part.length; ) {
        const length = 1 + ((at * 7919) % 61);
        uneven.write(part.subarray(i, i + length));
        i += length;
        at++;
      }
      const expected = shownBy(whole);
      expect(shownBy(single), `screen ${number}, byte by byte`).toEqual(expected);
      expect(shownBy(uneven), `screen ${number}, unevenly split`).toEqual(expected);
    }
    for (const screen of [whole, single, uneven]) screen.dispose();
  });
});

describe("the list of exceptions", () => {
  it("gives a reason for each, and names only screens there are", () => {
    for (const { recording, screens, differs, reason } of EXCEPTIONS) {
      expect(reason.length, recording).toBeGreaterThan(20);
      expect(differs.length, recording).toBeGreaterThan(0);
      for (const screen of screens)
        expect(INDEX[recording]?.[screen], `${recording} ${screen}`).toBeDefined();
    }
  });

  it("stays short: at least nine screens of ten are identical", () => {
    const all = Object.values(INDEX).reduce((sum, cuts) => sum + cuts.length, 0);
    const excepted = EXCEPTIONS.reduce((sum, { screens }) => sum + screens.length, 0);
    expect(all).toBeGreaterThanOrEqual(60);
    expect(excepted / all).toBeLessThan(0.1);
  });
});

function sameSet(listed: readonly string[], found: Iterable<string>): boolean {
  return [...listed].sort().join() === [...found].sort().join();
}
