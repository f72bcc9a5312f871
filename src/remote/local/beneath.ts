import { constants, existsSync, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";

const DIRECTORY = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** As Linux has it (path_resolution(7)). */
const MOST_LINKS = 40;
/**
 * Where the kernel gives an open folder as a path, a name in it is looked up in that very folder, wherever it was moved to
 * and whatever now lies at its path: what openat(2) does. Elsewhere paths are used, and looked at again afterwards.
 */
const OPEN_FOLDERS = existsSync("/proc/self/fd") ? "/proc/self/fd" : undefined;

/** A folder here, open. */
export interface Folder {
  /** Its path, links resolved. */
  readonly path: string;
  readonly stats: Stats;
  /** Path of `name` in it, for a call of the system. */
  at(name: string): string;
  /** It still lies at its path; only asked where `at` is no place of its own. @throws SshMcpError `file_changed`. */
  assertThere(): Promise<void>;
  close(): Promise<void>;
}

/** May refuse a part of a path, by the folder it lies in, or a folder once it is open, by what it is. */
export interface Guard {
  name(folder: Folder, name: string): void;
  opened(path: string, stats: Stats): void;
}

/**
 * The folder below `root` that `parts` lead to, and the name in it that is their last: ".", where there are none, or `whole`
 * wants the last opened as a folder, too. Links on the way are followed as long as they stay below `root`.
 * @throws SshMcpError `denied`, `no_such_file`, `file_failed`.
 */
export async function beneath(
  root: string,
  parts: readonly string[],
  guard: Guard,
  { followLast = false, whole = false }: { readonly followLast?: boolean; readonly whole?: boolean } = {},
): Promise<{ readonly folder: Folder; readonly name: string }> {
  const stack = [await openFolder(root, root)];
  let links = 0;
  let rest = [...parts];
  const top = () => {
    const folder = stack.at(-1);
    if (folder === undefined) throw new Error("the root is always open");
    return folder;
  };
  try {
    for (;;) {
      const [name, ...behind] = rest;
      if (name === undefined) return { folder: top(), name: "." };
      if (name === "..") {
        if (stack.length === 1) throw outside(root, parts);
        await stack.pop()?.close();
        rest = behind;
        continue;
      }
      guard.name(top(), name);
      const last = behind.length === 0 && !whole;
      if (!last || followLast) {
        const target = await linkTarget(top(), name);
        if (target !== undefined) {
          if (++links > MOST_LINKS)
            throw new SshMcpError("file_failed", `${shown(parts)} leads through too many links`);
          const absolute = target.startsWith(sep);
          if (absolute && target !== root && !target.startsWith(root === sep ? sep : root + sep))
            throw outside(root, parts);
          if (absolute) for (const folder of stack.splice(1).reverse()) await folder.close();
          const way = (absolute ? target.slice(root.length) : target).split(sep);
          rest = [...way.filter((part) => part !== "" && part !== "."), ...behind];
          continue;
        }
      }
      if (last) return { folder: top(), name };
      const folder = await openFolder(top().at(name), join(top().path, name), top());
      stack.push(folder);
      guard.opened(folder.path, folder.stats);
      rest = behind;
    }
  } catch (error) {
    for (const folder of stack) await folder.close();
    throw error;
  } finally {
    // All but the last: whoever asked closes that.
    for (const folder of stack.slice(0, -1)) await folder.close();
  }
}

async function openFolder(at: string, path: string, inside?: Folder): Promise<Folder> {
  let handle: FileHandle;
  try {
    handle = await open(at, DIRECTORY);
  } catch (error) {
    throw hereError(error, path);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isDirectory()) throw new SshMcpError("file_failed", `${shown([path])} here is no folder`);
    const base = OPEN_FOLDERS === undefined ? path : `${OPEN_FOLDERS}/${handle.fd}`;
    let open = true;
    const folder: Folder = {
      path,
      stats,
      at: (name) => join(base, name),
      async assertThere() {
        if (OPEN_FOLDERS !== undefined) return;
        await inside?.assertThere();
        const now = await lstat(path).catch(() => undefined);
        if (now?.ino !== stats.ino || now.dev !== stats.dev || (await realpath(path)) !== path)
          throw new SshMcpError(
            "file_changed",
            `the folder ${shown([path])} here was put elsewhere meanwhile`,
          );
      },
      async close() {
        if (!open) return;
        open = false;
        await handle.close();
      },
    };
    await folder.assertThere();
    return folder;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Undefined: it is no link, or not there. */
async function linkTarget(folder: Folder, name: string): Promise<string | undefined> {
  try {
    return await readlink(folder.at(name));
  } catch (error) {
    const code = errorCode(error);
    if (code === "EINVAL" || code === "ENOENT" || code === "UNKNOWN") return undefined;
    throw hereError(error, join(folder.path, name));
  }
}

function outside(root: string, parts: readonly string[]): SshMcpError {
  return new SshMcpError(
    "denied",
    `${shown(parts)} here leads out of ${visibleLine(root)}`,
    "The operator says with settings.local_roots which folders may be used.",
  );
}

function shown(parts: readonly string[]): string {
  return visibleLine(parts.join(sep)) || ".";
}

/** The system's word on a file here. */
export function hereError(error: unknown, path: string): SshMcpError {
  if (error instanceof SshMcpError) return error;
  const where = `${visibleLine(path)} here`;
  switch (errorCode(error)) {
    case "ENOENT":
      return new SshMcpError("no_such_file", `there is no ${where}`, undefined, { cause: error });
    case "EEXIST":
      return new SshMcpError("file_exists", `${where} is there already`, undefined, { cause: error });
    case "EACCES":
    case "EPERM":
      return new SshMcpError("permission_denied", `this user may not use ${where}`, undefined, {
        cause: error,
      });
    case "ELOOP":
      return new SshMcpError("denied", `${where} is a link`, undefined, { cause: error });
    case "ENOSPC":
    case "EDQUOT":
      return new SshMcpError(
        "file_failed",
        `no space is left for ${where}`,
        "Make room, then give the same call again.",
        {
          cause: error,
        },
      );
    default:
      // Node's sentence holds the path that was handed to the system, which means nothing to a reader.
      return new SshMcpError(
        "file_failed",
        `${where}: ${visibleLine(messageOf(error).split(",", 1)[0] ?? "")}`,
        undefined,
        { cause: error },
      );
  }
}
