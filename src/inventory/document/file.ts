import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, link, lstat, mkdir, open, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFile, UnusableFile } from "../../base/regular-file.ts";
import { distrust } from "../../secrets/permissions.ts";

/** As the loader's own bound. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A new file that somebody left behind; writing one takes some milliseconds. */
const ABANDONED_MS = 60_000;

/** An inventory as it was read to be edited. */
export interface InventoryText {
  /** The path that was named. */
  readonly path: string;
  readonly text: string;
  /** What it was read from, symlinks followed; undefined: there is no file yet. */
  readonly read: { readonly target: string; readonly digest: string } | undefined;
}

/** What a change was written to. */
export interface Saved {
  readonly target: string;
  /** The file as it was before, beside it; undefined: there was none. */
  readonly backup: string | undefined;
}

/** Reads an inventory for editing; a missing one is an empty text. @throws SshMcpError `inventory_invalid`. */
export async function openInventory(path: string): Promise<InventoryText> {
  const target = await targetOf(path);
  if (target === undefined) return { path, text: "", read: undefined };
  const { bytes } = await readOwn(target);
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes))
    throw new SshMcpError("inventory_invalid", `${path} is not UTF-8 throughout.`, "Save it as UTF-8 first.");
  return { path, text, read: { target, digest: digestOf(bytes) } };
}

/**
 * Replaces the file by `text` in one step, with its mode and owner; what it was stays beside it as `NAME~`.
 * @throws SshMcpError `inventory_invalid` where the file was changed since it was read, or cannot be replaced.
 */
export async function saveInventory(from: InventoryText, text: string): Promise<Saved> {
  return from.read === undefined ? create(from.path, text) : replace(from.path, from.read, text);
}

async function create(path: string, text: string): Promise<Saved> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw cannot(path, messageOf(error));
  });
  const fresh = await writeNew(path, Buffer.from(text, "utf8"), undefined);
  try {
    await putInPlace(fresh, path);
  } finally {
    await unlink(fresh).catch(() => {});
  }
  await syncFolder(path);
  return { target: path, backup: undefined };
}

/** Unlike a rename a link never replaces a file that has come meanwhile; some file systems have none. */
async function putInPlace(fresh: string, path: string): Promise<void> {
  const came = () => changed(path, "was created meanwhile");
  try {
    await link(fresh, path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw came();
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(errorCode(error) ?? ""))
      throw cannot(path, messageOf(error));
    if (await exists(path)) throw came();
    await rename(fresh, path);
  }
}

async function replace(
  path: string,
  { target, digest }: NonNullable<InventoryText["read"]>,
  text: string,
): Promise<Saved> {
  const { stats } = await readOwn(target);
  if (stats.nlink > 1)
    throw cannot(path, "it has further names (hard links), which would keep the old content");
  const fresh = await writeNew(target, Buffer.from(text, "utf8"), stats);
  try {
    const now = await readOwn(target);
    if (digestOf(now.bytes) !== digest) throw changed(path, "was changed on disk meanwhile");
    const backup = await keepBackup(target, now.bytes, stats);
    await rename(fresh, target);
    await syncFolder(target);
    return { target, backup };
  } catch (error) {
    // Behind the rename the name may be another program's already.
    await unlink(fresh).catch(() => {});
    throw error instanceof SshMcpError ? error : cannot(path, messageOf(error));
  }
}

/**
 * The new content beside the file, on disk. Its fixed name keeps out a second program that writes the same inventory: it
 * exists from before the last look at the file until that is replaced.
 */
async function writeNew(target: string, bytes: Buffer, like: Stats | undefined): Promise<string> {
  const fresh = join(dirname(target), `.${basename(target)}.ssh-mcp-new`);
  const file = await openExclusive(fresh, target);
  try {
    await fill(file, bytes, like, target);
  } catch (error) {
    await file.close();
    await unlink(fresh).catch(() => {});
    throw error instanceof SshMcpError ? error : cannot(target, messageOf(error));
  }
  await file.close();
  return fresh;
}

async function openExclusive(fresh: string, target: string): Promise<FileHandle> {
  for (let tries = 0; ; tries++) {
    try {
      return await open(fresh, "wx", 0o600);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw cannot(target, messageOf(error));
      const age = await lstat(fresh).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (tries > 0 || age < ABANDONED_MS)
        throw new SshMcpError(
          "busy",
          `${target} is being written by another program (${fresh} exists). Nothing was written.`,
          `Try again; where nothing else runs, remove ${fresh}.`,
        );
      await unlink(fresh).catch(() => {});
    }
  }
}

async function fill(file: FileHandle, bytes: Buffer, like: Stats | undefined, target: string): Promise<void> {
  await file.writeFile(bytes);
  if (like !== undefined) {
    const own = await file.stat();
    if (own.uid !== like.uid || own.gid !== like.gid)
      await file.chown(like.uid, like.gid).catch(() => {
        throw cannot(target, `its owner (${like.uid}:${like.gid}) could not be kept`);
      });
    await file.chmod(like.mode & 0o7777);
  }
  await file.sync();
}

/** The last state, for a person to return to. It replaces the backup before it, and nothing else. */
async function keepBackup(target: string, bytes: Buffer, like: Stats): Promise<string> {
  const backup = `${target}~`;
  const fresh = join(dirname(target), `.${basename(target)}.ssh-mcp-old`);
  await unlink(fresh).catch(() => {});
  const file = await open(fresh, "wx", 0o600).catch((error: unknown) => {
    throw cannot(target, `no backup can be written: ${messageOf(error)}`);
  });
  try {
    await fill(file, bytes, like, target);
    await rename(fresh, backup);
  } catch (error) {
    await unlink(fresh).catch(() => {});
    throw error instanceof SshMcpError ? error : cannot(target, `no backup: ${messageOf(error)}`);
  } finally {
    await file.close();
  }
  return backup;
}

/** The file behind a path; undefined: there is none. @throws SshMcpError for a symlink that leads nowhere. */
async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw cannot(path, messageOf(error));
    if (await exists(path)) throw cannot(path, "it is a symbolic link to a file that does not exist");
    return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function readOwn(target: string): Promise<{ readonly bytes: Buffer; readonly stats: Stats }> {
  let stats: Stats | undefined;
  const bytes = await readRegularFile(target, MAX_BYTES, (seen) => {
    stats = seen;
    const fault = distrust(target, seen, "write");
    if (fault === undefined) return;
    const next =
      fault.fix === undefined ? "Name an inventory of your own with --config." : `Run: ${fault.fix}`;
    throw new SshMcpError("inventory_invalid", `The inventory ${target} ${fault.reason}.`, next);
  }).catch((error: unknown) => {
    if (error instanceof SshMcpError) throw error;
    throw cannot(target, error instanceof UnusableFile ? `it ${error.message}` : messageOf(error));
  });
  if (stats === undefined) throw cannot(target, "it is no regular file");
  return { bytes, stats };
}

/** A rename is on disk only when its folder is. Some file systems refuse that, and have it anyway. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function changed(path: string, how: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `${path} ${how}. Nothing was written.`,
    "Look at what it says now, and give the change again.",
  );
}

function cannot(path: string, why: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `${path} cannot be edited: ${why}. Nothing was written.`,
    "Mend that, or name another inventory with --config.",
  );
}
