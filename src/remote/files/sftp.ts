import { type Clock, systemClock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { SftpHandle } from "../../ssh/contract.ts";
import type { DirEntry, FileFacts, NewFacts, OpenFor, RemoteFile, RemoteFiles } from "./contract.ts";
import { folderOf } from "./names.ts";
import { attributesOf, factsOf, namesIn, type RawStats } from "./sftp-attributes.ts";
import { READ_ONLY, refusedBy, saysNothing, shownPath, silent, wentWith } from "./sftp-errors.ts";
import { unexplained } from "./unexplained.ts";

/** A server that answers one request no sooner than this is given up, and its channel with it. */
const ANSWER_MS = 30_000;
/** What every server takes in one request (draft-ietf-secsh-filexfer-02, section 3), and what OpenSSH's own client asks for. */
const EVERY_SERVER = 32 * 1024;
const AT_MOST = 256 * 1024;
const REQUESTS = 16;

const FLAGS: Readonly<Record<OpenFor, "r" | "r+" | "wx" | "w">> = {
  read: "r",
  write: "r+",
  create: "wx",
  truncate: "w",
};

const OPENING: Readonly<Record<OpenFor, string>> = {
  read: "open it for reading",
  write: "open it for writing",
  create: "make it",
  truncate: "make or empty it",
};

/** Of `f_flag` (OpenSSH's PROTOCOL, section 4.4). */
const ST_RDONLY = 1;

/** What statvfs says, as far as it is used. */
interface Disk {
  readonly f_flag?: unknown;
  readonly f_bavail?: unknown;
  readonly f_frsize?: unknown;
}

type Done<T> = (error: Error | null | undefined, value: T) => void;

export interface SftpFilesOptions {
  /** Name of the host, for sentences. */
  readonly host: string;
  readonly clock?: Clock;
}

/** The files of a host over an open SFTP channel, which stays its owner's. */
export class SftpFiles implements RemoteFiles {
  readonly window: RemoteFiles["window"];
  readonly replaces: boolean;
  readonly hardlink?: (from: string, to: string) => Promise<void>;
  readonly #handle: SftpHandle;
  readonly #host: string;
  readonly #clock: Clock;
  readonly #extensions: ReadonlyMap<string, string>;
  readonly #waiting = new Set<(error: Error) => void>();
  #over: Error | undefined;

  constructor(handle: SftpHandle, { host, clock = systemClock }: SftpFilesOptions) {
    this.#handle = handle;
    this.#host = host;
    this.#clock = clock;
    this.#extensions = extensionsOf(handle.raw);
    this.replaces = this.#offers("posix-rename@openssh.com", "1");
    const { raw } = handle;
    if (this.#offers("hardlink@openssh.com", "1"))
      this.hardlink = (from, to) =>
        this.#ask(to, (done: Done<void>) => raw.ext_openssh_hardlink(from, to, done));
    this.window = {
      read: requestSize(raw, "_maxReadLen"),
      write: requestSize(raw, "_maxWriteLen"),
      requests: REQUESTS,
    };
    handle.onEnd((end) => {
      this.#over = wentWith(host, end);
      for (const fail of [...this.#waiting]) fail(this.#over);
    });
  }

  async stat(path: string): Promise<FileFacts> {
    return factsOf(await this.#ask(path, (done: Done<RawStats>) => this.#handle.raw.stat(path, done)));
  }

  async lstat(path: string): Promise<FileFacts> {
    return factsOf(await this.#ask(path, (done: Done<RawStats>) => this.#handle.raw.lstat(path, done)));
  }

  realpath(path: string): Promise<string> {
    return this.#ask(path, (done: Done<string>) => this.#handle.raw.realpath(path, done));
  }

  readlink(path: string): Promise<string> {
    return this.#ask(path, (done: Done<string>) => this.#handle.raw.readlink(path, done));
  }

  async *list(path: string): AsyncGenerator<readonly DirEntry[]> {
    const { raw } = this.#handle;
    const opened = await this.#ask(path, (done: Done<Buffer>) => raw.opendir(path, done));
    try {
      for (;;) {
        const part = await this.#orEnd(path, (done: Done<Parameters<typeof namesIn>[0]>) =>
          raw.readdir(opened, done),
        );
        if (part === undefined) return;
        yield namesIn(part);
      }
    } finally {
      await this.#closed(opened);
    }
  }

  async open(path: string, what: OpenFor, mode?: number): Promise<RemoteFile> {
    const { raw } = this.#handle;
    try {
      const opened = await this.#ask(path, (done: Done<Buffer>) =>
        mode === undefined ? raw.open(path, FLAGS[what], done) : raw.open(path, FLAGS[what], mode, done),
      );
      return this.#file(opened, path);
    } catch (error) {
      throw await this.#explained(error, path, OPENING[what], what === "create" ? "taken" : "folder");
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const { raw } = this.#handle;
    try {
      await this.#ask(from, (done: Done<void>) =>
        this.replaces ? raw.ext_openssh_rename(from, to, done) : raw.rename(from, to, done),
      );
    } catch (error) {
      throw await this.#explained(
        error,
        to,
        `rename ${shownPath(from)} to it`,
        this.replaces ? undefined : "taken",
      );
    }
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#asked(path, "make a link there", (done) => this.#handle.raw.symlink(target, path, done));
  }

  set(path: string, facts: NewFacts): Promise<void> {
    const doing = "change its size, mode, owner or times";
    return this.#asked(path, doing, (done) => this.#handle.raw.setstat(path, attributesOf(facts), done));
  }

  remove(path: string): Promise<void> {
    return this.#asked(path, "remove it", (done) => this.#handle.raw.unlink(path, done));
  }

  async mkdir(path: string, mode?: number): Promise<void> {
    const { raw } = this.#handle;
    try {
      await this.#ask(path, (done: Done<void>) =>
        mode === undefined ? raw.mkdir(path, done) : raw.mkdir(path, { mode }, done),
      );
    } catch (error) {
      throw await this.#explained(error, path, "make that folder", "taken");
    }
  }

  rmdir(path: string): Promise<void> {
    return this.#asked(path, "remove that folder", (done) => this.#handle.raw.rmdir(path, done));
  }

  #file(opened: Buffer, path: string): RemoteFile {
    const { raw } = this.#handle;
    return {
      stat: async () => factsOf(await this.#ask(path, (done: Done<RawStats>) => raw.fstat(opened, done))),
      set: (facts) => this.#ask(path, (done: Done<void>) => raw.fsetstat(opened, attributesOf(facts), done)),
      read: async (position, wanted, given) => {
        const length = Math.min(wanted, this.window.read);
        const room = given ?? Buffer.allocUnsafe(length);
        const count = await this.#ask(path, (done: Done<number>) =>
          raw.read(opened, room, 0, length, position, done),
        );
        return room.subarray(0, count ?? 0);
      },
      write: async (position, bytes) => {
        const { write: most } = this.window;
        for (let at = 0; at < bytes.length; at += most) {
          const length = Math.min(most, bytes.length - at);
          await this.#ask(path, (done: Done<void>) =>
            raw.write(opened, bytes, at, length, position + at, (error) => done(error)),
          ).catch(async (error: unknown) => {
            throw await this.#whyUnwritten(error, opened, path);
          });
        }
      },
      sync: async () => {
        if (!this.#offers("fsync@openssh.com", "1")) return false;
        await this.#ask(path, (done: Done<void>) => raw.ext_openssh_fsync(opened, done));
        return true;
      },
      close: () => this.#ask(path, (done: Done<void>) => raw.close(opened, done)),
    };
  }

  #offers(extension: string, version: string): boolean {
    return this.#extensions.get(extension) === version;
  }

  /** What was opened for us only is closed whatever became of it. */
  async #closed(opened: Buffer): Promise<void> {
    await this.#ask("", (done: Done<void>) => this.#handle.raw.close(opened, done)).catch(() => {});
  }

  /** Undefined: the end that SFTP reports as a failure. */
  async #orEnd<T>(path: string, give: (done: Done<T>) => void): Promise<T | undefined> {
    return this.#ask<T | undefined>(path, (done) =>
      give((error, value) => (isEnd(error) ? done(undefined, undefined) : done(error, value))),
    );
  }

  #ask<T>(path: string, give: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over);
      const fail = (error: Error) => {
        over();
        reject(error);
      };
      const timer = this.#clock.after(ANSWER_MS, () => {
        fail(silent(this.#host, ANSWER_MS));
        this.#handle.end();
      });
      const over = () => {
        timer.dispose();
        this.#waiting.delete(fail);
      };
      this.#waiting.add(fail);
      try {
        give((error, value) => {
          over();
          // An end of the channel comes to all that wait, with its reason, right behind this.
          if (error == null) resolve(value);
          else reject(this.#over ?? refusedBy(error, path, this.#host));
        });
      } catch (error) {
        fail(refusedBy(error, path, this.#host));
      }
    });
  }

  async #asked(path: string, doing: string, give: (done: Done<void>) => void): Promise<void> {
    return this.#ask(path, give).catch(async (error: unknown) => {
      throw await this.#explained(error, path, doing);
    });
  }

  /** Servers call it "Failure" and nothing more: what is there tells why, or what it is not. */
  async #explained(error: unknown, path: string, doing: string, look?: "taken" | "folder"): Promise<unknown> {
    if (!(error instanceof SshMcpError) || error.code !== "file_failed") return error;
    const there = await this.#lookAt(path);
    const taken = look === "taken" && typeof there === "object" ? 11 : undefined;
    const folder = look === "folder" && typeof there === "object" && there.type === "dir" ? 24 : undefined;
    const disk = await this.#disk(path);
    const readOnly = (Number(disk?.f_flag ?? 0) & ST_RDONLY) !== 0 ? READ_ONLY : undefined;
    const cause = taken ?? folder ?? readOnly;
    if (cause !== undefined)
      return refusedBy(Object.assign(new Error(error.message), { code: cause }), path, this.#host);
    if (!saysNothing(error)) return error;
    const free = Number(disk?.f_bavail ?? Number.NaN) * Number(disk?.f_frsize ?? Number.NaN);
    return unexplained(error, doing, {
      file: there,
      folder: await this.#lookAt(folderOf(path)),
      free: Number.isFinite(free) ? free : undefined,
    });
  }

  async #lookAt(path: string): Promise<FileFacts | "none" | undefined> {
    return this.lstat(path).catch((error: unknown) =>
      error instanceof SshMcpError && error.code === "no_such_file" ? "none" : undefined,
    );
  }

  /** Of the file system that a path is on, where the server tells of it. */
  async #disk(path: string): Promise<Disk | undefined> {
    if (!this.#offers("statvfs@openssh.com", "2")) return undefined;
    return this.#ask(path, (done: Done<Disk | undefined>) =>
      this.#handle.raw.ext_openssh_statvfs(folderOf(path), done),
    ).catch(() => undefined);
  }

  /** A disk without room is a "Failure", too. */
  async #whyUnwritten(error: unknown, opened: Buffer, path: string): Promise<unknown> {
    if (!(error instanceof SshMcpError) || error.code !== "file_failed") return error;
    if (!this.#offers("fstatvfs@openssh.com", "2")) return this.#explained(error, path, "write to it");
    const disk = await this.#ask(path, (done: Done<{ f_bavail?: unknown } | undefined>) =>
      this.#handle.raw.ext_openssh_fstatvfs(opened, done),
    ).catch(() => undefined);
    if (Number(disk?.f_bavail ?? 1) > 0) return this.#explained(error, path, "write to it");
    return refusedBy(Object.assign(new Error("no space"), { code: 14 }), path, this.#host);
  }
}

function isEnd(error: Error | null | undefined): boolean {
  return error != null && "code" in error && error.code === 1;
}

/** What ssh2 keeps of the server's first answer; its types leave it out. */
function extensionsOf(raw: object): ReadonlyMap<string, string> {
  const kept: unknown = Reflect.get(raw, "_extensions");
  if (typeof kept !== "object" || kept === null) return new Map();
  return new Map(Object.entries(kept).map(([name, value]) => [name, String(value)]));
}

function requestSize(raw: object, which: "_maxReadLen" | "_maxWriteLen"): number {
  const known: unknown = Reflect.get(raw, which);
  if (typeof known !== "number" || known < 1024) return EVERY_SERVER;
  // Those that say nothing of their limits are asked for what each of them must take.
  return known > EVERY_SERVER && known < 64 * 1024 ? EVERY_SERVER : Math.min(known, AT_MOST - 1024);
}
