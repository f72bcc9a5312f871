import { createHash, type Hash, randomBytes } from "node:crypto";
import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFile } from "../files/contract.ts";
import { FileReader, type Window } from "../files/stream.ts";
import type { Side } from "./side.ts";

/** Compared where no side can tell a checksum: the last bytes of what is there already. */
const TAIL = 1024 * 1024;
const LONGEST_NAME = 255;

/**
 * Name of the unfinished file beside `name`. It names its source, by what that was when it was read: what lies under it came
 * from there and from nothing else, and goes on only with the same.
 */
export function partName(
  name: string,
  source: { readonly host: string | undefined; readonly path: string },
  facts: FileFacts,
): string {
  const { size, mtime } = facts;
  // Of a file whose time nobody knows nothing says that it is still the same.
  const same =
    mtime === undefined
      ? randomBytes(16)
      : [source.host ?? "", source.path, String(size), String(mtime)].join("\0");
  const ending = `.${createHash("sha256").update(same).digest("hex").slice(0, 8)}.part`;
  let kept = name;
  while (Buffer.byteLength(kept) > LONGEST_NAME - ending.length) kept = [...kept].slice(0, -1).join("");
  return kept + ending;
}

/** An end of the comparison: a file of a side, open for reading. */
export interface Opened {
  readonly side: Side;
  readonly path: string;
  readonly file: RemoteFile;
  readonly window: Window;
}

/** How much of a part can be gone on with, and why not all of it. */
export interface Kept {
  readonly bytes: number;
  /** SHA-256 of these bytes, to be gone on with; undefined: nobody read them all. */
  readonly hash: Hash | undefined;
  readonly why?: string;
}

/**
 * The first bytes of a part that are those of its source, by checksum where a side tells one, else by its last megabyte. A
 * part on a host may have holes where requests were out when its writing ended: its last window is not gone on with.
 */
export async function keptOf(
  source: Opened,
  part: Opened & { readonly size: number },
  signal: AbortSignal | undefined,
): Promise<Kept> {
  const { write, requests } = part.side.files.window;
  const bytes = part.side.host === undefined ? part.size : part.size - write * requests;
  if (bytes <= 0) return { bytes: 0, hash: createHash("sha256") };
  const sums = await Promise.all([source, part].map((end) => sumOf(end, bytes, signal)));
  const [first, second] = sums.map((sum) => sum?.hex);
  if (first !== undefined && second !== undefined) {
    const hash = sums.find((sum) => sum?.hash !== undefined)?.hash;
    return first === second
      ? { bytes, hash }
      : { bytes: 0, hash: createHash("sha256"), why: "its bytes are not those of the file" };
  }
  const from = Math.max(0, bytes - TAIL);
  const [one, other] = await Promise.all([source, part].map((end) => readRange(end, from, bytes, signal)));
  const same = one !== undefined && other !== undefined && one.equals(other);
  const hash = sums.find((sum) => sum?.hash !== undefined)?.hash;
  return same
    ? { bytes, hash }
    : { bytes: 0, hash: createHash("sha256"), why: "its last bytes are not those of the file" };
}

/** Here it is read; on a host only its own word is asked for, since reading is what is to be spared. */
async function sumOf(
  { side, path, file, window }: Opened,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly hex: string; readonly hash?: Hash } | undefined> {
  if (side.host !== undefined) {
    const [hex] = (await side.sums?.([{ path, bytes }], signal)) ?? [];
    return hex === undefined ? undefined : { hex };
  }
  const hash = createHash("sha256");
  for await (const piece of firstBytes(file, window, 0, bytes, signal)) hash.update(piece);
  return { hex: hash.copy().digest("hex"), hash };
}

async function readRange(
  { file, window }: Opened,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of firstBytes(file, window, from, to, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* firstBytes(
  file: RemoteFile,
  window: Window,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let left = to - from;
  for await (const piece of new FileReader(file, window, { from, signal })) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
  throw new SshMcpError("file_changed", `it ended ${left} bytes early while it was compared`);
}
