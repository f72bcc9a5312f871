import { createHash } from "node:crypto";
import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFiles } from "./contract.ts";
import { folderOf, nameOf } from "./names.ts";
import { shownName } from "./shown.ts";
import { FileReader } from "./stream.ts";

/** Up to this size the content of a file that is written is read before: for the difference, and to put it back. */
export const MOST_BYTES = 10_000_000;
/** Entries of a folder that are looked through for how many names a file has. */
const MOST_ENTRIES = 5_000;

/** A file as it is before it is written. */
export interface Present {
  /** Its own path, links followed. */
  readonly path: string;
  /** The link that led there. */
  readonly link?: string;
  /** Undefined: there is none yet. */
  readonly file: { readonly facts: FileFacts; readonly content: Buffer } | undefined;
}

/** Looks at the file, and reads it. @throws SshMcpError `file_failed` for what is no file, a link to nothing, one too large. */
export async function presentFile(files: RemoteFiles, given: string, signal?: AbortSignal): Promise<Present> {
  const own = await ifThere(files.lstat(given));
  if (own === undefined) return { path: given, file: undefined };
  const link = own.type === "link";
  const path = link ? await files.realpath(given).catch(toNothing(given)) : given;
  const facts = link ? await files.stat(given).catch(toNothing(given)) : own;
  if (facts.type !== "file" && facts.type !== "unknown")
    throw new SshMcpError(
      "file_failed",
      `${shownName(given)} is no regular file (${facts.type}), and is not written`,
    );
  const content = await contentOf(files, path, signal);
  return { path, ...(link ? { link: given } : {}), file: { facts, content } };
}

export async function contentOf(files: RemoteFiles, path: string, signal?: AbortSignal): Promise<Buffer> {
  const file = await files.open(path, "read");
  try {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of new FileReader(file, files.window, { signal })) {
      pieces.push(piece);
      length += piece.length;
      if (length > MOST_BYTES)
        throw new SshMcpError(
          "file_failed",
          `${shownName(path)} has more than ${MOST_BYTES / 1e6} MB, and is neither edited nor written over`,
          "Use ssh_upload, or ssh_exec with a tool of the host.",
        );
    }
    return Buffer.concat(pieces);
  } finally {
    await file.close().catch(() => {});
  }
}

/** Undefined: the server does not tell, or not among the first entries of the folder. */
export async function namesOfFile(files: RemoteFiles, path: string): Promise<number | undefined> {
  let looked = 0;
  for await (const entries of files.list(folderOf(path))) {
    const entry = entries.find(({ name }) => name === nameOf(path));
    if (entry !== undefined) return entry.links;
    looked += entries.length;
    if (looked >= MOST_ENTRIES) return undefined;
  }
  return undefined;
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Undefined: there is no such file. */
export async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SshMcpError && error.code === "no_such_file") return undefined;
    throw error;
  }
}

function toNothing(link: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof SshMcpError && error.code === "no_such_file")
      throw new SshMcpError(
        "file_failed",
        `${shownName(link)} is a link to a file that is not there`,
        "Name the file itself to make it.",
      );
    throw error;
  };
}
