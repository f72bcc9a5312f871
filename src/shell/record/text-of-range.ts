import { renderText } from "../../terminal/clean.ts";
import { countLineFeeds, type TranscriptRange } from "../../terminal/transcript.ts";
import type { CleanText } from "../../terminal/types.ts";

/** Bytes as if they had been printed on the ordinary screen. */
export function withoutAlternateScreen(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(/\u001b\[\?(?:47|1047|1049)[hl]/g, ""), "latin1");
}

/** What clears the whole screen: `clear`, `reset`, a program that begins anew. */
const CLEARED = /(?:\u001b\[(?:1;1)?H)?\u001b\[[23]J(?:\u001b\[(?:1;1)?H|\u001b\[[23]J)*|\u001bc/;
/** Stretches between two clearings that are shown; the oldest are left out beyond. */
const STRETCHES = 200;
const CLEARED_ROW = "[the screen was cleared here]";

/** The rows of each stretch between two clearings: what stood there before is output all the same. */
async function renderAll(
  bytes: Buffer,
  size: { readonly cols: number; readonly rows: number },
): Promise<{ readonly lines: string[]; readonly approximate: boolean }> {
  const text = bytes.toString("latin1");
  if (/\u001b\[\?(?:47|1047|1049)h/.test(text) || !CLEARED.test(text)) return renderText(bytes, size);
  const lines: string[] = [];
  let approximate = false;
  const stretches = text.split(CLEARED);
  for (const [at, stretch] of stretches.slice(-STRETCHES).entries()) {
    const drawn = await renderText(Buffer.from(stretch, "latin1"), size);
    // Cleared before anything was printed: nothing is lost.
    if (at > 0 && lines.some((line) => line !== "")) lines.push(CLEARED_ROW);
    lines.push(...drawn.lines);
    approximate ||= drawn.approximate;
  }
  return { lines, approximate };
}

/** What a counter knows of a range whose middle may be gone. */
interface Counted {
  /** Its first bytes, kept although they were pruned. */
  readonly head: Buffer;
  /** Line feeds in all of it. */
  readonly lineFeeds: number;
}

/** Rendered text of what is held of a range. `counted`: undefined where nobody counted what is gone. */
export async function textOfRange(
  held: TranscriptRange,
  counted: Counted | undefined,
  size: { readonly cols: number; readonly rows: number },
): Promise<CleanText> {
  const { prunedBytes } = held;
  const bytes = held.bytes.length;
  const unseen = unseenBytes(held.bytes);
  const about = { prunedBytes, bytes, ...(unseen === 0 ? {} : { unseen }) };
  if (prunedBytes === 0) return { ...(await renderAll(held.bytes, size)), ...about };
  if (counted !== undefined && counted.head.length >= prunedBytes) {
    const whole = Buffer.concat([counted.head.subarray(0, prunedBytes), held.bytes]);
    return { ...(await renderAll(whole, size)), ...about, prunedBytes: 0, bytes: whole.length };
  }
  if (counted === undefined) {
    const { lines, approximate } = await renderAll(held.bytes, size);
    return { lines: [gapRow(prunedBytes), ...lines], approximate, ...about };
  }
  // The line whose beginning is gone is none of those that are kept.
  const kept = held.bytes.subarray(held.bytes.indexOf(LF) + 1);
  const { lines, approximate } = await renderAll(kept, size);
  // So is the head's last, whose end is gone.
  const first = (await renderText(counted.head, size)).lines.slice(0, -1);
  const open = (end: Buffer) => (end.length > 0 && end.at(-1) !== LF ? 1 : 0);
  const missing = counted.lineFeeds + open(held.bytes) - first.length - countLineFeeds(kept) - open(kept);
  const gap = { at: first.length, lines: Math.max(1, missing), bytes: prunedBytes - counted.head.length };
  return { lines: [...first, gapRow(gap.bytes), ...lines], approximate, ...about, gap };
}

/** What is shown in the place of what is gone. */
export function gapRow(bytes: number): string {
  return `[… ${bytes} bytes pruned: over the session's transcript budget …]`;
}

const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;

/** Bytes that are neither text nor anything that a terminal acts on: they are binary data. NUL behind CR pads a line end. */
function unseenBytes(bytes: Buffer): number {
  let unseen = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (
      byte === 0x7f ||
      (byte < 0x07 && !(byte === 0 && bytes[at - 1] === CR)) ||
      (byte > 0x0f && byte < 0x20 && byte !== ESC)
    )
      unseen++;
  }
  return unseen;
}
