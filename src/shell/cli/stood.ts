import type { Snapshot } from "../pty/snapshot.ts";
import type { DeviceMemory, ExpectedPrompt } from "./memory.ts";
import { ownRows } from "./own-rows.ts";

/**
 * For how long a prompt's row has stood, milliseconds: rows of the device's own (log rows) behind which it is printed again are
 * no output, and under a storm of them it is never quiet. After a login nothing was asked: whatever stands between two
 * prompts of the same text is the device's own, in words that nobody needs to know.
 */
export function stoodFor(
  memory: DeviceMemory,
  row: string,
  { first, since }: ExpectedPrompt,
  seen: Snapshot,
): { readonly memory: DeviceMemory; readonly ms: number } {
  const { stands, device } = memory;
  const quiet = seen.quiet.ms;
  const rows = stands === undefined ? [] : seen.rowsSince(stands.end).map((line) => line.trimEnd());
  const own = ownRows(rows, device);
  const isOwn = (index: number) => first || own[index] === true;
  // A prompt that is merely painted again is one that comes anew.
  const goesOn =
    stands !== undefined &&
    stands.row === row &&
    stands.end >= since &&
    (seen.end === stands.end || rows.some((line, index) => line !== "" && line !== row && isOwn(index))) &&
    rows.every((line, index) => line === "" || line === row || isOwn(index));
  const now = seen.now;
  const noted = goesOn ? stands : { row, end: seen.end, at: now - quiet };
  return { memory: { ...memory, stands: noted }, ms: Math.max(quiet, now - noted.at) };
}
