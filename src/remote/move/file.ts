import { createHash } from "node:crypto";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { FileFacts, RemoteFile } from "../files/contract.ts";
import { FileReader, type Reading, type Window, writeAll } from "../files/stream.ts";
import { type Kept, keptOf, partName } from "./part.ts";
import { at, type Side } from "./side.ts";

export interface Ends {
  readonly from: Side;
  readonly to: Side;
  /** What stands under the name may be replaced. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Bytes that have arrived at the other side. */
  readonly onBytes?: (bytes: number) => void;
  /** How hosts are asked; one that failed at requests at once is asked one by one from then on. */
  readonly pace: Pace;
}

export interface Pace {
  careful: boolean;
}

/** What every server takes (draft-ietf-secsh-filexfer-02, section 3). */
const CAREFUL: Window = { read: 32 * 1024, write: 32 * 1024, requests: 1 };

/** What each of `share` files at once may have out at a side. */
export function windowOf({ host, files: { window } }: Side, { careful }: Pace, share = 1): Window {
  if (careful && host !== undefined) return CAREFUL;
  return { ...window, requests: Math.max(1, Math.floor(window.requests / share)) };
}

/** Whether it is worth while to ask once more, one request after the other; remembered, if it is. */
export function slowDown({ pace, signal }: Pick<Ends, "pace" | "signal">, error: unknown): boolean {
  if (pace.careful || signal.aborted || !(error instanceof SshMcpError) || error.code !== "file_failed")
    return false;
  pace.careful = true;
  return true;
}

/** A file whose bytes are all at the other side, not yet under its name. */
export interface Filled {
  readonly fromPath: string;
  readonly toPath: string;
  readonly part: string;
  /** Bytes of the whole file, and of them those that were there before. */
  readonly size: number;
  readonly resumed: number;
  /** SHA-256 of what was read, in hex; undefined: a part that was there was not read again. */
  readonly sha256: string | undefined;
  /** What happened to the source meanwhile, as a sentence without its subject. */
  readonly changed: string | undefined;
  /** A file of /proc and the like, which says a size of 0 and has text: it is made with each reading, and no two need be the same. */
  readonly anew: boolean;
  readonly notes: readonly string[];
}

/** The bits kept on a host; here nobody but the owner is given leave to write, whatever a server says. */
const KEPT_MODE = { there: 0o777, here: 0o755 };

/** What a file is under its name now; undefined: there is nothing. */
export async function factsAt({ files }: Side, path: string): Promise<FileFacts | undefined> {
  try {
    return await files.lstat(path);
  } catch (error) {
    if (error instanceof SshMcpError && error.code === "no_such_file") return undefined;
    throw error;
  }
}

/** @throws SshMcpError `file_exists`, `file_failed`: something stands in the way under that name. */
export function assertFree(there: FileFacts | undefined, where: string, overwrite: boolean): void {
  if (there === undefined) return;
  const shown = visibleLine(where);
  if (there.type === "dir") throw new SshMcpError("file_exists", `${shown} is a folder`);
  if (there.type !== "file" && there.type !== "unknown")
    throw new SshMcpError(
      "file_exists",
      `${shown} is ${there.type === "link" ? "a link" : "a special file"}, which is not replaced`,
      there.type === "link" ? "Name the file that it points to." : undefined,
    );
  if (!overwrite)
    throw new SshMcpError(
      "file_exists",
      `${shown} is there already`,
      "overwrite: true replaces it; nothing was changed.",
    );
}

/**
 * Brings a file's bytes into a `.part` beside its new name, going on with one that is there from the same source, with mode
 * and times. Whatever fails, the part is left for the next try, unless it is empty. @throws SshMcpError, the signal's reason.
 */
export async function fill(
  { from, to, signal, onBytes, pace }: Ends,
  fromPath: string,
  { folder, name }: { readonly folder: string; readonly name: string },
  share = 1,
): Promise<Filled> {
  const source = await from.files.open(fromPath, "read");
  try {
    const facts = await source.stat().catch((): FileFacts => ({ type: "unknown" }));
    const part = to.join(folder, partName(name, { host: from.host, path: fromPath }, facts));
    const { file, kept, notes } = await openPart(
      { from, to, signal, pace },
      { source, fromPath, facts },
      part,
    );
    let size = kept.bytes;
    try {
      if (kept.bytes > 0) onBytes?.(kept.bytes);
      const [reading, writing] = [windowOf(from, pace, share), windowOf(to, pace, share)];
      // A piece goes out as one request, and the memory it lies in is used again.
      const fitting = { ...reading, read: Math.min(reading.read, writing.write) };
      const reader = new FileReader(source, fitting, { from: kept.bytes, signal });
      // Where no side tells a sum there is nothing to hold ours against.
      const hash = (from.sums ?? to.sums) === undefined ? undefined : kept.hash;
      const pieces = hash === undefined ? reader : hashed(reader, hash);
      const onWritten = (piece: Buffer) => reader.release(piece);
      size += await writeAll(file, pieces, writing, { from: kept.bytes, signal, onBytes, onWritten });
      const unkept = await keepFacts(to, file, facts);
      const there = await file.stat().catch(() => undefined);
      if (there?.size !== undefined && there.size !== size)
        throw new SshMcpError(
          "file_failed",
          `${at(to, visibleLine(part))} has ${there.size} bytes after ${size} were written`,
        );
      await file.close();
      return {
        fromPath,
        toPath: to.join(folder, name),
        part,
        size,
        resumed: kept.bytes,
        sha256: hash?.digest("hex"),
        changed: reader.ended?.changed,
        anew: isMadeAnew(reader.ended),
        notes: [...notes, ...unkept],
      };
    } catch (error) {
      await file.close().catch(() => {});
      const left = await factsAt(to, part).catch(() => undefined);
      if (left?.size === 0) await to.files.remove(part).catch(() => {});
      throw error;
    }
  } finally {
    await source.close().catch(() => {});
  }
}

function isMadeAnew(reading: Reading | undefined): boolean {
  return reading !== undefined && reading.before.size === 0 && reading.after.size === 0 && reading.bytes > 0;
}

interface Source {
  readonly source: RemoteFile;
  readonly fromPath: string;
  readonly facts: FileFacts;
}

/** The part, open for writing, and how much of it is there. */
async function openPart(
  { from, to, signal, pace }: Pick<Ends, "from" | "to" | "signal" | "pace">,
  { source, fromPath, facts }: Source,
  part: string,
): Promise<{ readonly file: RemoteFile; readonly kept: Kept; readonly notes: readonly string[] }> {
  const none: Kept = { bytes: 0, hash: createHash("sha256") };
  const there = await factsAt(to, part);
  if (there === undefined) return { file: await created(to, part), kept: none, notes: [] };
  if (there.type !== "file")
    throw new SshMcpError("file_exists", `${at(to, visibleLine(part))} is in the way: it is no file`);
  const size = there.size ?? 0;
  let kept: Kept = none;
  if (size > 0 && facts.size !== undefined && size <= facts.size) {
    const written = await to.files.open(part, "read");
    try {
      kept = await keptOf(
        { side: from, path: fromPath, file: source, window: windowOf(from, pace) },
        { side: to, path: part, file: written, size, window: windowOf(to, pace) },
        signal,
      );
    } finally {
      await written.close().catch(() => {});
    }
  }
  if (kept.bytes > 0) return { file: await to.files.open(part, "write"), kept, notes: [] };
  await to.files.remove(part);
  const why = kept.why ?? (size === 0 ? undefined : "too little of it was there to go on with");
  const notes = why === undefined ? [] : [`${at(to, visibleLine(part))} was begun anew: ${why}`];
  return { file: await to.files.open(part, "create", 0o600), kept, notes };
}

/** Where it cannot be made its folder is what is missing, and not the part. */
async function created(to: Side, part: string): Promise<RemoteFile> {
  try {
    return await to.files.open(part, "create", 0o600);
  } catch (error) {
    if (!(error instanceof SshMcpError) || error.code !== "no_such_file") throw error;
    const folder = visibleLine(to.split(part).folder);
    throw new SshMcpError(
      "no_such_file",
      `there is no folder ${at(to, folder)}; nothing was sent`,
      "Make it first.",
      {
        cause: error,
      },
    );
  }
}

/** Mode and times on the open part; a server that takes neither is no reason to fail, and is told. */
async function keepFacts(
  to: Side,
  file: RemoteFile,
  { mode, mtime, atime = mtime }: FileFacts,
): Promise<readonly string[]> {
  const mask = to.host === undefined ? KEPT_MODE.here : KEPT_MODE.there;
  try {
    await file.set({
      ...(mode === undefined ? {} : { mode: mode & mask }),
      ...(mtime === undefined || atime === undefined ? {} : { times: { atime, mtime } }),
    });
    return [];
  } catch (error) {
    if (error instanceof SshMcpError && error.code === "connect_failed") throw error;
    return [`mode and times were not kept: ${messageOf(error)}`];
  }
}

async function* hashed(
  source: AsyncIterable<Buffer>,
  hash: NonNullable<Kept["hash"]>,
): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}
