import { constants, type Stats } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  unlink,
} from "node:fs/promises";
import { join } from "node:path";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { DirEntry, FileFacts, FileType, NewFacts, OpenFor, RemoteFile } from "../files/contract.ts";
import type { MovableFiles } from "../files/movable.ts";
import { beneath, type Folder, type Guard, hereError } from "./beneath.ts";
import { nameTrouble } from "./names.ts";
import { guardOf, type LocalPlaces, type LocalRoot, openRoots, placeOf } from "./roots.ts";

const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
/** Opening neither waits for the other end of a FIFO nor makes a terminal ours. */
const HARMLESS = NOFOLLOW | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
/** `write`: only what is there already. No file is ever emptied in place here. */
const FLAGS: Readonly<Record<Exclude<OpenFor, "truncate">, number>> = {
  read: constants.O_RDONLY | HARMLESS,
  write: constants.O_RDWR | HARMLESS,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | HARMLESS,
};
const AT_ONCE = 256;

/**
 * The files here below the operator's roots, as a transfer sees them. Every path is followed part by part from an open root,
 * so that neither `..` nor a link, also one put there meanwhile, leads out; only regular files and folders are opened.
 */
export class LocalFiles implements MovableFiles {
  readonly window = { read: 256 * 1024, write: 256 * 1024, requests: 4 };
  readonly replaces = true;
  readonly #places: LocalPlaces;
  readonly #platform: NodeJS.Platform;
  #roots: Promise<readonly LocalRoot[]> | undefined;

  constructor(places: LocalPlaces, platform: NodeJS.Platform = process.platform) {
    this.#places = places;
    this.#platform = platform;
  }

  /** The path as it will be shown and used: absolute. @throws SshMcpError `denied`, `invalid_argument`. */
  async resolve(path: string): Promise<string> {
    const { root, parts } = placeOf(await this.#opened(), path);
    return join(root.path, ...parts);
  }

  stat(path: string): Promise<FileFacts> {
    return this.#with(path, { followLast: true }, async ({ folder, name, guard }) => {
      const stats = name === "." ? folder.stats : await lstat(folder.at(name));
      guard.opened(join(folder.path, name), stats);
      return factsOf(stats);
    });
  }

  lstat(path: string): Promise<FileFacts> {
    return this.#with(path, {}, async ({ folder, name }) =>
      factsOf(name === "." ? folder.stats : await lstat(folder.at(name))),
    );
  }

  readlink(path: string): Promise<string> {
    return this.#with(path, {}, ({ folder, name }) => readlink(folder.at(name)));
  }

  async *list(path: string): AsyncGenerator<readonly DirEntry[]> {
    const { folder } = await this.#reach(path, { whole: true });
    try {
      const names = await readdir(folder.at("."), { encoding: "buffer" }).catch((error: unknown) => {
        throw hereError(error, folder.path);
      });
      for (let from = 0; from < names.length; from += AT_ONCE)
        yield await Promise.all(names.slice(from, from + AT_ONCE).map((bytes) => entryOf(folder, bytes)));
    } finally {
      await folder.close();
    }
  }

  open(path: string, what: OpenFor, mode = 0o600): Promise<RemoteFile> {
    return this.#with(path, { followLast: what === "read" }, async ({ folder, name, guard }) => {
      if (what === "truncate") throw new Error("no file here is emptied in place");
      if (what === "create") this.#assertName(folder, name);
      const handle = await open(folder.at(name), FLAGS[what], mode);
      try {
        const stats = await handle.stat();
        const where = join(folder.path, name);
        if (!stats.isFile())
          throw new SshMcpError("file_failed", `${visibleLine(where)} here is no regular file`);
        guard.opened(where, stats);
        if (what === "write" && stats.nlink > 1)
          throw new SshMcpError("denied", `${visibleLine(where)} here has another name beside this one`);
        await folder.assertThere();
        return new LocalFile(handle, where);
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#both(from, to, rename);
  }

  readonly hardlink = (from: string, to: string): Promise<void> => this.#both(from, to, link);

  set(path: string, facts: NewFacts): Promise<void> {
    return this.#with(path, { whole: true }, async ({ folder }) => {
      // Only folders are set by path; files by the handle that wrote them.
      const handle = await open(folder.at("."), constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
      try {
        await setOn(handle, facts);
      } finally {
        await handle.close();
      }
    });
  }

  remove(path: string): Promise<void> {
    return this.#with(path, {}, ({ folder, name }) => unlink(folder.at(name)));
  }

  mkdir(path: string, mode = 0o700): Promise<void> {
    return this.#with(path, {}, async ({ folder, name }) => {
      this.#assertName(folder, name);
      await mkdir(folder.at(name), { mode });
    });
  }

  #assertName(folder: Folder, name: string): void {
    const trouble = nameTrouble(name, this.#platform);
    if (trouble !== undefined)
      throw new SshMcpError("denied", `${visibleLine(join(folder.path, name))} is not made here: ${trouble}`);
  }

  #opened(): Promise<readonly LocalRoot[]> {
    this.#roots ??= openRoots(this.#places);
    return this.#roots;
  }

  async #reach(path: string, how: Parameters<typeof beneath>[3]) {
    const { root, parts } = placeOf(await this.#opened(), path);
    const guard: Guard = await guardOf(root, this.#places);
    return { ...(await beneath(root.path, parts, guard, how)), guard };
  }

  async #with<T>(
    path: string,
    how: Parameters<typeof beneath>[3],
    work: (place: { readonly folder: Folder; readonly name: string; readonly guard: Guard }) => Promise<T>,
  ): Promise<T> {
    const place = await this.#reach(path, how);
    try {
      return await work(place);
    } catch (error) {
      throw hereError(error, join(place.folder.path, place.name));
    } finally {
      await place.folder.close();
    }
  }

  #both(from: string, to: string, act: (from: string, to: string) => Promise<void>): Promise<void> {
    return this.#with(from, {}, (source) =>
      this.#with(to, {}, async (target) => {
        this.#assertName(target.folder, target.name);
        const there = await lstat(target.folder.at(target.name)).catch(() => undefined);
        if (there !== undefined) target.guard.opened(join(target.folder.path, target.name), there);
        await act(source.folder.at(source.name), target.folder.at(target.name));
      }),
    );
  }
}

/** A regular file here, open. */
class LocalFile implements RemoteFile {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  stat = () => this.#told(async () => factsOf(await this.#handle.stat()));
  set = (facts: NewFacts) => this.#told(() => setOn(this.#handle, facts));
  close = () => this.#told(() => this.#handle.close());
  sync = () => this.#told(() => this.#handle.sync().then(() => true));

  read(position: number, length: number, room = Buffer.allocUnsafe(length)): Promise<Buffer> {
    return this.#told(async () => {
      const { bytesRead } = await this.#handle.read(room, 0, length, position);
      return room.subarray(0, bytesRead);
    });
  }

  write(position: number, bytes: Buffer): Promise<void> {
    return this.#told(async () => {
      for (let done = 0; done < bytes.length; )
        done += (await this.#handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    });
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw hereError(error, this.#path);
    }
  }
}

async function setOn(handle: FileHandle, { mode, times }: NewFacts): Promise<void> {
  if (mode !== undefined) await handle.chmod(mode);
  if (times !== undefined) await handle.utimes(times.atime, times.mtime);
}

/** A name that is no UTF-8 cannot be said again as it is: what it names is left alone. */
async function entryOf(folder: Folder, bytes: Buffer): Promise<DirEntry> {
  const name = bytes.toString("utf8");
  if (!Buffer.from(name).equals(bytes)) return { name, facts: { type: "unknown" } };
  const stats = await lstat(folder.at(name)).catch(() => undefined);
  return { name, facts: stats === undefined ? { type: "unknown" } : factsOf(stats) };
}

function factsOf(stats: Stats): FileFacts {
  return {
    type: typeOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    mtime: Math.floor(stats.mtimeMs / 1000),
    atime: Math.floor(stats.atimeMs / 1000),
  };
}

function typeOf(stats: Stats): FileType {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "dir";
  if (stats.isSymbolicLink()) return "link";
  if (stats.isFIFO()) return "fifo";
  if (stats.isSocket()) return "socket";
  if (stats.isCharacterDevice()) return "char_device";
  return stats.isBlockDevice() ? "block_device" : "unknown";
}
