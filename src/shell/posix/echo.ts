import { isDrawnLine } from "./drawn-line.ts";
import { rowsAmongDrawn } from "./drawn-rows.ts";
import { isScrolledLine } from "./scrolled-line.ts";

/** Table cells at most for one echo: some 30 ms. Beyond them whole rows that have nothing of the line are taken out first. */
const MOST_CELLS = 8_000_000;
/** Characters at most of an echo that is followed cell by cell. */
const MOST_DRAWN = 20_000;
/** Characters that a row shares with the line, from which it may hold a part of its echo. */
const SHARED = 4;

/** What an explanation costs; the cheapest one is taken. A character that is not of the echo: */
const FOREIGN = 100;
/** A blank before the cursor moves: editors wipe out with it. */
const BLANK = 20;
const LEAVE = 30;
const RESUME = 400;
/** Other programs print whole rows: behind one the echo goes on, or where the cursor was moved. */
const RESUME_AT_ROW = 20;
/** The editor went elsewhere in its line, to draw it again; or to a neighbour, at the end of a row. */
const REPAINT = 200;
const NEIGHBOUR = 40;
/** The same, and what it draws ends in a row's end: that is what other programs print. */
const REPAINT_ROW = 3000;
/** The line is shown a second time: by the kernel, and by the editor that begins to read. */
const AGAIN = 3000;
/** A row's end within the line. */
const WRAP = 150;
/** The line has not been shown whole. */
const UNFINISHED = 100;

interface Item {
  readonly is: "text" | "row end" | "move" | "up" | "erase" | "other";
  readonly from: number;
  readonly to: number;
}

const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const BEL = 0x07;

/** A line as it is typed: what stands left of it, and the terminal's width where it is known. */
export interface TypedLine {
  readonly prompt: string;
  readonly line: string;
  readonly cols?: number | undefined;
}

/**
 * What of `held` is not the echo of `line`, typed behind `prompt`: pieces in their order. Rows of other programs may come
 * anywhere in an echo, and line editors draw a part of the line again; what neither explains is output.
 */
export function withoutEcho(held: Buffer, { prompt, line, cols }: TypedLine): Buffer[] {
  if (cols !== undefined) {
    const drawn = held.toString("utf8");
    if (isDrawnLine(drawn, prompt, line, cols) || isScrolledLine(drawn, line)) return [];
    const rows = drawn.length <= MOST_DRAWN ? rowsAmongDrawn(drawn, prompt, line, cols) : undefined;
    if (rows) return rows.map((row) => Buffer.from(row));
  }
  const items = itemsOf(held);
  const source = Buffer.from(prompt + line);
  const begin = Buffer.byteLength(prompt);
  if (isWhole(held, items, source, begin)) return [];
  if (items.length * source.length <= MOST_CELLS) return piecesOf(held, items, source, begin);
  const [foreign, rest] = foreignRows(held, items, source);
  // A line of many kilobytes: rows that have a part of it are its echo.
  if (rest.length * source.length > MOST_CELLS) return foreign;
  return [...foreign, ...piecesOf(held, rest, source, begin)];
}

/** The line, shown once or not at all, behind its prompt where that came late; and nothing else. */
function isWhole(held: Buffer, items: readonly Item[], source: Buffer, begin: number): boolean {
  const text = items.filter(({ is }) => is === "text").map(({ from }) => held[from] ?? 0);
  if (text.length === 0) return true;
  const shown = Buffer.from(text);
  return shown.equals(source) || shown.equals(source.subarray(begin));
}

/** One item for each character, and one for each control sequence. */
function itemsOf(bytes: Buffer): Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at < bytes.length) {
    // A blank that is taken back at once draws nothing (ksh93, zsh).
    if (bytes[at] === 0x20 && bytes[at + 1] === 0x08) {
      at += 2;
      continue;
    }
    const item = itemAt(bytes, at);
    items.push(item);
    at = item.to;
  }
  return items;
}

function itemAt(bytes: Buffer, from: number): Item {
  const byte = bytes[from] ?? 0;
  if (byte === CR || byte === LF) {
    let to = from;
    while (bytes[to] === CR) to++;
    return bytes[to] === LF ? { is: "row end", from, to: to + 1 } : { is: "move", from, to };
  }
  if (byte === ESC) return sequenceAt(bytes, from);
  if (byte >= 0x20 && byte !== 0x7f) return { is: "text", from, to: from + 1 };
  return { is: byte === 0x08 ? "move" : "other", from, to: from + 1 };
}

function sequenceAt(bytes: Buffer, from: number): Item {
  const kind = String.fromCharCode(bytes[from + 1] ?? 0);
  if (kind === "[") {
    let to = from + 2;
    while (to < bytes.length && (bytes[to] ?? 0) < 0x40) to++;
    const final = String.fromCharCode(bytes[to] ?? 0);
    const is = /[AFHfd]/.test(final)
      ? "up"
      : /[BCDEG`]/.test(final)
        ? "move"
        : /[JKPX@LM]/.test(final)
          ? "erase"
          : "other";
    return { is, from, to: Math.min(bytes.length, to + 1) };
  }
  if (kind === "]" || kind === "P" || kind === "_" || kind === "^") {
    let to = from + 2;
    while (to < bytes.length && bytes[to] !== BEL && bytes[to] !== ESC) to++;
    if (bytes[to] === ESC) to++;
    return { is: "other", from, to: Math.min(bytes.length, to + 1) };
  }
  const long = /[()*+#%]/.test(kind);
  return { is: kind === "M" ? "up" : "other", from, to: Math.min(bytes.length, from + (long ? 3 : 2)) };
}

/** Whole rows with nothing of the line in them, where there is too much for a table; and the other items. */
function foreignRows(held: Buffer, items: readonly Item[], source: Buffer): [Buffer[], Item[]] {
  const foreign: Buffer[] = [];
  const rest: Item[] = [];
  const parts = new Set<string>();
  const text = source.toString("latin1");
  for (let at = 0; at + SHARED <= text.length; at++) parts.add(text.slice(at, at + SHARED));
  const isForeign = (row: string) => {
    for (let at = 0; at + SHARED <= row.length; at++) if (parts.has(row.slice(at, at + SHARED))) return false;
    return row.length >= SHARED;
  };
  let row: Item[] = [];
  let behindRow = false;
  for (const item of items) {
    row.push(item);
    if (item.is !== "row end") continue;
    const whole = held.subarray(row[0]?.from, item.to);
    if (behindRow && isForeign(whole.toString("latin1").trimEnd())) foreign.push(Buffer.from(whole));
    else for (const one of row) rest.push(one);
    row = [];
    behindRow = true;
  }
  return [foreign, rest.concat(row)];
}

/** The cheapest explanation: each item is the echo at one place of `source`, or not of it. */
function piecesOf(held: Buffer, items: readonly Item[], source: Buffer, begin: number): Buffer[] {
  const echo = cheapest(held, items, source, begin);
  const pieces: Buffer[] = [];
  let run: Item[] = [];
  let drawn = false;
  // The cursor went up since the row's end: an editor draws several rows.
  let above = false;
  let moved = false;
  const end = (row: boolean) => {
    const text = bytesOf(held, run);
    const says = row ? text.toString("latin1").trim() !== "" : /[\p{L}\p{N}]/u.test(text.toString("utf8"));
    if (says && !above && !(drawn && !row))
      pieces.push(row ? Buffer.concat([text, Buffer.from("\r\n")]) : text);
    run = [];
  };
  for (const [at, item] of items.entries()) {
    const { is } = item;
    if (is === "text" && echo[at] === 0) {
      if (run.length === 0) drawn = moved;
      run.push(item);
      moved = false;
    } else if (is === "text") {
      // The line itself: what comes behind it in its row is not drawn from above.
      end(false);
      [above, moved] = [false, false];
    } else if (is !== "other" || run.length === 0) {
      if (is !== "other") end(is === "row end");
      if (is === "row end") [above, moved] = [false, false];
      else if (is === "up") above = true;
      if (is !== "other") moved = is === "move" || is === "up" || is === "erase";
    } else run.push(item);
  }
  end(false);
  return pieces;
}

function bytesOf(held: Buffer, items: readonly Item[]): Buffer {
  return Buffer.concat(items.map(({ from, to }) => held.subarray(from, to)));
}

/** For each item: 1, it belongs to the echo; 0, it does not. A shortest path over (place in the line, echo or not). */
function cheapest(held: Buffer, items: readonly Item[], source: Buffer, begin: number): Uint8Array {
  const width = source.length + 1;
  const endsRow = rowEnds(items);
  const wiped = wipedBlanks(held, items);
  // Where each state came from: two for each place, the odd one is the echo. Only characters and row ends move them.
  const steps: (Int32Array | undefined)[] = [];
  let now = start(width, begin);
  let last: Item["is"] = "text";
  // The cursor is elsewhere than what was drawn last has left it; to erase moves nothing.
  let moved = false;
  // It was as this row began: where the row is others', what is drawn there comes behind it.
  let carried = false;
  let behindRow = false;
  let above = false;
  // The row before was drawn from above: what is drawn anew goes on here.
  let below = false;
  for (const [index, item] of items.entries()) {
    if (item.is === "text" || item.is === "row end") {
      const away = awayFrom(endsRow[index] === 1 && !above && !(below && !behindRow), moved || below);
      const home = awayFrom(endsRow[index] === 1 && !above && !below, moved || below);
      const met = {
        moved,
        away,
        home,
        wipes: wiped[index] === 1,
        resume: last === "text" ? RESUME : RESUME_AT_ROW,
      };
      const step = new Int32Array(2 * width);
      now =
        item.is === "text"
          ? character(held[item.from] ?? 0, now, step, met, source, begin)
          : rowEnd(now, step, met.resume, last === "text");
      steps.push(step);
    } else steps.push(undefined);
    // A carriage return at a row's beginning moves nothing.
    if (item.is !== "other" && !(last === "row end" && held[item.from] === CR && item.is === "move")) {
      last = item.is;
      if (item.is !== "erase") {
        behindRow = item.is === "row end" && carried;
        carried = item.is === "text" && (carried || moved);
        moved = item.is === "move" || item.is === "up" || behindRow;
      }
    }
    below = item.is === "row end" ? above : below && item.is !== "text";
    above = item.is === "up" || (above && item.is !== "row end");
  }
  return traced(steps, now);
}

function awayFrom(row: boolean, moved: boolean): number {
  if (!moved) return AGAIN;
  return row ? REPAINT_ROW : REPAINT;
}

const FAR = 0x3fffffff;

/** What each state costs; */
interface Costs {
  readonly echo: Int32Array;
  readonly other: Int32Array;
}

interface Met {
  /** The cursor was moved just before. */
  readonly moved: boolean;
  readonly away: number;
  /** The same to where the line or its prompt begins. */
  readonly home: number;
  readonly resume: number;
  /** A blank, with nothing but blanks before the cursor moves on. */
  readonly wipes: boolean;
}

function start(width: number, begin: number): Costs {
  const echo = new Int32Array(width).fill(FAR);
  // The prompt itself may still come.
  echo[0] = 0;
  echo[begin] = 0;
  return { echo, other: new Int32Array(width).fill(FAR) };
}

function character(
  byte: number,
  { echo, other }: Costs,
  step: Int32Array,
  { moved, away, home, resume, wipes }: Met,
  source: Buffer,
  begin: number,
): Costs {
  const width = echo.length;
  const next = { echo: new Int32Array(width).fill(FAR), other: new Int32Array(width).fill(FAR) };
  const foreign = wipes ? BLANK : FOREIGN;
  const best = lowest(echo, other, resume);
  for (let at = 0; at < width; at++) {
    if (source[at] === byte && at + 1 < width) {
      let cost = echo[at] ?? FAR;
      let from = 2 * at + 1;
      const again = (other[at] ?? FAR) + resume;
      if (again < cost) [cost, from] = [again, 2 * at];
      const jump = best.cost + (at === begin || at === 0 ? home : moved ? away : FAR);
      if (jump < cost) [cost, from] = [jump, best.from];
      const near = (echo[at + 1] ?? FAR) + NEIGHBOUR;
      if (moved && away === REPAINT && near < cost) [cost, from] = [near, 2 * at + 3];
      if (cost < FAR) {
        next.echo[at + 1] = cost;
        step[2 * at + 3] = from;
      }
    }
    const stay = (other[at] ?? FAR) + foreign;
    const leave = (echo[at] ?? FAR) + LEAVE + foreign;
    next.other[at] = Math.min(FAR, stay, leave);
    step[2 * at] = stay <= leave ? 2 * at : 2 * at + 1;
  }
  return next;
}

function rowEnd({ echo, other }: Costs, step: Int32Array, resume: number, printed: boolean): Costs {
  const width = echo.length;
  const next = new Int32Array(width).fill(FAR);
  for (let at = 0; at < width; at++) {
    const wraps = printed && at !== width - 1 ? WRAP : 0;
    const on = (echo[at] ?? FAR) + wraps;
    const again = (other[at] ?? FAR) + resume + wraps;
    next[at] = Math.min(FAR, on, again);
    step[2 * at + 1] = on <= again ? 2 * at + 1 : 2 * at;
    step[2 * at] = 2 * at;
  }
  return { echo: next, other };
}

/** The cheapest state of all, entered as echo. */
function lowest(echo: Int32Array, other: Int32Array, resume: number): { cost: number; from: number } {
  let [cost, from] = [FAR, 0];
  for (let at = 0; at < echo.length; at++) {
    const on = echo[at] ?? FAR;
    if (on < cost) {
      cost = on;
      from = 2 * at + 1;
    }
    const again = (other[at] ?? FAR) + resume;
    if (again < cost) {
      cost = again;
      from = 2 * at;
    }
  }
  return { cost, from };
}

/** For each item: 1, what is printed from there on ends in a row's end before the cursor moves. */
function rowEnds(items: readonly Item[]): Uint8Array {
  const ends = new Uint8Array(items.length);
  for (let index = items.length - 1; index >= 0; index--) {
    const is = items[index]?.is;
    ends[index] =
      is === "row end" ? 1 : is === "move" || is === "up" || is === "erase" ? 0 : (ends[index + 1] ?? 0);
  }
  return ends;
}

function wipedBlanks(held: Buffer, items: readonly Item[]): Uint8Array {
  const wiped = new Uint8Array(items.length);
  for (let index = items.length - 1; index >= 0; index--) {
    const { is, from } = items[index] ?? { is: "other", from: 0 };
    const next = items[index + 1]?.is;
    const blank = is === "text" && held[from] === 0x20;
    const goesOn = next === "move" || next === "up" || next === "erase";
    if (blank && (goesOn || wiped[index + 1] === 1)) wiped[index] = 1;
  }
  return wiped;
}

function traced(steps: readonly (Int32Array | undefined)[], { echo, other }: Costs): Uint8Array {
  const last = echo.length - 1;
  let [cost, state] = [FAR, 0];
  for (let at = 0; at <= last; at++) {
    const unfinished = at === last ? 0 : UNFINISHED;
    if ((echo[at] ?? FAR) + unfinished < cost) [cost, state] = [(echo[at] ?? 0) + unfinished, 2 * at + 1];
    if ((other[at] ?? FAR) + unfinished < cost) [cost, state] = [(other[at] ?? 0) + unfinished, 2 * at];
  }
  const isEcho = new Uint8Array(steps.length);
  for (let index = steps.length - 1; index >= 0; index--) {
    isEcho[index] = state & 1;
    state = steps[index]?.[state] ?? state;
  }
  return isEcho;
}
