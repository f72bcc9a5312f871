import stripAnsi from "strip-ansi";
import type { Device } from "../../devices/device.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { PromptRow } from "./known-prompts.ts";
import type { DeviceMemory, ExpectedPrompt } from "./memory.ts";

/** What was printed since a line was typed or entered, and where its answer ended. */
export interface Printed {
  readonly bytes: Uint8Array;
  readonly typed: string;
  readonly promptRow: string;
}

/** What has come since `expected` began, at the prompt that stands now. */
export function printedSince(
  { since, typed }: Pick<ExpectedPrompt, "since" | "typed">,
  seen: Pick<Snapshot, "bytesSince">,
  prompt: PromptRow,
): Printed {
  return { bytes: seen.bytesSince(since), typed, promptRow: prompt.row };
}

/**
 * Was the prompt on the screen printed before the output? birdc's line editor prints its prompt the moment Enter is pressed,
 * erases it for the answer and prints it again, also behind an empty answer: one prompt right behind the echo is no end.
 * No second row has begun.
 */
export function standsEarly(printed: Printed): boolean {
  return behindEcho(printed).split(printed.promptRow).length - 1 < 2;
}

/** The same where rows of the device's own (log rows) may have pushed that prompt up. */
export function isEarlyOnly(printed: Printed, device: Device): boolean {
  if (device.profile.early_prompt !== true || !standsEarly(printed)) return false;
  return rowsBehindEcho(printed, device).length <= 1;
}

/** Outputs without an early prompt, from which a session is taken to print none. */
const PLAIN = 2;

/** Nothing but the prompt was printed behind the line that was entered, and the device may print it before the output. */
export function mayBeEarly({ device, early }: DeviceMemory, printed: Printed): boolean {
  if (device.profile.early_prompt !== "sometimes" && !early.seen) return false;
  if (!early.seen && early.plain >= PLAIN) return false;
  return rowsBehindEcho(printed, device).every((row) => row === printed.promptRow);
}

/** An answer has ended at this prompt: what it says about the order of prompt and output. */
export function withAnswer(memory: DeviceMemory, printed: Printed): DeviceMemory {
  const rows = rowsBehindEcho(printed, memory.device);
  if (rows.every((row) => row === printed.promptRow)) return memory;
  const { seen, plain } = memory.early;
  return {
    ...memory,
    early: rows[0] === printed.promptRow ? { seen: true, plain } : { seen, plain: plain + 1 },
  };
}

/** What was printed behind the entered line, but for rows of the device's own; a repainted row counts as several. */
function rowsBehindEcho(printed: Printed, device: Device): string[] {
  return paintsOf(behindEcho(printed)).filter((row) => row !== "" && !device.isAsync(row));
}

/** Letters at a line's end by which its echo is known where a long line shows its end alone. */
const TAIL = 16;

/** What follows the echo: behind a row of the device's own the line is painted once more, and only the last one counts. */
function behindEcho({ bytes, typed, promptRow }: Printed): string {
  const text = Buffer.from(bytes).toString("utf8");
  const lines = text.split("\n");
  if (lines.length === 1) return text;
  const tail = typed.trim().slice(-TAIL);
  const isEcho = (row: string) => row !== promptRow && tail !== "" && row.endsWith(tail);
  const last = lines.slice(0, -1).findLastIndex((line) => paintsOf(line).some(isEcho));
  return lines.slice(Math.max(0, last) + 1).join("\n");
}

function paintsOf(text: string): string[] {
  return stripAnsi(text)
    .split(/[\r\n]+/)
    .map((row) => row.trimEnd());
}
