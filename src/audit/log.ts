import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { messageOf, SshMcpError } from "../base/errors.ts";

/** One entry; undefined values are left out. Never holds output, never holds a secret. */
export type AuditEvent = Readonly<Record<string, string | number | boolean | undefined>>;

export interface AuditLog {
  /**
   * Appends one line before it returns.
   * @throws SshMcpError `audit_failed`; from the first failure on, every call fails.
   */
  record(event: AuditEvent): void;
  close(): void;
}

/** Hash that the first line of a log refers to. */
const GENESIS = "0".repeat(64);

/**
 * An append-only JSONL file in which every line carries its number and the SHA-256 of the line before it, so that a
 * removed or changed line is visible. Written synchronously: a line is with the kernel before the action it announces
 * happens. Several processes may not share one file: their chains would interleave.
 *
 * @throws SshMcpError `audit_failed` when the file cannot be opened or is not a log of ours.
 */
export function openAuditLog(path: string, wallTime: () => number): AuditLog {
  let fd: number;
  let chain: { seq: number; prev: string };
  try {
    // O_NOFOLLOW: a log swapped for a link must not be written elsewhere.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
    fd = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
    chain = continueChain(fd);
  } catch (error) {
    throw failure(path, error);
  }
  let broken: unknown;

  return {
    record(event) {
      if (broken !== undefined) throw failure(path, broken);
      const line = JSON.stringify({
        seq: chain.seq,
        time: new Date(wallTime()).toISOString(),
        ...event,
        prev: chain.prev,
      });
      try {
        const bytes = Buffer.from(`${line}\n`);
        // A log deleted underneath would go on in a file that nobody can read.
        if (fstatSync(fd).nlink === 0) throw new Error("the file was deleted");
        if (writeSync(fd, bytes) !== bytes.length) throw new Error("the line was written in part only");
        fsyncSync(fd);
      } catch (error) {
        broken = error;
        throw failure(path, error);
      }
      chain = { seq: chain.seq + 1, prev: sha256(line) };
    },
    close() {
      broken ??= new Error("the log is closed");
      closeSync(fd);
    },
  };
}

/** Number and hash at the end of an existing file. A torn last line (power loss) is cut off: it announced nothing that ran. */
function continueChain(fd: number): { seq: number; prev: string } {
  const size = fstatSync(fd).size;
  if (size === 0) return { seq: 1, prev: GENESIS };
  // A line holds one command at most; a window from the end finds the last one without reading years of log.
  for (let window = Math.min(size, 65_536); ; window = Math.min(size, window * 4)) {
    const bytes = Buffer.alloc(window);
    readSync(fd, bytes, 0, window, size - window);
    const end = bytes.lastIndexOf(0x0a);
    const start = end > 0 ? bytes.lastIndexOf(0x0a, end - 1) : -1;
    if (end >= 0 && (start >= 0 || window === size)) {
      const line = bytes.subarray(start + 1, end).toString("utf8");
      if (end !== window - 1) ftruncateSync(fd, size - window + end + 1);
      return { seq: sequenceOf(line) + 1, prev: sha256(line) };
    }
    if (window === size) {
      // One torn line of ours may go; anything else is somebody's file.
      if (!bytes.toString("utf8", 0, 7).startsWith('{"seq":'))
        throw new Error("its last line is not one of an audit log");
      ftruncateSync(fd, 0);
      return { seq: 1, prev: GENESIS };
    }
  }
}

function sequenceOf(line: string): number {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed === "object" && parsed !== null && "seq" in parsed && typeof parsed.seq === "number")
    return parsed.seq;
  throw new Error("its last line is not one of an audit log");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function failure(path: string, cause: unknown): SshMcpError {
  return new SshMcpError(
    "audit_failed",
    `the audit log ${path} cannot be written (${messageOf(cause)}), so nothing that changes state is done.`,
    "The operator has to make the file writable or change settings.audit_log, then restart the server.",
    { cause },
  );
}
