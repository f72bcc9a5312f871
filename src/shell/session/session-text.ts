import type { TerminalSize } from "../../inventory/host.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { CleanText } from "../../terminal/types.ts";
import type { CleanRows } from "../pty/framing.ts";
import type { Pty } from "../pty/pty.ts";
import type { CommandLog } from "../record/command-log.ts";
import { textOfRange, withoutAlternateScreen } from "../record/text-of-range.ts";

/** Rendered text, and what is known of rows that may not be a command's own. `asidesFrom`: cursor of a read that has them in place. */
export type SessionRows = CleanText & Omit<CleanRows, "lines"> & { readonly asidesFrom?: number };

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
  const held = transcript.read(from, to);
  // What a pager drew on the alternate screen is the output itself.
  const bytes = within?.pages === undefined ? held.bytes : withoutAlternateScreen(held.bytes);
  const text = await textOfRange({ ...held, bytes }, whole?.range.head(), size);
  const clean = pty?.far.clean(text.lines, whole);
  return { ...text, asides: [], ...clean, ...(whole ? { asidesFrom: from + 1 } : {}) };
}
