import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import { errorCode } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";

/** A line is written within milliseconds; whoever waits longer than this waits for something that hangs. */
const WAIT_MS = 2_000;
/** The very lock that was waited for in vain is not waited for as long again: the whole program stands still meanwhile. */
const AGAIN_MS = 20;
/** So long the lock of a process that has gone is left alone: in another PID namespace it may be there after all. */
const ABANDONED_MS = 1_000;
const PAUSE_MS = 2;
/** Bytes: the number of a process. */
const LONGEST = 32;

/** Another process keeps the lock: nothing was done. */
export class LockHeld extends Error {}

/** The locks that were waited for in vain, as they were. */
const inVain = new Map<string, string>();

/**
 * Runs `work` while no other process does so under the same lock file, which exists only meanwhile. In a folder that this
 * user may not write to no lock can be made, and `work` runs without one, unless one is `needed`. Blocks the process while it
 * waits, for two seconds at most.
 * @throws LockHeld, and whatever `work` throws.
 */
export function locked<T>(lock: string, work: (made: boolean) => T, needed = false): T {
  const taken = take(lock, needed);
  try {
    return work(taken);
  } finally {
    if (taken) rmSync(lock, { force: true });
  }
}

function take(lock: string, needed: boolean): boolean {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const began = performance.now();
  for (;;) {
    try {
      const fd = openSync(lock, O_CREAT | O_EXCL | O_WRONLY, 0o600);
      try {
        writeSync(fd, String(process.pid));
      } catch {
        // Of a full disk: without a number it is abandoned as soon as it is old.
      }
      closeSync(fd);
      inVain.delete(lock);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (!needed && (code === "EACCES" || code === "EPERM" || code === "EROFS")) return false;
      if (code !== "EEXIST") throw error;
    }
    const there = lstatSync(lock, { throwIfNoEntry: false });
    if (there?.isFile() === false)
      throw new LockHeld(`${lock} is no lock of this program, but a pipe, link, folder or device: remove it`);
    if (there !== undefined && abandoned(lock, there)) remove(lock, there);
    else if (there !== undefined && performance.now() > began + patience(lock, there)) {
      inVain.set(lock, identity(there));
      throw new LockHeld(whoKeeps(lock));
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

function patience(lock: string, there: Stats): number {
  return inVain.get(lock) === identity(there) ? AGAIN_MS : WAIT_MS;
}

function identity({ ino, mtimeMs }: Stats): string {
  return `${ino} ${mtimeMs}`;
}

/** Who it is, and whether it can let go: a process that is suspended cannot, and its lock is not taken from it. */
function whoKeeps(lock: string): string {
  const pid = keeper(lock);
  if (pid !== undefined && isSuspended(pid))
    return `process ${pid} keeps ${lock} and is suspended; let it go on (kill -CONT ${pid}) or end it (kill -KILL ${pid})`;
  const who = pid === undefined ? "another process" : `another process (${pid})`;
  return `${who} keeps ${lock}; if there is none, remove that file`;
}

function keeper(lock: string): number | undefined {
  try {
    const pid = Number(readRegularFileSync(lock, LONGEST).toString("latin1"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The state `T` of proc(5); where there is no such file, nobody says so. */
function isSuspended(pid: number): boolean {
  try {
    const stat = readRegularFileSync(`/proc/${pid}/stat`, 4_096).toString("latin1");
    return /\) [Tt] /.test(stat);
  } catch {
    return false;
  }
}

/** The process that made it has ended without removing it. */
function abandoned(lock: string, { mtimeMs, size }: Stats): boolean {
  if (Date.now() - mtimeMs <= ABANDONED_MS) return false;
  return size <= LONGEST && !isAlive(keeper(lock));
}

/** Another process under this number; our own lock is removed before we come here again. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Under a name of our own first: of several who find it abandoned, one alone removes it, and nobody a newer one. */
function remove(lock: string, judged: Stats): void {
  const mine = `${lock}.${process.pid}`;
  try {
    renameSync(lock, mine);
    if (identity(lstatSync(mine)) !== identity(judged)) linkSync(mine, lock);
    rmSync(mine, { force: true });
  } catch {
    // Somebody else was faster.
  }
}
