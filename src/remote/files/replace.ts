import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFiles } from "./contract.ts";
import { assertUnchanged } from "./expected.ts";
import { isKernels, writeInPlace, writeToKernel } from "./in-place.ts";
import { makeParents } from "./parents.ts";
import { ifThere, namesOfFile, type Present } from "./present.ts";
import { shownName } from "./shown.ts";
import {
  fillTemporary,
  hiddenBeside,
  isRefusal,
  madeAlike,
  makeTemporary,
  type Temporary,
} from "./temporary.ts";

/** Of a new file; the server's umask takes from it. */
const NEW_MODE = 0o644;
/** For its owner, its group or others. */
const WRITABLE = 0o222;
/** Until it has the mode of the file whose place it takes. */
const OWN_MODE = 0o600;

export interface Replacing {
  readonly before: Present;
  readonly content: Buffer;
  /** Folders that are missing are made. */
  readonly parents?: boolean | undefined;
  /** Aborted: nothing is put in the file's place any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface Written {
  /** `renamed`: a new file took its place in one step; `swapped`: in two, the old one put aside between. */
  readonly how: "created" | "renamed" | "swapped" | "in_place";
  /** Why it was written in place. */
  readonly why?: string;
  /** The server says it is on the disk. */
  readonly synced: boolean;
  /** As it is now. */
  readonly facts: FileFacts;
  /** Folders that were made. */
  readonly made: readonly string[];
  readonly notes: readonly string[];
}

/** What an error has to tell of. */
interface Progress {
  temporary?: string;
  /** The old file, put aside. */
  aside?: string;
  at: "before" | "placing" | "mixed" | "done";
}

/**
 * Puts `content` in the place of the file, whole or not at all: a new file beside it, with its owner and mode, renamed over
 * it if nobody changed it meanwhile. Written in place where a rename would lose what hangs on it, or is refused.
 * @throws SshMcpError that says what became of the file, and which file of ours may be left.
 */
export async function replaceFile(files: RemoteFiles, order: Replacing): Promise<Written> {
  const { before } = order;
  const progress: Progress = { at: "before" };
  try {
    const { file } = before;
    const done =
      file === undefined
        ? await created(files, order, progress)
        : await replaced(files, { ...order, file }, progress);
    progress.at = "done";
    return { ...done, facts: await files.stat(before.path).catch(() => ({ type: "file" as const })) };
  } catch (error) {
    throw await told(files, before, error, progress);
  }
}

type Done = Omit<Written, "facts">;

async function created(files: RemoteFiles, order: Replacing, progress: Progress): Promise<Done> {
  const { before, content, parents = false, signal } = order;
  const { path } = before;
  const made = parents ? await makeParents(files, path) : [];
  try {
    const temporary = await makeTemporary(files, path, NEW_MODE, naming(progress)).catch((error: unknown) => {
      throw withoutFolder(error, path, parents);
    });
    const synced = await filled(temporary, content, undefined);
    signal?.throwIfAborted();
    await assertUnchanged(files, before, temporary.facts.mtime);
    progress.at = "placing";
    const notes = await putNew(files, temporary.path, path);
    delete progress.temporary;
    return { how: "created", synced, made, notes };
  } catch (error) {
    if (progress.temporary !== undefined) await removed(files, progress);
    if (isRefusal(error) || signal?.aborted === true)
      for (const folder of made.toReversed()) await files.rmdir(folder).catch(() => {});
    throw error;
  }
}

/** By a second name where the server can give one, which fails if somebody was first; else by a rename. */
async function putNew(files: RemoteFiles, from: string, path: string): Promise<readonly string[]> {
  if (files.hardlink === undefined || !files.replaces) {
    await files.rename(from, path);
    return [];
  }
  try {
    await files.hardlink(from, path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if ((await ifThere(files.lstat(path))) !== undefined)
      throw new SshMcpError(
        "file_changed",
        `${shownName(path)} was made by somebody else meanwhile, and left as it is`,
      );
    await files.rename(from, path);
    return [];
  }
  try {
    await files.remove(from);
    return [];
  } catch (error) {
    return [`its temporary name ${shownName(from)} could not be removed: ${messageOf(error)}`];
  }
}

async function replaced(
  files: RemoteFiles,
  order: Replacing & { readonly file: { readonly facts: FileFacts; readonly content: Buffer } },
  progress: Progress,
): Promise<Done> {
  const { before, content, file, signal } = order;
  const { path } = before;
  const { facts } = file;
  if (isKernels(path)) {
    progress.at = "done";
    await writeToKernel(files, path, content);
    return { how: "in_place", why: "it is the kernel's", synced: false, made: [], notes: [] };
  }
  const names = await namesOfFile(files, path).catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });
  if (names !== undefined && names > 1)
    return inPlace(`it has ${names} names (hard links), and only one of them would have the new content`);
  const temporary = await makeTemporary(files, path, OWN_MODE, naming(progress)).catch((error: unknown) => {
    if (isRefusal(error)) return error;
    throw error;
  });
  if (temporary instanceof SshMcpError)
    return inPlace(`no file can be made beside it (${temporary.message})`);
  const unlike = await madeAlike(temporary, facts);
  const synced = await filled(temporary, content, unlike === undefined ? facts.mode : undefined);
  if (unlike !== undefined) return inPlace(unlike, temporary);
  signal?.throwIfAborted();
  await assertUnchanged(files, before, temporary.facts.mtime);
  progress.at = "placing";
  const unknown = [
    ...(names === undefined ? ["whether it had other names (hard links) is not known here"] : []),
    ...(facts.mode !== undefined && (facts.mode & WRITABLE) === 0
      ? [`it was marked read-only (0${facts.mode.toString(8)}), and is again: a new file took its place`]
      : []),
  ];
  if (!files.replaces) return swapped(files, temporary.path, path, { synced, progress, notes: unknown });
  try {
    await files.rename(temporary.path, path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return inPlace(`the server refused to put a new file in its place (${error.message})`, temporary);
  }
  delete progress.temporary;
  return { how: "renamed", synced, made: [], notes: unknown };

  /** `aside`: a whole copy of the new content, which is there as long as the file itself is not. */
  async function inPlace(why: string, aside?: Temporary): Promise<Done> {
    signal?.throwIfAborted();
    await assertUnchanged(files, before, aside?.facts.mtime);
    progress.at = "before";
    const onDisk = await writeInPlace(files, path, file.content, content, (mixed) => {
      progress.at = mixed ? "mixed" : "before";
    });
    progress.at = "done";
    await removed(files, progress);
    const { temporary: left } = progress;
    const notes = left === undefined ? [] : [`the temporary file ${shownName(left)} could not be removed`];
    return { how: "in_place", why, synced: onDisk, made: [], notes };
  }
}

/** Without a rename that replaces: the old file is put aside, and back if the new one cannot take its place. */
async function swapped(
  files: RemoteFiles,
  from: string,
  path: string,
  { synced, progress, notes }: { synced: boolean; progress: Progress; notes: readonly string[] },
): Promise<Done> {
  const aside = hiddenBeside(path);
  progress.aside = aside;
  try {
    await files.rename(path, aside);
  } catch (error) {
    if (isRefusal(error)) delete progress.aside;
    throw error;
  }
  try {
    await files.rename(from, path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await files.rename(aside, path);
    delete progress.aside;
    throw error;
  }
  delete progress.temporary;
  delete progress.aside;
  const said = "the server cannot replace a file in one step: for a moment there was none of this name";
  try {
    await files.remove(aside);
    return { how: "swapped", synced, made: [], notes: [...notes, said] };
  } catch (error) {
    const left = `the old file is left as ${shownName(aside)}: ${messageOf(error)}`;
    return { how: "swapped", synced, made: [], notes: [...notes, said, left] };
  }
}

async function filled(temporary: Temporary, content: Buffer, mode: number | undefined): Promise<boolean> {
  try {
    return await fillTemporary(temporary, content, mode);
  } catch (error) {
    await temporary.file.close().catch(() => {});
    throw error;
  }
}

function withoutFolder(error: unknown, path: string, parents: boolean): unknown {
  if (parents || !(error instanceof SshMcpError) || error.code !== "no_such_file") return error;
  return new SshMcpError(
    "no_such_file",
    `the folder of ${shownName(path)} is not there`,
    "parents: true makes it.",
  );
}

function naming(progress: Progress): (path: string | undefined) => void {
  return (path) => {
    if (path === undefined) delete progress.temporary;
    else progress.temporary = path;
  };
}

/** Removes our temporary file where that is possible; else its name stays in `progress`. */
async function removed(files: RemoteFiles, progress: Progress): Promise<void> {
  const { temporary } = progress;
  if (temporary === undefined) return;
  const gone = await files.remove(temporary).then(() => true, isAbsent);
  if (gone) delete progress.temporary;
}

/** The same error with what became of the file, and of our own. */
async function told(
  files: RemoteFiles,
  { path, file }: Present,
  error: unknown,
  progress: Progress,
): Promise<unknown> {
  const { aside, at } = progress;
  // In place of a file that holds parts of both, it is the only whole one.
  if (at !== "mixed" && aside === undefined) await removed(files, progress);
  if (!(error instanceof SshMcpError)) return error;
  const { temporary } = progress;
  const lost = !isRefusal(error);
  const name = shownName(path);
  const said: (string | undefined)[] = [error.message];
  if (aside !== undefined)
    said.push(`${name} may be missing under its own name: its old content is then in ${shownName(aside)}`);
  else if (at === "mixed")
    said.push(`${name} was being written in place, and may hold parts of both contents`);
  else if (at === "placing" && lost)
    said.push(
      file === undefined
        ? `${name} is there whole, or not at all`
        : `${name} is whole: with its old content or the new one`,
    );
  else if (at !== "done") said.push(file === undefined ? `${name} was not made` : `${name} is as it was`);
  if (temporary !== undefined) said.push(`${shownName(temporary)}, with the new content, may be left`);
  return new SshMcpError(error.code, said.join("; "), error.next);
}

function isAbsent(error: unknown): boolean {
  return error instanceof SshMcpError && error.code === "no_such_file";
}
