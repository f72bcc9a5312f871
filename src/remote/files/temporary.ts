import { randomBytes } from "node:crypto";
import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFile, RemoteFiles } from "./contract.ts";
import { folderOf, inFolder, nameOf } from "./names.ts";
import { shownName } from "./shown.ts";

/** setuid, setgid, sticky: a write by another than root takes the first two away. */
const SPECIAL = 0o7000;
/** A name's length, which leaves room for what we put around it (255 bytes on most file systems). */
const MAX_NAME = 50;

/** A new file beside the one whose place it is to take; what it says of its maker is known from it. */
export interface Temporary {
  readonly path: string;
  readonly file: RemoteFile;
  /** As the server made it. */
  readonly facts: FileFacts;
}

/** Hidden, and nobody guesses its name. */
export function hiddenBeside(path: string): string {
  return inFolder(
    folderOf(path),
    `.${[...nameOf(path)].slice(0, MAX_NAME).join("")}.${randomBytes(8).toString("hex")}`,
  );
}

/**
 * Made exclusively, with this mode from the first moment on. `may` learns the name under which it may be there, and that it is
 * not where the server refused it. @throws SshMcpError of `open`.
 */
export async function makeTemporary(
  files: RemoteFiles,
  path: string,
  mode: number,
  may: (path: string | undefined) => void,
): Promise<Temporary> {
  const temporary = hiddenBeside(path);
  may(temporary);
  const file = await files.open(temporary, "create", mode).catch((error: unknown) => {
    if (isRefusal(error)) may(undefined);
    throw error;
  });
  try {
    return { path: temporary, file, facts: await file.stat() };
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}

/**
 * Gives it the owner and the mode of the file whose place it is to take, before it holds anything.
 * @returns why that cannot be done; undefined: it is.
 */
export async function madeAlike({ file, facts }: Temporary, like: FileFacts): Promise<string | undefined> {
  const { uid, gid, mode } = like;
  const others = uid !== undefined && gid !== undefined && (facts.uid !== uid || facts.gid !== gid);
  if (others) {
    const refused = await refusal(file.set({ uid, gid }));
    const now = refused ? facts : await file.stat();
    if (now.uid !== uid || now.gid !== gid) return `a new file could not be given its owner (${uid}:${gid})`;
  }
  if (mode === undefined) return "the server does not say its mode";
  const refused = await refusal(file.set({ mode }));
  if (refused || ((await file.stat()).mode ?? mode) !== mode)
    return `a new file could not be given its mode (0${mode.toString(8)})`;
  return undefined;
}

/** Content, to the disk where the server can, checked by size and closed. @returns whether it is on the disk. */
export async function fillTemporary(
  { file, path }: Temporary,
  content: Buffer,
  mode: number | undefined,
): Promise<boolean> {
  await file.write(0, content);
  if (mode !== undefined && (mode & SPECIAL) !== 0) await file.set({ mode });
  const synced = await file.sync();
  const { size } = await file.stat();
  if (size !== undefined && size !== content.length)
    throw new SshMcpError(
      "file_failed",
      `${size} of ${content.length} bytes arrived in ${shownName(path)}, though the server refused none`,
      "The disk may be full, or a quota reached.",
    );
  await file.close();
  return synced;
}

/** Was it refused by the server? Anything else is thrown on. */
async function refusal(asked: Promise<void>): Promise<boolean> {
  try {
    await asked;
    return false;
  } catch (error) {
    if (isRefusal(error)) return true;
    throw error;
  }
}

/** The server's no: nothing was done, and the link is there. */
export function isRefusal(error: unknown): error is SshMcpError {
  return error instanceof SshMcpError && error.code !== "connect_failed";
}
