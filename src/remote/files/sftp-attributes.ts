import type { DirEntry, FileFacts, FileType, NewFacts } from "./contract.ts";

/** What ssh2 reads of a file's attributes; a server may leave out each of them. */
export interface RawStats {
  readonly mode?: number;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly atime?: number;
}

/** The bits of `S_IFMT` (POSIX.1-2017, sys/stat.h). */
const TYPES: ReadonlyMap<number, FileType> = new Map([
  [0o100000, "file"],
  [0o040000, "dir"],
  [0o120000, "link"],
  [0o010000, "fifo"],
  [0o140000, "socket"],
  [0o020000, "char_device"],
  [0o060000, "block_device"],
]);

/** The first letter of a long listing, for servers that say no mode. */
const LETTERS: Readonly<Record<string, FileType>> = {
  "-": "file",
  d: "dir",
  l: "link",
  p: "fifo",
  s: "socket",
  c: "char_device",
  b: "block_device",
};

export function factsOf({ mode, size, uid, gid, mtime, atime }: RawStats): FileFacts {
  return {
    type: mode === undefined ? "unknown" : (TYPES.get(mode & 0o170000) ?? "unknown"),
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode: mode & 0o7777 }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(mtime === undefined ? {} : { mtime }),
    ...(atime === undefined ? {} : { atime }),
  };
}

export function attributesOf({ size, mode, uid, gid, times }: NewFacts) {
  return {
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
    ...(times ?? {}),
  };
}

/** Names of one answer, without the directory itself and its parent. */
export function namesIn(
  answer: readonly { readonly filename: string; readonly longname: string; readonly attrs: RawStats }[],
): DirEntry[] {
  return answer
    .filter(({ filename }) => filename !== "." && filename !== "..")
    .map(({ filename, longname, attrs }) => {
      const facts = factsOf(attrs);
      const [, letter, links, owner, group] = LONG.exec(longname) ?? [];
      const type = facts.type === "unknown" ? (LETTERS[letter ?? ""] ?? "unknown") : facts.type;
      return {
        name: filename,
        facts: { ...facts, type },
        ...(owner === undefined ? {} : { owner }),
        ...(group === undefined ? {} : { group }),
        ...(links === undefined || links === "?" ? {} : { links: Number(links) }),
      };
    });
}

/** `-rw-r--r--    1 root     wheel        1024 Jan  1 12:00 name`: what OpenSSH and most others send. */
const LONG = /^([-dlpscb])[-rwxsStTlL]{9}[+.@]?\s+(\d+|\?)\s+(\S+)\s+(\S+)\s+\d/;
