import { renderText } from "../../terminal/clean.ts";
import type { TranscriptRange } from "../../terminal/transcript.ts";
import type { CleanText } from "../../terminal/types.ts";

/** Bytes as if they had been printed on the ordinary screen. */
export function withoutAlternateScreen(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(/\u001b\[\?(?:47|1047|1049)[hl]/g, ""), "latin1");
}

/** Rendered text of what is held of a range. `head`: its first bytes where they were kept though the range was pruned. */
export async function textOfRange(
  held: TranscriptRange,
  head: Buffer | undefined,
  size: { readonly cols: number; readonly rows: number },
): Promise<CleanText> {
  const { lines, approximate } = await renderText(held.bytes, size);
  const { prunedBytes } = held;
  const bytes = held.bytes.length;
  if (prunedBytes === 0) return { lines, prunedBytes, bytes, approximate };
  const first = head && head.length > 0 ? await renderText(head, size) : { lines: [] };
  const gap = `[… ${prunedBytes - (head?.length ?? 0)} bytes pruned: over the session's transcript budget …]`;
  // The head's last line is cut somewhere.
  return { lines: [...first.lines.slice(0, -1), gap, ...lines], prunedBytes, bytes, approximate };
}
