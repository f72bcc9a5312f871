import type { TerminalSize } from "../../inventory/host.ts";
import type { Transcript, TranscriptRange } from "../../terminal/transcript.ts";
import type { CleanText } from "../../terminal/types.ts";
import type { CleanRows } from "../pty/framing.ts";
import type { Pty } from "../pty/pty.ts";
import type { CommandLog } from "../record/command-log.ts";
import { LOOK_BACK, restOfSequence } from "../record/cut-sequence.ts";
import { gapRow, textOfRange, withoutAlternateScreen } from "../record/text-of-range.ts";

/** Rendered text, and what is known of rows that may not be a command's own. `asidesFrom`: cursor of a read that has them in place. */
export type SessionRows = CleanText & Omit<CleanRows, "lines"> & { readonly asidesFrom?: number };

/** A device's line editor may have painted on while the line was entered: its sequence can lie across the begin. */
function fromWholeSequence(transcript: Transcript, from: number, to: number): TranscriptRange {
  const held = transcript.read(from, to);
  if (held.prunedBytes > 0) return held;
  const rest = restOfSequence(transcript.read(from - LOOK_BACK, from).bytes, held.bytes);
  return rest === 0 ? held : { ...held, bytes: held.bytes.subarray(rest) };
}

/** Rendered text of [from, to); a command's first bytes are still there when the budget has pruned its middle. */
export async function sessionText(
  from: number,
  to: number,
  session: {
    readonly log: CommandLog;
    readonly transcript: Transcript;
    readonly size: TerminalSize;
    readonly pty: Pty | undefined;
  },
): Promise<SessionRows> {
  const { log, transcript, size, pty } = session;
  const commands = log.all();
  const whole = commands.find((command) => command.range.from === from);
  const within = whole ?? commands.find(({ range }) => range.from <= from && from < range.to);
  const held = fromWholeSequence(transcript, from, to);
  // What a pager drew on the alternate screen is the output itself.
  const bytes = within?.pages === undefined ? held.bytes : withoutAlternateScreen(held.bytes);
  const counted =
    whole && to === whole.range.to
      ? { head: whole.range.head(), lineFeeds: whole.range.lineFeeds }
      : undefined;
  const text = await textOfRange({ ...held, bytes }, counted, size);
  const clean = pty?.far.clean(text.lines, whole);
  const gap = text.gap && { ...text.gap, at: (clean ?? text).lines.indexOf(gapRow(text.gap.bytes)) };
  const asides = whole ? { asidesFrom: from + 1 } : {};
  return { ...text, asides: [], ...clean, ...(gap && gap.at >= 0 ? { gap } : {}), ...asides };
}
