import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { DirEntry, FileFacts } from "../files/contract.ts";
import { folded } from "../local/names.ts";
import { assertFree, type Filled, factsAt, fill, slowDown } from "./file.ts";
import { settle } from "./finish.ts";
import { type Order, tellFailed, tellLeftOut } from "./order.ts";
import { likeFile, sameBytes } from "./same.ts";
import { at, type Side } from "./side.ts";

/** A tree deeper, or of more entries, than this is no folder somebody meant to move as a whole. */
const DEEPEST = 64;
const MOST = 200_000;
/** Files that are on their way at once; the window is shared among them. */
const AT_ONCE = 4;
/** Files that are compared with one question, at most, and the bytes after which no more are waited for. */
const TOGETHER = 64;
const TOGETHER_BYTES = 64 * 1024 * 1024;

interface Folder {
  readonly fromPath: string;
  readonly toPath: string;
  readonly depth: number;
  readonly facts: FileFacts;
  /** Another folder's name, beside it, that may be the same one where case counts for nothing. */
  readonly twin?: string;
}

/**
 * Moves a folder's contents into another, made where it is missing. Links and special files are told and left out. Folders
 * that were made get the mode and times of theirs when all is in them.
 */
export async function moveTree(order: Order, facts: FileFacts): Promise<void> {
  const { to, moved, signal } = order;
  const made: Folder[] = [];
  const rest: Folder[] = [{ fromPath: order.fromPath, toPath: order.toPath, depth: 0, facts }];
  let seen = 0;
  for (let folder = rest.pop(); folder !== undefined; folder = rest.pop()) {
    signal.throwIfAborted();
    try {
      if (await makeFolder(order, folder)) made.push(folder);
      const { files, folders, twins } = await entriesOf(order, folder, (count) => {
        seen += count;
        if (seen > MOST) throw new SshMcpError("limit_reached", `more than ${MOST} entries lie below it`);
      });
      rest.push(...folders.reverse());
      await moveFiles(order, folder, files);
      for (const twin of twins) await moveTwin(order, folder, twin);
    } catch (error) {
      if (error instanceof SshMcpError && error.code === "limit_reached") throw error;
      if (folder.depth === 0) throw error;
      if (error instanceof SshMcpError && error.code === "denied")
        tellLeftOut(moved, folder.fromPath, error.message);
      else tellFailed(order, folder.fromPath, error);
    }
  }
  for (const { toPath, facts: its } of made.reverse()) {
    const { mode, mtime, atime = mtime } = its;
    await to.files
      .set(toPath, {
        ...(mode === undefined ? {} : { mode: mode & (to.host === undefined ? 0o755 : 0o777) }),
        ...(mtime === undefined || atime === undefined ? {} : { times: { atime, mtime } }),
      })
      .catch((error: unknown) => {
        if (error instanceof SshMcpError && error.code === "connect_failed") throw error;
        moved.notes.push(`mode and times of ${at(to, visibleLine(toPath))} were not kept`);
      });
  }
}

/** True: it was not there. @throws SshMcpError `file_exists`: something else is. */
async function makeFolder({ to }: Order, { toPath, twin }: Folder): Promise<boolean> {
  const there = await factsAt(to, toPath);
  if (twin !== undefined && (await isAlias(to, toPath, twin)))
    throw new SshMcpError("denied", `its name and ${visibleLine(twin)} are one there`);
  if (there?.type === "dir") return false;
  if (there?.type === "link" && (await to.files.stat(toPath)).type === "dir")
    throw new SshMcpError(
      "file_exists",
      `${at(to, visibleLine(toPath))} is a link to a folder`,
      "Name the folder itself.",
    );
  if (there !== undefined)
    throw new SshMcpError("file_exists", `${at(to, visibleLine(toPath))} is there and no folder`);
  await to.files.mkdir(toPath, 0o700);
  return true;
}

/** A name that is another's but for its case, or how its accents are written. */
interface Twin {
  readonly entry: DirEntry;
  readonly of: string;
}

async function entriesOf({ from, to, moved }: Order, folder: Folder, count: (more: number) => void) {
  const files: DirEntry[] = [];
  const twins: Twin[] = [];
  const folders: Folder[] = [];
  const names = new Map<string, string>();
  for await (const entries of from.files.list(folder.fromPath)) {
    count(entries.length);
    for (const entry of entries) {
      const { name, facts } = entry;
      const fromPath = from.join(folder.fromPath, name);
      if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
        tellLeftOut(
          moved,
          `${folder.fromPath}/${name.replaceAll("\0", "\\0")}`,
          "its name leads out of its folder",
        );
        continue;
      }
      const of = names.get(folded(name));
      names.set(folded(name), name);
      if (of === name) tellLeftOut(moved, fromPath, "it was listed twice");
      else if (facts.type === "file" && of === undefined) files.push(entry);
      else if (facts.type === "file" && of !== undefined) twins.push({ entry, of });
      else if (facts.type !== "dir")
        tellLeftOut(moved, fromPath, KINDS[facts.type] ?? "it is no regular file");
      else if (folder.depth >= DEEPEST)
        tellLeftOut(moved, fromPath, `it lies more than ${DEEPEST} folders deep`);
      else {
        const below = { fromPath, toPath: to.join(folder.toPath, name), depth: folder.depth + 1, facts };
        folders.push(of === undefined ? below : { ...below, twin: of });
      }
    }
  }
  return { files, folders, twins };
}

const KINDS: Readonly<Partial<Record<FileFacts["type"], string>>> = {
  link: "it is a link",
  fifo: "it is a pipe",
  socket: "it is a socket",
  char_device: "it is a device",
  block_device: "it is a device",
  unknown: "what it is, or its name, is not known",
};

/** Files of one folder, some at once; compared and put in place together. */
async function moveFiles(order: Order, folder: Folder, files: readonly DirEntry[]): Promise<void> {
  for (let from = 0; from < files.length; ) {
    const batch: Pair[] = [];
    for (let bytes = 0; batch.length < TOGETHER && bytes < TOGETHER_BYTES && from < files.length; from++) {
      const entry = files[from];
      if (entry === undefined) break;
      batch.push({
        entry,
        fromPath: order.from.join(folder.fromPath, entry.name),
        toPath: order.to.join(folder.toPath, entry.name),
      });
      bytes += entry.facts.size ?? 0;
    }
    const wanted = await notThere(order, batch);
    await settle(
      order,
      await inParallel(order, wanted, (pair, share) => fillPair(order, folder, pair, share)),
    );
  }
}

interface Pair {
  readonly entry: DirEntry;
  readonly fromPath: string;
  readonly toPath: string;
}

/** Those that have to be brought; what is there already, or is in the way, is told. */
async function notThere(order: Order, batch: readonly Pair[]): Promise<Pair[]> {
  const { to, moved } = order;
  const alike: Pair[] = [];
  const wanted = await inParallel(order, batch, async (pair) => {
    const there = await factsAt(to, pair.toPath);
    if (likeFile(pair.entry.facts, there)) {
      alike.push(pair);
      return undefined;
    }
    assertFree(there, at(to, pair.toPath), order.overwrite);
    return pair;
  });
  const same = await sameBytes(order, alike);
  for (const [index, pair] of alike.entries()) {
    if (same[index] === false) {
      if (order.overwrite) wanted.push(pair);
      else tellFailed(order, pair.fromPath, otherBytes(at(to, pair.toPath)));
      continue;
    }
    moved.same += 1;
    if (same[index] === undefined) moved.alike += 1;
  }
  return wanted;
}

function otherBytes(where: string): SshMcpError {
  return new SshMcpError("file_exists", `${visibleLine(where)} is there already, with other bytes`);
}

/** Does the work for some at once; what one of them throws is told, unless it ends everything. */
async function inParallel<T>(
  order: Order,
  pairs: readonly Pair[],
  work: (pair: Pair, share: number) => Promise<T | undefined>,
): Promise<T[]> {
  const { from, to, moved, signal, pace } = order;
  const most = pace.careful ? 1 : AT_ONCE;
  const share = Math.max(1, Math.min(most, from.files.window.requests, to.files.window.requests));
  const done: T[] = [];
  const again: Pair[] = [];
  let next = 0;
  const worker = async () => {
    for (let pair = pairs[next++]; pair !== undefined; pair = pairs[next++]) {
      signal.throwIfAborted();
      try {
        const one = await work(pair, share);
        if (one !== undefined) done.push(one);
      } catch (error) {
        if (slowDown(order, error) || (pace.careful && share > 1)) {
          again.push(pair);
          continue;
        }
        const leftOut = error instanceof SshMcpError && error.code === "denied";
        if (leftOut) tellLeftOut(moved, pair.fromPath, error.message);
        else tellFailed(order, pair.fromPath, error);
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(share, pairs.length) }, worker));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  if (again.length === 0) return done;
  const slow = await inParallel(order, again, work);
  // It failed one by one, too: that was not the reason.
  if (slow.length === 0) pace.careful = false;
  return [...done, ...slow];
}

function fillPair(order: Order, folder: Folder, { entry, fromPath }: Pair, share: number): Promise<Filled> {
  return fill(order, fromPath, { folder: folder.toPath, name: entry.name }, share);
}

/** Last, when its twin is there. */
async function moveTwin(order: Order, folder: Folder, { entry, of }: Twin): Promise<void> {
  const { from, to, moved } = order;
  if (await isAlias(to, to.join(folder.toPath, entry.name), of))
    tellLeftOut(
      moved,
      from.join(folder.fromPath, entry.name),
      `its name and ${visibleLine(of)} are one there`,
    );
  else await moveFiles(order, folder, [entry]);
}

/** Something is found under the name, and both names do not stand in the folder side by side. */
async function isAlias(to: Side, path: string, twin: string): Promise<boolean> {
  if ((await factsAt(to, path)) === undefined) return false;
  const { folder, name } = to.split(path);
  const missing = new Set([name, twin]);
  for await (const entries of to.files.list(folder)) for (const entry of entries) missing.delete(entry.name);
  return missing.size > 0;
}
