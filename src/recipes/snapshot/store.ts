import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { distrust } from "../../secrets/permissions.ts";
import { type HostSnapshot, readHost, readIndex, type SnapshotIndex } from "./form.ts";

/** Of one host; more is not kept, and that is said. */
export const HOST_BYTES = 8 * 1024 * 1024;
const INDEX_BYTES = 4 * 1024 * 1024;
/** Snapshots that are kept, their bytes in all, and for how long; the oldest goes first. */
const KEPT = 100;
const KEPT_BYTES = 2 * 1024 * 1024 * 1024;
const KEPT_MS = 90 * 24 * 60 * 60_000;
/** A draft that is older was left by a program that ended. */
const DRAFT_MS = 2 * 60 * 60_000;
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const DRAFT = /^\.(.+)\.draft$/;
const INDEX = "index.json";

/** A snapshot that is being taken. */
export interface Draft {
  /** @throws SshMcpError where it cannot be written. */
  put(host: HostSnapshot): Promise<void>;
  /** It is one from now on, and the oldest that are too many are removed. */
  finish(index: Omit<SnapshotIndex, "bytes" | "name">): Promise<void>;
  /** Nothing of it is kept. */
  drop(): Promise<void>;
}

/**
 * Snapshots by name: a folder of this user alone for each, with a file for each host (0600). What another user could have written
 * is not read.
 */
export class Snapshots {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** @throws SshMcpError `invalid_argument`, `name_taken`, `busy`, `denied` where the folder cannot be used. */
  async begin(name: string): Promise<Draft> {
    assertName(name);
    await this.#usable();
    if ((await this.#stats(join(this.#folder, name))) !== undefined)
      throw new SshMcpError(
        "name_taken",
        `there is a snapshot "${name}" already; nothing was sent`,
        "Choose another name: what was read is never overwritten.",
      );
    const draft = join(this.#folder, `.${name}.draft`);
    const before = await this.#stats(draft);
    if (before !== undefined && this.#now() - before.mtimeMs < DRAFT_MS)
      throw new SshMcpError("busy", `a snapshot "${name}" is being taken; nothing was sent`);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    let bytes = 0;
    return {
      put: async (host) => {
        bytes += await writeNew(join(draft, fileOf(host.host)), JSON.stringify(host), HOST_BYTES);
      },
      finish: async (index) => {
        await writeNew(join(draft, INDEX), JSON.stringify({ ...index, name, bytes }), INDEX_BYTES);
        await rename(draft, join(this.#folder, name));
        await this.#expire(name);
      },
      drop: () => rm(draft, { recursive: true, force: true }),
    };
  }

  /** Oldest first. */
  async list(): Promise<readonly SnapshotIndex[]> {
    if ((await this.#stats(this.#folder)) === undefined) return [];
    await this.#usable();
    const names = (await readdir(this.#folder)).filter((name) => NAME.test(name));
    const found = await Promise.all(names.map((name) => this.#index(name)));
    return found.filter((one) => one !== undefined).sort((one, other) => one.at - other.at);
  }

  /** @throws SshMcpError `invalid_argument` naming those there are. */
  async find(name: string): Promise<SnapshotIndex> {
    assertName(name);
    const found = (await this.list()).find((one) => one.name === name);
    if (found !== undefined) return found;
    const known = (await this.list()).map((one) => one.name);
    throw new SshMcpError(
      "invalid_argument",
      `there is no snapshot "${name}"`,
      known.length === 0 ? "ssh_snapshot takes one." : `There are: ${known.slice(-20).join(", ")}.`,
    );
  }

  /** Undefined: it is not in it, or what is there is none of ours. */
  async host({ name }: SnapshotIndex, host: string): Promise<HostSnapshot | undefined> {
    const found = await this.#read(join(this.#folder, name, fileOf(host)), HOST_BYTES, readHost);
    return found?.host === host ? found : undefined;
  }

  async #index(name: string): Promise<SnapshotIndex | undefined> {
    const found = await this.#read(join(this.#folder, name, INDEX), INDEX_BYTES, readIndex);
    return found?.name === name ? found : undefined;
  }

  async #read<T>(path: string, most: number, form: (value: unknown) => T): Promise<T | undefined> {
    try {
      const bytes = await readRegularFile(path, most, (stats) => {
        const fault = distrust(path, stats, "access");
        if (fault !== undefined) throw new Error(fault.reason);
      });
      return form(JSON.parse(bytes.toString("utf8")));
    } catch {
      return undefined;
    }
  }

  async #expire(newest: string): Promise<void> {
    const all = (await this.list()).filter(({ name }) => name !== newest);
    let bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    let count = all.length + 1;
    for (const { name, at, bytes: own } of all) {
      const old = this.#now() - at > KEPT_MS;
      if (!old && count <= KEPT && bytes <= KEPT_BYTES) continue;
      await rm(join(this.#folder, name), { recursive: true, force: true });
      bytes -= own;
      count--;
    }
    for (const name of await readdir(this.#folder)) {
      const stats = DRAFT.test(name) ? await this.#stats(join(this.#folder, name)) : undefined;
      if (stats !== undefined && this.#now() - stats.mtimeMs > DRAFT_MS)
        await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  async #usable(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw unusable(this.#folder, messageOf(error));
    });
    const stats = await this.#stats(this.#folder);
    if (stats?.isDirectory() !== true) throw unusable(this.#folder, "it is no folder (a link is none)");
    const fault = distrust(this.#folder, stats, "access");
    if (fault !== undefined) throw unusable(this.#folder, `it ${fault.reason}`);
  }

  async #stats(path: string) {
    return lstat(path).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw unusable(path, messageOf(error));
    });
  }
}

function fileOf(host: string): string {
  return `${createHash("sha256").update(host).digest("hex").slice(0, 32)}.json`;
}

function assertName(name: string): void {
  if (NAME.test(name) && name !== INDEX) return;
  throw new SshMcpError(
    "invalid_argument",
    `${JSON.stringify(name.slice(0, 80))} is no name for a snapshot; nothing was sent`,
    "Letters, digits, dots, dashes and underlines, at most 64.",
  );
}

function unusable(path: string, why: string): SshMcpError {
  return new SshMcpError(
    "denied",
    `the folder for snapshots (${path}) cannot be used: ${why}; nothing was sent`,
  );
}

/** Bytes that were written. */
async function writeNew(path: string, text: string, most: number): Promise<number> {
  const bytes = Buffer.byteLength(text);
  if (bytes > most)
    throw new SshMcpError(
      "limit_reached",
      `there are ${bytes} bytes to keep, at most ${most} are kept of one`,
    );
  const file = await open(path, "wx", 0o600);
  await file.writeFile(text).finally(() => file.close());
  return bytes;
}
