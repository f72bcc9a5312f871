/** Kind of a file, as the mode bits of SFTP have it. */
export type FileType =
  | "file"
  | "dir"
  | "link"
  | "fifo"
  | "socket"
  | "char_device"
  | "block_device"
  | "unknown";

/** What a server says of a file; a field that it does not say is left out. */
export interface FileFacts {
  readonly type: FileType;
  /** Bytes; no promise: `/proc` says 0 of files that have text. */
  readonly size?: number;
  /** The twelve permission bits, `0o644`. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly atime?: number;
}

/** One entry of a directory. `facts` are those of a link itself, not of what it points to. */
export interface DirEntry {
  /** As the server sent it: may hold anything but `/` and NUL. */
  readonly name: string;
  readonly facts: FileFacts;
  /** Owner and group by name, from the server's long listing where it has that form. */
  readonly owner?: string;
  readonly group?: string;
  /** Names the file has (hard links), from there too. */
  readonly links?: number;
}

export interface NewFacts {
  /** Cuts the file, or fills it with NUL up to there. */
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970; both or none. */
  readonly times?: { readonly atime: number; readonly mtime: number };
}

/**
 * `read`: it must be there. `write`: it must be there, and is written into. `create`: it must not be there.
 * `truncate`: made, or emptied.
 */
export type OpenFor = "read" | "write" | "create" | "truncate";

/** An open file. Requests may be given at once; answers come in any order. */
export interface RemoteFile {
  stat(): Promise<FileFacts>;
  set(facts: NewFacts): Promise<void>;
  /**
   * Up to `length` bytes at `position`, fewer where the server gives fewer; empty: its end. `room`: at least as long, where
   * they may be put; it is the file's until the answer comes.
   */
  read(position: number, length: number, room?: Buffer): Promise<Buffer>;
  /** All of `bytes`, of any length. */
  write(position: number, bytes: Buffer): Promise<void>;
  /** To the disk; false: the server offers none. */
  sync(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * The files of a host. Paths are the server's own, absolute or from the login's directory; nothing in them is expanded.
 * @throws SshMcpError `no_such_file`, `file_exists`, `permission_denied`, `file_failed`, and `connect_failed` where the
 * link went: then nobody knows whether the request in hand was carried out.
 */
export interface RemoteFiles {
  /** Bytes that one request may ask for, or carry, and requests that may be out at once. */
  readonly window: { readonly read: number; readonly write: number; readonly requests: number };
  /** `rename` puts one file in another's place in one step. */
  readonly replaces: boolean;
  /** Follows links. */
  stat(path: string): Promise<FileFacts>;
  /** The link itself. */
  lstat(path: string): Promise<FileFacts>;
  /** Absolute, links resolved as far as they are there. */
  realpath(path: string): Promise<string>;
  readlink(path: string): Promise<string>;
  /** Without `.` and `..`, in the server's order, as they come. */
  list(path: string): AsyncIterable<readonly DirEntry[]>;
  open(path: string, what: OpenFor, mode?: number): Promise<RemoteFile>;
  /** In the target's place where `replaces`; else fails if that is there. */
  rename(from: string, to: string): Promise<void>;
  /** Another name for the same file; undefined: the server offers none. */
  readonly hardlink?: (from: string, to: string) => Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  set(path: string, facts: NewFacts): Promise<void>;
  remove(path: string): Promise<void>;
  mkdir(path: string, mode?: number): Promise<void>;
  rmdir(path: string): Promise<void>;
}
