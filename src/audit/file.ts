import { closeSync, constants, fstatSync, lstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { shellQuote } from "../base/shell-quote.ts";
import { distrust } from "../secrets/permissions.ts";

/** Opens a log for appending, and makes it where it is not there. @throws Error for what is no regular file. */
export function openFile(path: string): number {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  // O_NOFOLLOW: a log swapped for a link must not be written elsewhere.
  const fd = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error("it is not a regular file");
}

/** What others can write proves nothing; what its owner closed is not written. @throws Error with what to do. */
export function assertPrivate(fd: number, path: string): void {
  const stats = fstatSync(fd);
  const fault = distrust(path, stats, "write");
  if (fault !== undefined)
    throw new Error(`it ${fault.reason}${fault.fix === undefined ? "" : `; run: ${fault.fix}`}`);
  if (process.platform === "win32") return;
  // A descriptor that is open already, and root, could write all the same.
  if ((stats.mode & 0o200) === 0)
    throw new Error(`nobody may write to it (mode ${octal(stats.mode)}); run: chmod 600 ${shellQuote(path)}`);
  const folder = dirname(path);
  const { mode } = statSync(folder);
  // With the sticky bit (/tmp) nobody removes or renames what is another's.
  if ((mode & 0o1002) === 0o002)
    throw new Error(`all users can replace it in its folder; run: chmod o-w ${shellQuote(folder)}`);
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}

/** What has this name now: this very file, another, or none. */
export function whatIsThere(fd: number, path: string): "same" | "other" | "none" {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return "none";
  const own = fstatSync(fd);
  return there.ino === own.ino && there.dev === own.dev ? "same" : "other";
}

/** It has no name any more: what is written to it, nobody can read. */
export function isDeleted(fd: number): boolean {
  return fstatSync(fd).nlink === 0;
}
