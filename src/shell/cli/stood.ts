import type { Snapshot } from "../pty/snapshot.ts";
import type { PromptRow } from "./known-prompts.ts";
import type { DeviceMemory, ExpectedPrompt } from "./memory.ts";

/**
 * For how long a prompt has stood, milliseconds: rows of the device's own (log rows) behind which it is printed again are no
 * output, and under a storm of them it is never quiet.
 */
export function stoodFor(
  memory: DeviceMemory,
  prompt: PromptRow,
  { since }: ExpectedPrompt,
  seen: Snapshot,
): { readonly memory: DeviceMemory; readonly ms: number } {
  const { stands } = memory;
  const quiet = seen.quiet.ms;
  const { device } = memory;
  const rows = stands === undefined ? [] : seen.rowsSince(stands.end).map((line) => line.trimEnd());
  // A prompt that is merely painted again is one that comes anew.
  const goesOn =
    stands !== undefined &&
    stands.row === prompt.row &&
    stands.end >= since &&
    (seen.end === stands.end || rows.some((row) => device.isAsync(row))) &&
    rows.every((row) => row === "" || row === prompt.row || device.isAsync(row));
  const now = seen.now;
  const noted = goesOn ? stands : { row: prompt.row, end: seen.end, at: now - quiet };
  return { memory: { ...memory, stands: noted }, ms: Math.max(quiet, now - noted.at) };
}
