import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { RemoteFile, RemoteFiles } from "./contract.ts";
import { shownName } from "./shown.ts";
import { isRefusal } from "./temporary.ts";

/**
 * Writes into the file that is there, so that all that hangs on it stays. What it grows by is written first: a full disk is
 * met before anything of it is lost; whatever the server refuses later is put back. `mixed` learns whether the file may hold
 * parts of both. @returns whether it is on the disk.
 */
export async function writeInPlace(
  files: RemoteFiles,
  path: string,
  before: Buffer,
  content: Buffer,
  mixed: (is: boolean) => void,
): Promise<boolean> {
  const file = await files.open(path, "write");
  const shared = Math.min(before.length, content.length);
  /** Is the old content still under what was added behind it? */
  let below = true;
  try {
    mixed(true);
    if (content.length > shared) {
      await file.write(shared, content.subarray(shared));
      await file.sync();
    }
    below = false;
    await file.write(0, content.subarray(0, shared));
    if (content.length < before.length) await file.set({ size: content.length });
    const synced = await file.sync();
    const { size } = await file.stat();
    if (size !== undefined && size !== content.length)
      throw new SshMcpError(
        "file_failed",
        `${shownName(path)} has ${size} bytes once it is written, not ${content.length}`,
      );
    mixed(false);
    return synced;
  } catch (error) {
    if (isRefusal(error)) {
      await putBack(file, path, below ? Buffer.alloc(0) : before, before.length, error);
      mixed(false);
    }
    throw error;
  } finally {
    await file.close().catch(() => {});
  }
}

async function putBack(
  file: RemoteFile,
  path: string,
  content: Buffer,
  size: number,
  why: SshMcpError,
): Promise<void> {
  try {
    await file.write(0, content);
    await file.set({ size });
    await file.sync();
  } catch (error) {
    throw new SshMcpError(
      error instanceof SshMcpError ? error.code : "file_failed",
      `${shownName(path)} could be written in place in part only (${messageOf(why)}), and its old content could not be put back (${messageOf(error)})`,
      "Look at it now.",
    );
  }
}

/** A file of `/proc` or `/sys` is no store: what is written goes to the kernel, in one request. */
export function isKernels(path: string): boolean {
  return /^\/(?:proc|sys)\//.test(path);
}

export async function writeToKernel(files: RemoteFiles, path: string, content: Buffer): Promise<void> {
  const file = await files.open(path, "write");
  try {
    await file.write(0, content);
  } finally {
    await file.close().catch(() => {});
  }
}
