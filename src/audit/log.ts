import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Durability } from "../base/contract/policy.ts";
import { fileTrouble, SshMcpError } from "../base/errors.ts";
import { shellQuote } from "../base/shell-quote.ts";
import { distrust } from "../secrets/permissions.ts";
import { LockHeld, locked } from "./lock.ts";

/** One entry; undefined values are left out. Never holds output, never holds a secret. */
export type AuditEvent = Readonly<Record<string, string | number | boolean | undefined>>;

export interface AuditLog {
  /**
   * Appends one line before it returns.
   * @throws SshMcpError `audit_failed`; once a line could not be written, every call fails.
   */
  record(event: AuditEvent): void;
  close(): void;
}

/** Hash that the first line of a log refers to. */
export const GENESIS = "0".repeat(64);

/**
 * An append-only JSONL file in which every line carries its number and the SHA-256 of the line before it, so that a
 * removed or changed line is visible. Written synchronously: the system has a line before the action it announces happens,
 * and the disk has it, too, where `durability` says so.
 * Several processes may share one file: each takes the chain up where the others left it. `redact` takes secrets in use
 * out of every text.
 *
 * @throws SshMcpError `audit_failed` when the file cannot be opened or is not a log of ours.
 */
export function openAuditLog(
  path: string,
  wallTime: () => number,
  redact: (text: string) => string = (text) => text,
  durability: Durability = "write",
): AuditLog {
  const lock = `${path}.lock`;
  let fd: number;
  let chain: Chain;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    fd = openFile(path);
    chain = locked(lock, () => continueChain(fd));
    assertPrivate(fd, path);
  } catch (error) {
    throw failure(path, error);
  }
  let broken: unknown;
  let closed = false;
  /** Appends one line to the chain. */
  const append = (event: AuditEvent) => {
    const { seq, prev } = chain;
    const line = JSON.stringify({ seq, time: new Date(wallTime()).toISOString(), ...event, prev });
    const bytes = Buffer.from(`${line}\n`);
    if (writeSync(fd, bytes) !== bytes.length) throw new Error("the line was written in part only");
    chain = { seq: seq + 1, prev: sha256(line), size: chain.size + bytes.length };
  };
  /** The chain as it is now. Where the file was rotated, it goes on in the new one, whose first line says so. */
  const follow = () => {
    const rotated = isElsewhere(fd, path);
    if (!rotated && fstatSync(fd).size > 0) {
      chain = upToDate(fd, chain);
      return;
    }
    if (rotated) {
      chain = upToDate(fd, chain);
      const next = openFile(path);
      closeSync(fd);
      fd = next;
      assertPrivate(fd, path);
    } else if (fstatSync(fd).nlink === 0) throw new Error("the file was deleted");
    const before = chain;
    const found = continueChain(fd);
    // Another process has begun the new file already, or nothing was ever written.
    chain = found.seq >= before.seq ? found : { ...before, size: found.size };
    if (chain !== found && found.size > 0) throw new Error("another log is in its place");
    if (found.size === 0 && before.seq > 1) {
      chain = { ...before, size: 0 };
      append({ event: CONTINUED, lines: before.seq - 1 });
    }
  };

  return {
    record(event) {
      if (broken !== undefined) throw failure(path, broken);
      const masked = redacted(event, redact);
      try {
        locked(lock, () => {
          follow();
          append(masked);
        });
        if (durability === "fdatasync") fdatasyncSync(fd);
      } catch (error) {
        if (!(error instanceof LockHeld)) broken = error;
        throw failure(path, error);
      }
    },
    close() {
      broken ??= new Error("the log is closed");
      if (!closed) closeSync(fd);
      closed = true;
    },
  };
}

/** The first entry of a file that goes on where another one ended. */
export const CONTINUED = "continued";

function openFile(path: string): number {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  // O_NOFOLLOW: a log swapped for a link must not be written elsewhere.
  const fd = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error("it is not a regular file");
}

/** What others can write proves nothing. @throws Error with what to do. */
function assertPrivate(fd: number, path: string): void {
  const fault = distrust(path, fstatSync(fd), "write");
  if (fault !== undefined)
    throw new Error(`it ${fault.reason}${fault.fix === undefined ? "" : `; run: ${fault.fix}`}`);
  const folder = dirname(path);
  const { mode } = statSync(folder);
  // With the sticky bit (/tmp) nobody removes or renames what is another's.
  if (process.platform !== "win32" && (mode & 0o1002) === 0o002)
    throw new Error(`all users can replace it in its folder; run: chmod o-w ${shellQuote(folder)}`);
}

/** Another file, or none, has this name now: the log was rotated. One that was deleted is another matter. */
function isElsewhere(fd: number, path: string): boolean {
  const own = fstatSync(fd);
  if (own.nlink === 0) return false;
  const there = lstatSync(path, { throwIfNoEntry: false });
  return there === undefined || there.ino !== own.ino || there.dev !== own.dev;
}

function redacted(event: AuditEvent, redact: (text: string) => string): AuditEvent {
  const masked = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === "string" && !NAMES.has(name) ? redact(value) : value,
  ]);
  return Object.fromEntries(masked);
}

/** Fields that hold our own words and names, by which an entry is found; a password may be as poor as one of them. */
const NAMES: ReadonlySet<string> = new Set([
  "event",
  "tool",
  "verb",
  "session",
  "host",
  "caller",
  "kind",
  "state",
  "evidence",
  "mode",
  "errors",
  "warnings",
  "warnings",
  "code",
]);

/** The end of a log: the number of its next line, the hash that line refers to, and the file's size in bytes. */
interface Chain {
  readonly seq: number;
  readonly prev: string;
  readonly size: number;
}

/** The end as it is now, after what other processes have added. @throws Error when something was taken away. */
function upToDate(fd: number, known: Chain): Chain {
  const { nlink, size } = fstatSync(fd);
  // A log deleted underneath would go on in a file that nobody can read.
  if (nlink === 0) throw new Error("the file was deleted");
  if (size === known.size) return known;
  const now = size < known.size ? undefined : continueChain(fd);
  if (now === undefined || now.seq < known.seq) throw new Error("lines of it were removed");
  return now;
}

/** The end of an existing file. A torn last line (power loss) is cut off: it announced nothing that ran. */
function continueChain(fd: number): Chain {
  const { size } = fstatSync(fd);
  if (size === 0) return { seq: 1, prev: GENESIS, size };
  // A line holds one command at most; a window from the end finds the last one without reading years of log.
  for (let window = Math.min(size, 65_536); ; window = Math.min(size, window * 4)) {
    const bytes = Buffer.alloc(window);
    readSync(fd, bytes, 0, window, size - window);
    const end = bytes.lastIndexOf(0x0a);
    const start = end > 0 ? bytes.lastIndexOf(0x0a, end - 1) : -1;
    if (end >= 0 && (start >= 0 || window === size)) {
      const line = bytes.subarray(start + 1, end).toString("utf8");
      const seq = sequenceOf(line) + 1;
      const whole = size - window + end + 1;
      if (whole !== size) ftruncateSync(fd, whole);
      return { seq, prev: sha256(line), size: whole };
    }
    if (window === size) {
      // One torn line of ours may go; anything else is somebody's file.
      if (!bytes.toString("utf8", 0, 7).startsWith('{"seq":'))
        throw new Error("its last line is not one of an audit log");
      ftruncateSync(fd, 0);
      return { seq: 1, prev: GENESIS, size: 0 };
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
    `the audit log ${path} cannot be written (${fileTrouble(cause, "write")}), so nothing that changes state is done.`,
    "The operator has to make the file writable or change settings.audit_log, then restart the server.",
    { cause },
  );
}
