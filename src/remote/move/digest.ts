import { createHash, type Hash } from "node:crypto";
import type { ContentDigest } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { DirEntry, RemoteFiles } from "../files/contract.ts";

/** A person waits for it, and it is read twice. */
const MOST_BYTES = 2 ** 30;
const MOST_FILES = 10_000;
const MOST_DEPTH = 64;
const PIECE = 256 * 1024;

type Readable = Pick<RemoteFiles, "stat" | "list" | "open" | "readlink">;

interface Sum {
  readonly hash: Hash;
  files: number;
  bytes: number;
}

/**
 * Everything that a transfer of this path would take with it, as one digest: names below the path, kinds, permission bits and
 * contents. @throws SshMcpError where it cannot be read, `limit_reached` where it is too much.
 */
export async function contentDigest(files: Readable, path: string): Promise<ContentDigest> {
  const sum: Sum = { hash: createHash("sha256"), files: 0, bytes: 0 };
  const { type, mode } = await files.stat(path);
  await added(files, { at: path, name: "", type, mode, depth: 0 }, sum);
  return { sha256: sum.hash.digest("hex"), files: sum.files, bytes: sum.bytes };
}

interface Part {
  readonly at: string;
  /** Below the path that is sent. */
  readonly name: string;
  readonly type: DirEntry["facts"]["type"];
  readonly mode: number | undefined;
  readonly depth: number;
}

async function added(files: Readable, part: Part, sum: Sum): Promise<void> {
  const { at, name, type, mode, depth } = part;
  sum.hash.update(JSON.stringify([name, type, (mode ?? 0) & 0o7777]));
  if (type === "file") return addedFile(files, at, sum);
  if (type === "link") sum.hash.update(JSON.stringify(await files.readlink(at).catch(() => "")));
  if (type !== "dir") return;
  if (depth >= MOST_DEPTH) throw tooMuch(at);
  const entries: DirEntry[] = [];
  for await (const some of files.list(at)) {
    entries.push(...some);
    if (entries.length > MOST_FILES) throw tooMuch(at);
  }
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1)))
    await added(
      files,
      {
        at: `${at.replace(/\/+$/, "")}/${entry.name}`,
        name: `${name}/${entry.name}`,
        type: entry.facts.type,
        mode: entry.facts.mode,
        depth: depth + 1,
      },
      sum,
    );
}

async function addedFile(files: Readable, at: string, sum: Sum): Promise<void> {
  sum.files++;
  const file = await files.open(at, "read").catch((error: unknown) => {
    // What may not leave this machine is not sent either.
    if (error instanceof SshMcpError && sum.files > 1) return undefined;
    throw error;
  });
  if (file === undefined) {
    sum.hash.update("unread");
    return;
  }
  try {
    const own = createHash("sha256");
    let position = 0;
    for (;;) {
      const piece = await file.read(position, PIECE);
      if (piece.length === 0) break;
      own.update(piece);
      position += piece.length;
      sum.bytes += piece.length;
      if (sum.bytes > MOST_BYTES || sum.files > MOST_FILES) throw tooMuch(at);
    }
    sum.hash.update(JSON.stringify([position, own.digest("hex")]));
  } finally {
    await file.close();
  }
}

function tooMuch(at: string): SshMcpError {
  return new SshMcpError(
    "limit_reached",
    `a human has to approve exactly what is sent, and this is more than can be shown to be the same later (${visibleLine(at, 200)}: over 1 GiB, 10000 files or 64 folders deep); nothing was sent`,
    "Send it in parts, or ask the operator to allow this place by a rule of the host's policy.",
  );
}
