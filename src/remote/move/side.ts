import { basename, dirname, join, posix } from "node:path";
import type { MovableFiles } from "../files/movable.ts";

/** Whole where `bytes` is left out, else its first bytes. */
export interface Summed {
  readonly path: string;
  readonly bytes?: number;
}

/** SHA-256 in hex of each, told by the side itself, in the order asked for; undefined: it could not tell. */
export type Sums = (
  files: readonly Summed[],
  signal?: AbortSignal,
) => Promise<readonly (string | undefined)[]>;

/** One end of a transfer. */
export interface Side {
  readonly files: MovableFiles;
  /** The host's name; undefined: the files here. */
  readonly host: string | undefined;
  /** Undefined, with `noSums` as the reason: nobody there is asked for a checksum. */
  readonly sums?: Sums | undefined;
  readonly noSums?: string | undefined;
  /** A path of a name in a folder. */
  join(folder: string, name: string): string;
  /** A path's last part, and the folder it lies in. */
  split(path: string): { readonly folder: string; readonly name: string };
}

/** Where a path of a side is, for a reader. */
export function at({ host }: Side, path: string): string {
  return host === undefined ? `${path} here` : `${path} on ${host}`;
}

/** The paths of a host: with slashes, whatever runs there. */
export const hostPaths: Pick<Side, "join" | "split"> = {
  join: (folder, name) => (folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`),
  split(path) {
    const { dir, base } = posix.parse(path);
    return { folder: dir === "" ? "." : dir, name: base === "." || base === ".." ? "" : base };
  },
};

/** Paths as this system has them. */
export const ownPaths: Pick<Side, "join" | "split"> = {
  join,
  split: (path) => ({ folder: dirname(path), name: basename(path) }),
};
