import { SshMcpError } from "../../base/errors.ts";
import type { DirEntry, RemoteFiles } from "./contract.ts";
import { compileGlob } from "./glob.ts";
import { shownPath } from "./sftp-errors.ts";
import { typeWord } from "./shown.ts";

/** Entries that one listing looks at, over all its folders; what there is beyond is said. */
const MOST = 100_000;
export const MOST_DEEP = 10;
/** Links whose targets are asked for at once. */
const AT_ONCE = 16;

export interface ListingOrder {
  /** Levels of folders, 1: this one. */
  readonly depth: number;
  /** `*.conf`; with a `/` in it, of the path below the folder. */
  readonly glob?: string | undefined;
}

export interface Listed extends DirEntry {
  /** Below the folder: `conf.d/x.conf`. */
  readonly path: string;
}

export interface Listing {
  readonly entries: readonly Listed[];
  /** Folders within that could not be read, and why. */
  readonly unread: readonly { readonly path: string; readonly why: string }[];
  /** There are more than were looked at. */
  readonly cut: boolean;
}

/** What is in a folder, links not followed. @throws SshMcpError, where the folder itself cannot be read. */
export async function listFolder(
  files: RemoteFiles,
  folder: string,
  { depth, glob }: ListingOrder,
  signal: AbortSignal,
): Promise<Listing> {
  const matches = glob === undefined ? () => true : compileGlob(glob);
  const entries: Listed[] = [];
  const unread: { path: string; why: string }[] = [];
  let seen = 0;
  const folders: { readonly below: string; readonly level: number }[] = [{ below: "", level: 1 }];
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    const { below, level } = next;
    try {
      for await (const part of files.list(joined(folder, below))) {
        signal.throwIfAborted();
        for (const entry of part) {
          if (++seen > MOST) return { entries, unread, cut: true };
          const path = below === "" ? entry.name : `${below}/${entry.name}`;
          if (matches(entry.name, path)) entries.push({ ...entry, path });
          // A server that sends such a name means to lead elsewhere.
          const sound = !entry.name.includes("/") && entry.name !== "";
          if (entry.facts.type === "dir" && level < depth && sound)
            folders.push({ below: path, level: level + 1 });
        }
      }
    } catch (error) {
      if (level === 1) throw await whyNoFolder(files, folder, error);
      if (!(error instanceof SshMcpError) || error.code === "connect_failed") throw error;
      unread.push({ path: below, why: error.code });
    }
  }
  return { entries, unread, cut: false };
}

/** Servers call what is no folder "no such file". */
async function whyNoFolder(files: RemoteFiles, path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof SshMcpError) || !["no_such_file", "file_failed"].includes(error.code)) return error;
  const there = await files.stat(path).catch(() => undefined);
  if (there === undefined || there.type === "dir" || there.type === "unknown") return error;
  return new SshMcpError("file_failed", `${shownPath(path)} is ${typeWord(there.type)}, no folder`);
}

export type Sorting = "name" | "size" | "mtime";

/** By name in the order of code units; the largest and the newest first. */
export function sorted(entries: readonly Listed[], by: Sorting): Listed[] {
  const byName = (a: Listed, b: Listed) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  const value = ({ facts }: Listed) => (by === "size" ? facts.size : facts.mtime) ?? -1;
  return [...entries].sort(by === "name" ? byName : (a, b) => value(b) - value(a) || byName(a, b));
}

/** Where the links among these point to, by their paths; those that do not say are left out. */
export async function targetsOf(
  files: RemoteFiles,
  folder: string,
  entries: readonly Listed[],
): Promise<ReadonlyMap<string, string>> {
  const links = entries.filter(({ facts }) => facts.type === "link");
  const found = new Map<string, string>();
  let next = 0;
  const work = async () => {
    for (let link = links[next++]; link !== undefined; link = links[next++]) {
      const target = await files.readlink(joined(folder, link.path)).catch(() => undefined);
      if (target !== undefined) found.set(link.path, target);
    }
  };
  await Promise.all([...Array(Math.min(AT_ONCE, links.length)).keys()].map(work));
  return found;
}

function joined(folder: string, below: string): string {
  if (below === "") return folder;
  return folder.endsWith("/") ? `${folder}${below}` : `${folder}/${below}`;
}
