import { SshMcpError } from "../../base/errors.ts";
import { type Pattern, patternOf } from "../../base/pattern.ts";
import type { WaitRequest } from "./types.ts";

/** The pattern a caller waits for. @throws SshMcpError `invalid_argument`. */
export function awaited({ waitFor, hide }: WaitRequest): Pattern | undefined {
  if (waitFor === undefined) return undefined;
  const pattern = patternOf(waitFor, { multiline: true });
  return hide === undefined ? pattern : { ...pattern, find: (text) => pattern.find(hide(text)) };
}

/** @throws SshMcpError `invalid_argument` where a cursor is not one of this session's output. */
export function assertWithin(
  cursor: number,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  if (cursor >= 0 && cursor <= end) return;
  throw new SshMcpError(
    "invalid_argument",
    `cursor ${cursor} lies outside this session's output (${start} to ${end})`,
    "Take the cursor from a status line, or leave it out to read what is new.",
  );
}
