import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import type { Durability } from "../base/contract/policy.ts";
import { messageOf } from "../base/errors.ts";
import { type Chain, CONTINUED, continueChain, NotOurs, RETIRED, sha256, upToDate } from "./chain.ts";
import { type AuditEvent, redacted } from "./event.ts";
import { auditFailure } from "./failure.ts";
import { endOf, firstOf, nextName, rotatedParts } from "./family.ts";
import { assertPrivate, isDeleted, openFile, whatIsThere } from "./file.ts";
import { HeadFile, readHead } from "./head.ts";
import { locked } from "./lock.ts";
import { isDue, type Rotation, retired } from "./rotation.ts";

export type { AuditEvent } from "./event.ts";

export interface AuditLog {
  /**
   * Appends one line before it returns.
   * @throws SshMcpError `audit_failed`: nothing was recorded. Once lines of the log were taken away, every call fails; what
   * goes away by itself (a full disk, a permission) is tried anew with each call.
   */
  record(event: AuditEvent): void;
  /** Number of the line that this process wrote last. */
  readonly last?: number | undefined;
  close(): void;
}

/** How a log is kept. */
export interface Keeping {
  readonly durability?: Durability | undefined;
  /** Left out: the file grows. */
  readonly rotation?: Rotation | undefined;
}

/** After a rotation that failed the next is tried no sooner. */
const ROTATE_AGAIN_MS = 60_000;

/**
 * An append-only JSONL file in which every line carries its number and the SHA-256 of the line before it, so that a
 * removed or changed line is visible. Written synchronously: the system has a line before the action it announces happens,
 * and the disk has it, too, where `durability` says so.
 * Several processes may share one file: each takes the chain up where the others left it. `redact` takes secrets out of
 * every text.
 *
 * @throws SshMcpError `audit_failed` when the file cannot be opened or is not a log of ours.
 */
export function openAuditLog(
  path: string,
  wallTime: () => number,
  redact: (text: string) => string = (text) => text,
  keeping: Keeping = {},
): AuditLog {
  return new ChainedLog(path, wallTime, redact, keeping);
}

class ChainedLog implements AuditLog {
  readonly #path: string;
  readonly #lock: string;
  readonly #wallTime: () => number;
  readonly #redact: (text: string) => string;
  readonly #keeping: Keeping;
  readonly #head: HeadFile;
  #fd: number;
  #chain: Chain;
  /** A lock could be made; where none can be any more, that is a loss and no peculiarity of the folder. */
  #lockable = false;
  /** When the file's first line was written; undefined: not looked at yet. */
  #began: number | undefined;
  #rotateAt = 0;
  #broken: unknown;
  #closed = false;
  /** Entries that could not be written, and since when. */
  #missed = { entries: 0, since: 0 };

  constructor(path: string, wallTime: () => number, redact: (text: string) => string, keeping: Keeping) {
    this.#path = path;
    this.#lock = `${path}.lock`;
    this.#wallTime = wallTime;
    this.#redact = redact;
    this.#keeping = keeping;
    this.#head = new HeadFile(path);
    let fd: number | undefined;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      fd = openFile(path);
      this.#fd = fd;
      assertPrivate(fd, path);
      this.#chain = locked(this.#lock, (made) => {
        this.#lockable = made;
        this.#chain = continueChain(this.#fd);
        this.#takeUp();
        return this.#chain;
      });
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw auditFailure(path, error, isLasting(error));
    }
  }

  record(event: AuditEvent): void {
    if (this.#broken !== undefined) throw auditFailure(this.#path, this.#broken, true);
    const masked = redacted(event, this.#redact);
    try {
      locked(this.#lock, () => this.#write(masked), this.#lockable);
    } catch (error) {
      if (isLasting(error)) this.#broken = error;
      if (this.#missed.entries++ === 0) this.#missed.since = this.#wallTime();
      throw auditFailure(this.#path, error, isLasting(error));
    }
  }

  get last(): number {
    return this.#chain.seq - 1;
  }

  close(): void {
    this.#broken ??= new NotOurs("the log is closed");
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    this.#head.close();
  }

  #write(event: AuditEvent): void {
    this.#follow();
    assertPrivate(this.#fd, this.#path);
    if (this.#lockable && this.#isDue()) this.#rotate();
    const { entries, since } = this.#missed;
    if (entries > 0) {
      this.#append({ event: "missed", entries, since: new Date(since).toISOString() });
      this.#missed.entries = 0;
    }
    this.#append(event);
  }

  /** Appends one line to the chain; of one that did not fit nothing stays. */
  #append(event: AuditEvent): void {
    const { seq, prev, size } = this.#chain;
    const line = JSON.stringify({ seq, time: new Date(this.#wallTime()).toISOString(), ...event, prev });
    const bytes = Buffer.from(`${line}\n`);
    const written = writeSync(this.#fd, bytes);
    if (written !== bytes.length) {
      if (fstatSync(this.#fd).size === size + written) ftruncateSync(this.#fd, size);
      throw new OutOfSpace();
    }
    const hash = sha256(line);
    this.#chain = { seq: seq + 1, prev: hash, size: size + bytes.length };
    if (this.#keeping.durability === "fdatasync") fdatasyncSync(this.#fd);
    this.#head.write({ seq, hash });
  }

  /** At the start: what was lost since the last line is said in the chain, which goes on behind what there was. */
  #takeUp(): void {
    const { seq: next, size, torn } = this.#chain;
    const newest = size === 0 ? rotatedParts(this.#path).at(-1) : undefined;
    const before = readHead(this.#path) ?? (newest && headOf(endOf(newest.path)));
    if (before !== undefined && before.seq >= next) {
      this.#chain = { seq: before.seq + 1, prev: before.hash, size };
      if (size === 0) this.#append({ event: CONTINUED, lines: before.seq });
      else this.#append({ event: "gap", from: next, to: before.seq });
    }
    if (torn !== undefined) this.#append({ event: "repaired", bytes: torn });
  }

  /** The chain as it is now. Where the file was rotated, it goes on in the new one, whose first line says so. */
  #follow(): void {
    const there = whatIsThere(this.#fd, this.#path);
    const deleted = isDeleted(this.#fd);
    if (there === "same" && fstatSync(this.#fd).size > 0) {
      this.#chain = upToDate(this.#fd, this.#chain);
      return;
    }
    // A log deleted underneath would go on in a file that nobody can read.
    if (deleted && there !== "other") throw new NotOurs("the file was deleted");
    if (there !== "same") {
      if (!deleted) this.#chain = upToDate(this.#fd, this.#chain);
      this.#goOver(this.#path);
    }
    const before = this.#chain;
    const found = continueChain(this.#fd);
    if (found.size === 0 && deleted) throw new NotOurs("the file was deleted");
    // Another process has begun the new file already, or nothing was ever written.
    if (found.seq < before.seq && found.size > 0) throw new NotOurs("another log is in its place");
    this.#chain = found.seq >= before.seq ? found : { ...before, size: found.size };
    if (found.size === 0 && before.seq > 1) this.#append({ event: CONTINUED, lines: before.seq - 1 });
  }

  #goOver(path: string): void {
    const next = openFile(path);
    closeSync(this.#fd);
    this.#fd = next;
    this.#began = undefined;
    assertPrivate(next, path);
  }

  #isDue(): boolean {
    const { rotation } = this.#keeping;
    const now = this.#wallTime();
    if (rotation === undefined || this.#chain.size === 0 || now < this.#rotateAt) return false;
    this.#began ??= firstOf(this.#path)?.time ?? now;
    return isDue(rotation, { size: this.#chain.size, ageMs: now - this.#began });
  }

  /** Renamed and gone on with: a sudden end in between is taken up at the next start. */
  #rotate(): void {
    const old = nextName(this.#path);
    const { seq } = this.#chain;
    try {
      renameSync(this.#path, old);
    } catch (error) {
      this.#rotateAt = this.#wallTime() + ROTATE_AGAIN_MS;
      this.#append({ event: "not_rotated", message: messageOf(error) });
      return;
    }
    this.#goOver(this.#path);
    this.#chain = { ...this.#chain, size: 0 };
    this.#append({ event: CONTINUED, lines: seq - 1, file: basename(old) });
    for (const { path, end } of retired(this.#path, this.#keeping.rotation, this.#wallTime())) {
      const { seq: next, prev: hash } = end;
      this.#append({ event: RETIRED, file: basename(path), lines: next - 1, hash });
      rmSync(path, { force: true });
    }
  }
}

/** A line that was written in part: what comes next may have room again. */
class OutOfSpace extends Error {
  readonly code = "ENOSPC";
}

/** Other lines than ours do not go away by themselves; a full disk, a permission, a lock of somebody else's may. */
function isLasting(error: unknown): boolean {
  return error instanceof NotOurs;
}

function headOf(end: Chain | undefined) {
  return end && { seq: end.seq - 1, hash: end.prev };
}
