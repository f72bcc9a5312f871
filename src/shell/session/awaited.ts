import { type Pattern, patternOf } from "../../base/pattern.ts";
import type { WaitRequest } from "./types.ts";

/** The pattern a caller waits for. @throws SshMcpError `invalid_argument`. */
export function awaited({ waitFor }: WaitRequest): Pattern | undefined {
  return waitFor === undefined ? undefined : patternOf(waitFor, { multiline: true });
}
