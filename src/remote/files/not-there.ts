import { SshMcpError } from "../../base/errors.ts";
import type { RemoteFiles } from "./contract.ts";
import { shownPath } from "./sftp-errors.ts";

type Looking = Pick<RemoteFiles, "stat" | "lstat" | "readlink">;

/**
 * What a file is, or why there is none: servers say "no such file" of a link that leads nowhere or in a circle, and of a path
 * that goes through a file. @throws SshMcpError as `stat`, `no_such_file` with what was found in its place.
 */
export async function factsOrWhyNot(files: Looking, path: string) {
  return files.stat(path).catch(async (error: unknown) => {
    if (!(error instanceof SshMcpError) || error.code !== "no_such_file") throw error;
    const target = await linkAt(files, path);
    if (target !== undefined)
      throw new SshMcpError(
        "no_such_file",
        `${shownPath(path)} is a link to ${shownPath(target)}, which is not there or leads back to it`,
        error.next,
        { cause: error },
      );
    throw meantForShell(path)
      ? new SshMcpError("no_such_file", error.message, EXPANDED, { cause: error })
      : error;
  });
}

const EXPANDED =
  "Nothing in a path is expanded but ~ at its beginning: no variables, no patterns. ssh_list_dir has glob; ssh_exec runs what a shell is to read.";

/** It reads like what a shell makes something else of. */
function meantForShell(path: string): boolean {
  return /(?:^|\/)\$\{?\w/.test(path) || /[*?]/.test(path) || /^~[^/]/.test(path);
}

async function linkAt(files: Looking, path: string): Promise<string | undefined> {
  try {
    const { type } = await files.lstat(path);
    return type === "link" ? await files.readlink(path) : undefined;
  } catch {
    // The first refusal says what is known.
    return undefined;
  }
}
