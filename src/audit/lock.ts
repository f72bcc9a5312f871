import { closeSync, constants, lstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { errorCode } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";

/** A line is written within milliseconds; whoever waits longer than this waits for something that hangs. */
const WAIT_MS = 2_000;
/** So long the lock of a process that has gone is left alone: in another PID namespace it may be there after all. */
const ABANDONED_MS = 1_000;
const PAUSE_MS = 2;
/** Bytes: the number of a process. */
const LONGEST = 32;

/** Another process keeps the lock: nothing was done. */
export class LockHeld extends Error {}

/**
 * Runs `work` while no other process does so under the same lock file, which exists only meanwhile. In a folder that this
 * user may not write to no lock can be made, and `work` runs without one. Blocks the process while it waits.
 * @throws LockHeld, and whatever `work` throws.
 */
export function locked<T>(lock: string, work: () => T): T {
  const taken = take(lock);
  try {
    return work();
  } finally {
    if (taken) rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      const fd = openSync(lock, O_CREAT | O_EXCL | O_WRONLY, 0o600);
      writeSync(fd, String(process.pid));
      closeSync(fd);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false;
      if (code !== "EEXIST") throw error;
    }
    if (lstatSync(lock, { throwIfNoEntry: false })?.isFile() === false)
      throw new LockHeld(`${lock} is no lock of this program, but a pipe, link, folder or device: remove it`);
    if (abandoned(lock)) remove(lock);
    else if (performance.now() > deadline)
      throw new LockHeld(`another process keeps ${lock}; if there is none, remove that file`);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** The process that made it has ended without removing it. */
function abandoned(lock: string): boolean {
  try {
    const { mtimeMs, size } = lstatSync(lock);
    if (Date.now() - mtimeMs <= ABANDONED_MS) return false;
    // Neither a pipe is waited for nor what a link leads to read without end.
    return size <= LONGEST && !isAlive(Number(readRegularFileSync(lock, LONGEST).toString("latin1")));
  } catch {
    // It was removed in between.
    return false;
  }
}

/** Another process under this number; our own lock is removed before we come here again. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Under a name of our own first: of several who find it abandoned, one alone removes it. */
function remove(lock: string): void {
  const mine = `${lock}.${process.pid}`;
  try {
    renameSync(lock, mine);
    rmSync(mine, { force: true });
  } catch {
    // Somebody else was faster.
  }
}
