import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Ends } from "./file.ts";

/** What a transfer came to, or has come to so far. */
export interface Moved {
  /** As they are shown: absolute where that is known. */
  from: string;
  to: string;
  folder: boolean;
  /** Bytes of a file as its server says; undefined: not known, or a folder. */
  total: number | undefined;
  files: number;
  /** Bytes of the files that arrived; `resumed` of them were there before. */
  bytes: number;
  resumed: number;
  /** Files that were there already, of the same size and time; of these the bytes of `alike` were not compared. */
  same: number;
  alike: number;
  /** Files whose bytes are the same at both ends by SHA-256. */
  verified: number;
  /** Why the others are not. */
  unverified: string | undefined;
  /** Entries that were left out, or failed, each with its reason; only the first are listed. */
  readonly leftOut: string[];
  leftOutCount: number;
  readonly failed: string[];
  failedCount: number;
  readonly notes: string[];
}

/** Entries of each list that are told. */
const LISTED = 20;

export function startOf(from: string, to: string): Moved {
  return {
    from,
    to,
    folder: false,
    total: undefined,
    files: 0,
    bytes: 0,
    resumed: 0,
    same: 0,
    alike: 0,
    verified: 0,
    unverified: undefined,
    leftOut: [],
    leftOutCount: 0,
    failed: [],
    failedCount: 0,
    notes: [],
  };
}

export interface Order extends Ends {
  readonly fromPath: string;
  readonly toPath: string;
  /** Told into as it goes on, so that what was done is known also where it fails. */
  readonly moved: Moved;
}

/** Notes a failure of one entry; what ends the whole transfer is thrown on. */
export function tellFailed(
  { moved, signal }: { moved: Moved; signal: AbortSignal },
  path: string,
  error: unknown,
): void {
  signal.throwIfAborted();
  if (!(error instanceof SshMcpError) || error.code === "connect_failed") throw error;
  moved.failedCount += 1;
  if (moved.failed.length < LISTED) moved.failed.push(`${visibleLine(path)}: ${error.message}`);
}

export function tellLeftOut(moved: Moved, path: string, why: string): void {
  moved.leftOutCount += 1;
  if (moved.leftOut.length < LISTED) moved.leftOut.push(`${visibleLine(path)}: ${why}`);
}
