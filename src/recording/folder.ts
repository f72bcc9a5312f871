import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../base/errors.ts";

/** How long recordings are kept; what is left out has no limit. */
export interface Retention {
  readonly ms?: number;
  readonly bytes?: number;
}

export interface Kept {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

const ENDING = ".cast";
/** Names that are looked at. */
const MOST = 100_000;
/** One that was written to so lately may be in the hands of another process. */
const FRESH_MS = 60 * 60 * 1000;

/** Makes the folder; it is this user's alone. @throws Error where it is another's or open to others. */
export async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stats = await lstat(folder);
  if (!stats.isDirectory()) throw new Error(`${folder} is no folder`);
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) throw new Error(`${folder} belongs to another user`);
  if ((stats.mode & 0o077) !== 0) throw new Error(`${folder} is open to others; chmod 700 it`);
}

/** `web1-2.20260102T030405Z-1f3a.cast`. */
export function fileName(session: string, wallTime: number, mark: string): string {
  const time = new Date(wallTime).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${session.replace(/[^\w.@-]/g, "_")}.${time}-${mark}${ENDING}`;
}

/** The recordings of a folder, the oldest first; none where there is no folder. */
export async function recordingsIn(folder: string): Promise<readonly Kept[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  });
  const kept: Kept[] = [];
  for (const file of names.filter((name) => name.endsWith(ENDING)).slice(0, MOST)) {
    const stats = await lstat(join(folder, file)).catch(() => undefined);
    if (stats?.isFile()) kept.push({ file, bytes: stats.size, changed: stats.mtimeMs });
  }
  return kept.toSorted((one, other) => one.changed - other.changed);
}

/** Removes what is older, and the oldest until the rest fits. Returns what was removed. `own`: files that are being written. */
export async function retire(
  folder: string,
  { ms, bytes }: Retention,
  now: number,
  own: ReadonlySet<string>,
): Promise<readonly Kept[]> {
  if (ms === undefined && bytes === undefined) return [];
  const all = await recordingsIn(folder);
  let sum = all.reduce((total, one) => total + one.bytes, 0);
  const removed: Kept[] = [];
  for (const one of all) {
    const old = ms !== undefined && now - one.changed > ms;
    const over = bytes !== undefined && sum > bytes;
    if (!(old || over) || own.has(one.file) || now - one.changed < FRESH_MS) continue;
    await rm(join(folder, one.file), { force: true });
    sum -= one.bytes;
    removed.push(one);
  }
  return removed;
}
