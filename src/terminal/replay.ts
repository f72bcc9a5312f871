import { ClampFilter } from "./clamp.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";

/** Bytes between two looks at what scrolled off: at most this many rows, if every byte is a line feed. */
const PIECE = 8 * 1024;
const SCROLLBACK = PIECE + 1024;
/** Rows above the screen at which they are taken away. */
const HARVEST_AT = 1024;
/** Longest stretch of drawing between two turns of the event loop. */
const TURN_MS = 8;

/** Draws bytes on an emulator of the given size and returns all lines, those that scrolled off included, wrapped rows joined. */
export async function replay(bytes: Uint8Array, size: { cols: number; rows: number }): Promise<string[]> {
  const work = drawAll(await Emulator.load(), bytes, size);
  let turn = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - turn <= TURN_MS) continue;
    await nextTurn();
    turn = performance.now();
  }
}

/** The same at once, for a few kilobytes; undefined before the emulator was ever loaded (a screen loads it). */
export function replayNow(bytes: Uint8Array, size: { cols: number; rows: number }): string[] | undefined {
  const make = Emulator.loaded;
  if (make === undefined) return undefined;
  const work = drawAll(make, bytes, size);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Pieces of work between which the event loop may turn. */
function* drawAll(
  make: (options: EmulatorOptions) => Emulator,
  bytes: Uint8Array,
  size: { cols: number; rows: number },
): Generator<void, string[]> {
  const emulator = make({ ...size, scrollback: SCROLLBACK });
  try {
    const filter = new ClampFilter(() => size);
    const lines: string[] = [];
    const ahead = goesToBottom(bytes, size.rows) ? size.rows - 1 : 0;
    if (ahead > 0) emulator.parse(Buffer.from("\n".repeat(ahead), "latin1"));
    for (let at = 0; at < bytes.length; at += PIECE) {
      emulator.parse(filter.push(bytes.subarray(at, at + PIECE)).bytes);
      if (emulator.terminal.buffer.normal.baseY >= HARVEST_AT) {
        harvest(emulator, lines, emulator.terminal.buffer.normal.baseY);
        emulator.parse(ERASE_SCROLLBACK);
      }
      yield;
    }
    harvest(emulator, lines, usedRows(emulator));
    // Rows above the first were never printed, unless something was drawn there.
    return lines.slice(0, ahead).every((line) => line === "") ? lines.slice(ahead) : lines;
  } finally {
    emulator.dispose();
  }
}

/**
 * Is the cursor sent down by more rows than there are? A console that does that before each prompt (RouterOS) works at the
 * bottom of its screen: on a screen that is drawn from the top, all rows in between would count as printed.
 */
function goesToBottom(bytes: Uint8Array, rows: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  for (const [, count] of text.matchAll(/\u001b\[(\d{1,5})B/g)) if (Number(count) >= rows) return true;
  return false;
}

/** ED 3, an xterm extension. */
const ERASE_SCROLLBACK = Buffer.from("\u001b[3J", "latin1");

/** Appends the first `count` rows; a row that continues the one before it is joined to it. */
function harvest(emulator: Emulator, lines: string[], count: number): void {
  const buffer = emulator.terminal.buffer.normal;
  for (let y = 0; y < count; y++) {
    const row = buffer.getLine(y);
    if (row === undefined) continue;
    // Trimmed: a wide character that did not fit leaves the last cell of its row empty.
    const text = row.translateToString(true);
    const last = lines.length - 1;
    if (row.isWrapped && last >= 0) lines[last] += text;
    else lines.push(text);
  }
}

/** Rows down to the last that is not empty; empty rows above the cursor's were printed and count. */
function usedRows(emulator: Emulator): number {
  const { rows } = emulator.terminal;
  const buffer = emulator.terminal.buffer.normal;
  let used = buffer.baseY + rows;
  const least = buffer.baseY + buffer.cursorY;
  while (
    used > least &&
    (buffer
      .getLine(used - 1)
      ?.translateToString(true)
      .trimEnd() ?? "") === ""
  )
    used--;
  return used;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
