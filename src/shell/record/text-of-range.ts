import { renderText } from "../../terminal/clean.ts";
import type { TranscriptRange } from "../../terminal/transcript.ts";
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

/** Rendered text of what is held of a range. `head`: its first bytes where they were kept though the range was pruned. */
export async function textOfRange(
  held: TranscriptRange,
  head: Buffer | undefined,
  size: { readonly cols: number; readonly rows: number },
): Promise<CleanText> {
  const { lines, approximate } = await renderAll(held.bytes, size);
  const { prunedBytes } = held;
  const bytes = held.bytes.length;
  if (prunedBytes === 0) return { lines, prunedBytes, bytes, approximate };
  const first = head && head.length > 0 ? await renderText(head, size) : { lines: [] };
  const gap = `[… ${prunedBytes - (head?.length ?? 0)} bytes pruned: over the session's transcript budget …]`;
  // The head's last line is cut somewhere.
  return { lines: [...first.lines.slice(0, -1), gap, ...lines], prunedBytes, bytes, approximate };
}
