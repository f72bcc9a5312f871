import { SshMcpError } from "../../base/errors.ts";
import type { RemoteFiles } from "./contract.ts";
import { folderOf } from "./names.ts";
import { ifThere } from "./present.ts";
import { shownName } from "./shown.ts";
import { isRefusal } from "./temporary.ts";

/** The server's umask takes from it. */
const FOLDER_MODE = 0o755;

/** Makes the folders of a path that are missing; gives them, the uppermost first. What was made is removed if one fails. */
export async function makeParents(files: RemoteFiles, path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const there = await ifThere(files.stat(folder));
    if (there?.type === "dir" || there?.type === "unknown") break;
    if (there !== undefined) throw new SshMcpError("file_failed", `${shownName(folder)} is no folder`);
    missing.unshift(folder);
    if (folder === "." || folder === "/") break;
  }
  const made: string[] = [];
  try {
    for (const folder of missing) {
      await files.mkdir(folder, FOLDER_MODE);
      made.push(folder);
    }
  } catch (error) {
    if (isRefusal(error)) for (const folder of made.toReversed()) await files.rmdir(folder).catch(() => {});
    throw error;
  }
  return made;
}
