import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Guard } from "./beneath.ts";

/** Folders here that transfers may read and write. */
export interface LocalPlaces {
  /** Named by the operator; undefined: the working directory, without dotfiles. */
  readonly roots?: readonly string[] | undefined;
  readonly cwd: string;
  readonly home: string;
  /** Files and folders that are never read or written, wherever they lie: what secret references name, our own files. */
  readonly withheld: readonly string[];
}

export interface LocalRoot {
  /** Links resolved. */
  readonly path: string;
  /** As the operator wrote it, or where we were started. */
  readonly given: string;
  readonly dotfiles: boolean;
}

/** Those that are there. The file system's own root, or the folder all homes lie in, is no place anybody chose. */
export async function openRoots({ roots, cwd, home }: LocalPlaces): Promise<readonly LocalRoot[]> {
  const dotfiles = roots !== undefined;
  const given = roots ?? (isAbove(cwd, home) ? [] : [cwd]);
  const found = await Promise.all(
    given.map(async (one) => {
      const path = await realpath(one).catch(() => undefined);
      if (path === undefined) return [];
      return dotfiles || !isAbove(path, home) ? [{ path, given: one, dotfiles }] : [];
    }),
  );
  return found.flat();
}

function isAbove(folder: string, home: string): boolean {
  return (
    folder === parse(folder).root || (home !== folder && resolve(home).startsWith(resolve(folder) + sep))
  );
}

/**
 * Where a path of a caller leads: relative to the first root, or absolute below any of them.
 * @throws SshMcpError `denied`, `invalid_argument`.
 */
export function placeOf(
  roots: readonly LocalRoot[],
  path: string,
): { root: LocalRoot; parts: readonly string[] } {
  const [first] = roots;
  if (first === undefined)
    throw new SshMcpError(
      "denied",
      "no folder here may be used for transfers",
      "The operator names some with settings.local_roots in hosts.yaml.",
    );
  if (path.includes("\0")) throw new SshMcpError("invalid_argument", "a path here holds a NUL character");
  if (path.startsWith("~"))
    throw new SshMcpError(
      "invalid_argument",
      `${visibleLine(path)}: "~" is not expanded here; give the path itself`,
    );
  const parts = path.split(sep === "/" ? /\/+/ : /[/\\]+/).filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused(roots, path, 'may not hold ".."');
  if (!isAbsolute(path)) return { root: first, parts };
  for (const root of roots)
    for (const start of [root.given, root.path]) {
      const below = relative(resolve(start), resolve(path));
      if (below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below))
        return { root, parts: below.split(sep).filter((part) => part !== "") };
    }
  throw refused(roots, path, "lies outside the folders that may be used");
}

function refused(roots: readonly LocalRoot[], path: string, why: string): SshMcpError {
  const names = roots.map(({ given }) => visibleLine(given)).join(", ");
  return new SshMcpError(
    "denied",
    `${visibleLine(path)} here ${why}`,
    `Name a path in ${names}; a relative one starts in ${visibleLine(roots[0]?.given ?? "")}. The operator allows others with settings.local_roots.`,
  );
}

/** Refuses what a root withholds: dotfiles where nobody named the root, and what is withheld everywhere, by path and by inode. */
export async function guardOf(root: LocalRoot, { withheld, home }: LocalPlaces): Promise<Guard> {
  const lies = (one: string) => `${root.path}${sep}`.startsWith(resolve(one) + sep);
  const every = [...withheld, join(home, ".ssh")];
  if (!root.dotfiles && every.some(lies)) refuse(root.path);
  // A root that lies in a withheld folder was named by the operator for itself.
  const all = every.filter((one) => !lies(one));
  const paths = new Set<string>();
  const inodes = new Set<string>();
  for (const one of all) {
    paths.add(resolve(one));
    paths.add(join(await realpath(dirname(one)).catch(() => dirname(one)), parse(one).base));
    const stats = await stat(one).catch(() => undefined);
    if (stats !== undefined) inodes.add(inode(stats));
  }
  return {
    name(folder, name) {
      const path = join(folder.path, name);
      if (!root.dotfiles && name.startsWith("."))
        throw new SshMcpError(
          "denied",
          `${visibleLine(path)} here is a dotfile, and those are withheld`,
          "The operator allows them by naming the folder in settings.local_roots.",
        );
      if (paths.has(path)) refuse(path);
    },
    opened(path, stats) {
      if (paths.has(path) || inodes.has(inode(stats))) refuse(path);
    },
  };
}

function refuse(path: string): never {
  throw new SshMcpError(
    "denied",
    `${visibleLine(path)} here is withheld: it holds what no transfer may touch`,
  );
}

function inode({ dev, ino }: Pick<Stats, "dev" | "ino">): string {
  return `${dev}:${ino}`;
}
