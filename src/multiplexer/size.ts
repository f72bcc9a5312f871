import { SshMcpError } from "../base/errors.ts";
import type { TerminalSize } from "../inventory/host.ts";

const SMALLEST = { cols: 20, rows: 5 };
const LARGEST = { cols: 500, rows: 200 };

/** The parts of a size that a caller set. */
export interface AskedSize {
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
}

/** The size asked for, what is missing taken from `present`. @throws SshMcpError `invalid_argument` naming the bounds. */
export function sizeOf(asked: AskedSize, present: TerminalSize): TerminalSize {
  return {
    cols: within(asked.cols ?? present.cols, SMALLEST.cols, LARGEST.cols, "cols"),
    rows: within(asked.rows ?? present.rows, SMALLEST.rows, LARGEST.rows, "rows"),
  };
}

function within(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SshMcpError(
    "invalid_argument",
    `${what} is a whole number from ${least} to ${most}, not ${value}`,
  );
}
