import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { devNull } from "node:os";

/** Why a path cannot be read as a file of configuration, as the end of a sentence that begins with its name. */
export class UnusableFile extends Error {}

/** Opening neither waits for a writer (FIFO) nor makes a terminal ours. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const PIECE = 64 * 1024;
/** What people name where they want no file: `UserKnownHostsFile /dev/null`. */
const NOTHING = Buffer.alloc(0);

/**
 * A regular file of `maxBytes` at most, judged by its open descriptor, so that nobody swaps it in between; `check` may
 * refuse it by its stats. @throws UnusableFile, what `check` throws, and the system's errors.
 */
export async function readRegularFile(
  path: string,
  maxBytes: number,
  check?: (stats: Stats) => void,
): Promise<Buffer> {
  if (path === devNull) return NOTHING;
  const file = await open(path, FLAGS);
  try {
    const stats = await file.stat();
    assertUsable(stats, maxBytes);
    check?.(stats);
    const pieces = new Pieces(maxBytes);
    for (let read = -1; read !== 0; ) {
      const piece = Buffer.alloc(PIECE);
      read = (await file.read(piece, 0, PIECE)).bytesRead;
      pieces.add(piece.subarray(0, read));
    }
    return pieces.whole;
  } finally {
    await file.close();
  }
}

/** As `readRegularFile`, for places that cannot wait. */
export function readRegularFileSync(path: string, maxBytes: number): Buffer {
  if (path === devNull) return NOTHING;
  const fd = openSync(path, FLAGS);
  try {
    assertUsable(fstatSync(fd), maxBytes);
    const pieces = new Pieces(maxBytes);
    for (let read = -1; read !== 0; ) {
      const piece = Buffer.alloc(PIECE);
      read = readSync(fd, piece);
      pieces.add(piece.subarray(0, read));
    }
    return pieces.whole;
  } finally {
    closeSync(fd);
  }
}

function assertUsable(stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new UnusableFile("is not a regular file");
  if (stats.size > maxBytes) throw tooLarge(maxBytes);
}

/** A file's size may be wrong (those under /proc have none), and it may grow while it is read. */
class Pieces {
  readonly #maxBytes: number;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) throw tooLarge(this.#maxBytes);
    this.#pieces.push(piece);
  }

  get whole(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

function tooLarge(maxBytes: number): UnusableFile {
  const size = maxBytes >= 1024 * 1024 ? `${maxBytes / (1024 * 1024)} MiB` : `${maxBytes / 1024} KiB`;
  return new UnusableFile(`is larger than ${size}`);
}
