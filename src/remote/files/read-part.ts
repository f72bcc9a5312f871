import { SshMcpError } from "../../base/errors.ts";
import { grouped } from "../../base/text.ts";
import type { FileFacts, RemoteFile, RemoteFiles } from "./contract.ts";
import { factsOrWhyNot } from "./not-there.ts";
import { typeWord } from "./shown.ts";
import { FileReader } from "./stream.ts";

/** A larger file is read in parts only. */
export const WHOLE_BYTES = 10_000_000;
/** At most kept of a part that is asked for by lines, and of the end of a file. */
const PART_BYTES = 4_000_000;
/** What a range of bytes has where no length is given. */
export const RANGE_BYTES = 65_536;

/** Which part of a file is wanted: lines from `offset` (from 1; negative: from the end), or bytes from `byteOffset`. */
export interface Part {
  readonly offset?: number | undefined;
  readonly lines?: number | undefined;
  readonly byteOffset?: number | undefined;
  readonly bytes?: number | undefined;
}

/** The bytes of a part. */
export interface PartRead {
  readonly facts: FileFacts;
  readonly bytes: Buffer;
  /** Position of the first of them in the file, and number of the line that begins there; undefined: not counted. */
  readonly from: number;
  readonly line: number | undefined;
  /** They reach to the end of the file. */
  readonly toEnd: boolean;
  /** Lines of the whole file, where all of it was read. */
  readonly total?: number;
  /** What changed while it was read. */
  readonly changed?: string;
}

const NEWLINE = 0x0a;

/**
 * Reads a part of a file; whatever size it is said to have counts for nothing. @throws SshMcpError `file_failed` for what is
 * no file, and for one that is too large to be read whole.
 */
export async function readPart(
  files: RemoteFiles,
  path: string,
  part: Part,
  signal: AbortSignal,
): Promise<PartRead> {
  // Opening a FIFO or a device may wait for ever, on the server, and every other call with it.
  assertReadable(await factsOrWhyNot(files, path), path);
  const file = await files.open(path, "read");
  try {
    const facts = await factsOf(files, file, path);
    assertReadable(facts, path);
    const { offset, lines, byteOffset } = part;
    if (byteOffset !== undefined) return await range(file, facts, { files, from: byteOffset, part, signal });
    const size = facts.size ?? 0;
    if (offset !== undefined && offset < 0 && size > WHOLE_BYTES)
      return await lastLines(file, facts, { files, count: -offset, signal });
    if (size > WHOLE_BYTES && offset === undefined && lines === undefined) throw tooLarge(path, size);
    return await fromStart(file, facts, { files, path, part, signal });
  } finally {
    await file.close().catch(() => {});
  }
}

async function factsOf(files: RemoteFiles, file: RemoteFile, path: string): Promise<FileFacts> {
  return file.stat().catch(() => files.stat(path));
}

function assertReadable({ type }: FileFacts, path: string): void {
  if (type === "file" || type === "unknown" || type === "link") return;
  throw new SshMcpError(
    "file_failed",
    `${path} is ${typeWord(type)}, and is not read`,
    type === "dir" ? "ssh_list_dir shows what is in it." : undefined,
  );
}

function tooLarge(path: string, size: number): SshMcpError {
  return new SshMcpError(
    "file_failed",
    `${path} has ${grouped(size)} bytes; up to ${grouped(WHOLE_BYTES)} are read whole`,
    "offset and lines read a part (offset: -100 the end), byte_offset too; ssh_download fetches all of it.",
  );
}

interface Reading {
  readonly files: RemoteFiles;
  readonly signal: AbortSignal;
}

async function range(
  file: RemoteFile,
  facts: FileFacts,
  { files, from, part, signal }: Reading & { readonly from: number; readonly part: Part },
): Promise<PartRead> {
  const wanted = Math.min(part.bytes ?? RANGE_BYTES, PART_BYTES);
  const pieces: Buffer[] = [];
  let got = 0;
  for await (const piece of new FileReader(file, files.window, { from, signal })) {
    pieces.push(piece);
    got += piece.length;
    if (got > wanted) break;
  }
  const bytes = Buffer.concat(pieces);
  return {
    facts,
    bytes: bytes.subarray(0, wanted),
    from,
    line: from === 0 ? 1 : undefined,
    toEnd: got <= wanted,
  };
}

/** From the first byte on, keeping only what is wanted of it. */
async function fromStart(
  file: RemoteFile,
  facts: FileFacts,
  { files, path, part, signal }: Reading & { readonly path: string; readonly part: Part },
): Promise<PartRead> {
  const first = Math.max(1, part.offset ?? 1);
  const last = part.lines === undefined || (part.offset ?? 1) < 0 ? Infinity : first + part.lines - 1;
  const most = part.offset === undefined && part.lines === undefined ? WHOLE_BYTES : PART_BYTES * 2;
  const reader = new FileReader(file, files.window, { signal });
  const pieces: Buffer[] = [];
  let kept = 0;
  let from = 0;
  let position = 0;
  let line = 1;
  let whole = true;
  let endsWith = NEWLINE;
  for await (const piece of reader) {
    let start = 0;
    while (line < first) {
      const end = piece.indexOf(NEWLINE, start);
      if (end < 0) break;
      line++;
      start = end + 1;
      from = position + start;
    }
    position += piece.length;
    endsWith = piece.at(-1) ?? endsWith;
    if (line < first) continue;
    pieces.push(piece.subarray(start));
    kept += piece.length - start;
    if (kept > most) {
      if (most === WHOLE_BYTES) throw tooLarge(path, Math.max(facts.size ?? 0, position));
      whole = false;
      break;
    }
    if (last !== Infinity && newlines(pieces, last - first + 1)) {
      whole = false;
      break;
    }
  }
  const bytes = firstLines(Buffer.concat(pieces), last - first + 1);
  const changed = reader.ended?.changed;
  const open = endsWith !== NEWLINE ? 1 : 0;
  const total = whole ? line - 1 + (line < first ? open : countLines(bytes)) : undefined;
  return {
    facts,
    bytes,
    from,
    line: first,
    toEnd: whole,
    ...(total === undefined ? {} : { total }),
    ...(changed === undefined ? {} : { changed }),
  };
}

/** The first `count` lines of them. */
function firstLines(bytes: Buffer, count: number): Buffer {
  if (count === Infinity) return bytes;
  let end = 0;
  for (let lines = 0; lines < count; lines++) {
    const at = bytes.indexOf(NEWLINE, end);
    if (at < 0) return bytes;
    end = at + 1;
  }
  return bytes.subarray(0, end);
}

/** Where the last `count` lines begin. */
function startOfLast(bytes: Buffer, count: number): number {
  let at = bytes.length - (bytes.at(-1) === NEWLINE ? 1 : 0);
  for (let lines = 0; lines < count && at > 0; lines++) {
    const newline = bytes.lastIndexOf(NEWLINE, at - 1);
    if (newline < 0) return 0;
    if (lines + 1 === count) return newline + 1;
    at = newline;
  }
  return 0;
}

/** Whether the pieces hold at least so many newlines; looked at from the last, as each piece is asked for once. */
function newlines(pieces: readonly Buffer[], wanted: number): boolean {
  let found = 0;
  for (const piece of pieces)
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1))
      if (++found >= wanted) return true;
  return false;
}

/** Lines that begin in these bytes: one without a newline at the end counts. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count + (bytes.length > 0 && bytes.at(-1) !== NEWLINE ? 1 : 0);
}

/** The end of a large file, read backwards until there are enough lines. */
async function lastLines(
  file: RemoteFile,
  facts: FileFacts,
  { files, count, signal }: Reading & { readonly count: number },
): Promise<PartRead> {
  const size = facts.size ?? 0;
  for (let reach = 256 * 1024; ; reach *= 4) {
    const from = Math.max(0, size - Math.min(reach, PART_BYTES));
    const pieces: Buffer[] = [];
    for await (const piece of new FileReader(file, files.window, { from, signal })) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    if (countLines(bytes) > count || from === 0 || reach >= PART_BYTES) {
      // What is before the first newline is the end of a line that began earlier.
      const start = Math.max(from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1, startOfLast(bytes, count));
      return { facts, bytes: bytes.subarray(start), from: from + start, line: undefined, toEnd: true };
    }
  }
}
