import { visible } from "../base/text.ts";
import { withoutAlternateScreen, withoutAlternateScreenNow } from "./alternate.ts";
import { LineDrawer } from "./line-drawer.ts";
import { nextTurn, replay, replayNow } from "./replay.ts";

/** Up to here rows that were addressed are drawn exactly; the emulator takes about a tenth of a second for it. */
const REPLAY_LIMIT = 4 * 1024 * 1024;
/** Bytes worked on between two turns of the event loop: a few milliseconds. */
const PIECE = 256 * 1024;

export interface RenderedText {
  readonly lines: string[];
  /** Too large to draw exactly: overwrites were applied line by line, cursor addressing only started new lines. */
  readonly approximate: boolean;
}

/**
 * What a person would have seen scroll by, as lines: colours, titles and modes out, overwrites applied, wrapped rows joined,
 * lines right-trimmed, remote text made visible, invalid UTF-8 as U+FFFD. What a program itself erased is not there.
 *
 * Text and overwrites within a line need no emulator. Where rows were addressed (stacked progress bars, wrapped lines that were
 * redrawn) up to 4 MiB are drawn on one of the given size. Full-screen programs leave one line saying so. Tabs stay tabs
 * unless their line was drawn.
 */
export async function renderText(
  bytes: Uint8Array,
  size: { readonly cols: number; readonly rows: number },
): Promise<RenderedText> {
  const input = await withoutAlternateScreen(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const replayable = input.length <= REPLAY_LIMIT;
  const drawer = new LineDrawer(input, size.cols);
  const lines: string[] = [];
  while (!drawer.done && (drawer.exact || !replayable)) {
    drawer.advance(PIECE);
    append(lines, drawer.drain());
    if (!drawer.done) await nextTurn();
  }
  if (drawer.exact || !replayable) return { lines, approximate: !drawer.exact };
  const drawn: string[] = [];
  for (const [index, line] of (await replay(input, size)).entries()) {
    drawn.push(visible(line).trimEnd());
    if (index % 4096 === 4095) await nextTurn();
  }
  return { lines: drawn, approximate: false };
}

/** What was drawn last: the same few kilobytes are looked at several times until more comes, and an emulator is dear. */
const LAST_DRAWN = 16;
const MOST_KEPT = 32 * 1024;
const lastDrawn: {
  readonly bytes: Buffer;
  readonly cols: number;
  readonly rows: number;
  readonly lines: readonly string[];
}[] = [];

function drawnOnce(
  bytes: Buffer,
  size: { readonly cols: number; readonly rows: number },
): readonly string[] | undefined {
  const known = lastDrawn.find(
    ({ bytes: before, cols, rows }) => cols === size.cols && rows === size.rows && before.equals(bytes),
  );
  if (known !== undefined) return known.lines;
  const lines = replayNow(bytes, size);
  if (lines === undefined || bytes.length > MOST_KEPT) return lines;
  lastDrawn.push({ bytes: Buffer.from(bytes), ...size, lines });
  if (lastDrawn.length > LAST_DRAWN) lastDrawn.shift();
  return lines;
}

/**
 * The same at once, for a few kilobytes: what judges the newest rows must not give the event loop a turn in which others
 * may arrive. Rows that were addressed are approximate as long as no screen was ever made.
 */
export function renderRows(
  bytes: Uint8Array,
  size: { readonly cols: number; readonly rows: number },
): string[] {
  const input = withoutAlternateScreenNow(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const drawer = new LineDrawer(input, size.cols);
  while (!drawer.done) drawer.advance(PIECE);
  const drawn = drawer.exact ? undefined : drawnOnce(input, size);
  if (drawn !== undefined) return drawn.map((line) => visible(line).trimEnd());
  const lines: string[] = [];
  append(lines, drawer.drain());
  return lines;
}

function append(lines: string[], text: string): void {
  if (text === "") return;
  const more = visible(text).split("\n");
  if (more.at(-1) === "") more.pop();
  for (const line of more) lines.push(line.trimEnd());
}
