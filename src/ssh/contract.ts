import type { Readable, Writable } from "node:stream";
import type { SFTPWrapper } from "ssh2";
import type { Disposable } from "../base/clock.ts";
import type { AskPerson } from "../base/contract/caller.ts";
import type { ResolvedHost } from "../inventory/host.ts";

/**
 * Callers who may use each other's connections. One whose login a person answered questions for is that person's circle's
 * alone; undefined: all are of one.
 */
export type Circle = symbol | undefined;

/** How a channel ended. `exit` has the peer's word for it; `disconnect` means the link went first. */
export type ChannelEnd =
  | { readonly reason: "exit"; readonly code?: number; readonly signal?: string }
  | { readonly reason: "disconnect"; readonly message: string }
  | { readonly reason: "closed_by_us" };

export interface PtyOptions {
  readonly cols: number;
  readonly rows: number;
  readonly term: string;
  /** Whoever may be asked what the server asks at a login that this opening needs. */
  readonly ask?: AskPerson;
  /** Its login shell will be looked for: until that is over no other such terminal is opened on its connection. */
  readonly oneByOne?: boolean;
}

/** One terminal's login: until its shell is found, no other begins on its connection. */
export interface Login {
  /**
   * `others`: process ids of the login shells of the connection's other terminals, as far as they were found; of those that
   * were not (this one among them) it is number `index` of `of`, in the order in which they were begun.
   */
  readonly turn: { readonly others: ReadonlySet<number>; readonly index: number; readonly of: number };
  /** The login shell was found. */
  found(pid: number): void;
  /** Nobody looks for it (any more). */
  over(): void;
}

/** One remote PTY: bytes and nothing else. Those that arrive before the first `onData` listener are kept for it. */
export interface PtyChannel {
  write(bytes: Uint8Array | string): void;
  /** Bytes at most that were written and that the host has not taken: it stopped reading, its window is full. */
  readonly untaken?: number;
  resize(cols: number, rows: number): void;
  /** Stops and resumes delivery; bounded: a peer that ignores the window loses its connection. */
  pause(): void;
  resume(): void;
  close(): void;
  onData(listener: (chunk: Buffer) => void): Disposable;
  /** Fires exactly once, also when the end came before the subscription. */
  onClose(listener: (end: ChannelEnd) => void): Disposable;
}

/** What is known about the connection a channel runs on. */
export interface LinkInfo {
  /** SSH identification string of the server, made visible. */
  readonly ident: string;
  /** SSH_MSG_USERAUTH_BANNER text, made visible; empty when there was none. */
  readonly banner: string;
  /** `SHA256:…` of the accepted host key, and how it was accepted. */
  readonly hostKey: {
    readonly fingerprint: string;
    readonly type: string;
    /** `certified`: by a certificate of an authority that known_hosts names for the host. */
    readonly how: "known" | "pinned" | "certified" | "accepted_new" | "approved";
  };
  /** Method that was accepted: `publickey`, `password`, `keyboard-interactive`, `none`. */
  readonly auth: string;
  /** Warnings worth showing once, such as legacy algorithms in use. */
  readonly warnings: readonly string[];
}

/**
 * Starts one command on a channel of its own, without a terminal unless one is asked for. @throws SshMcpError like `Link.openPty`, also when it is
 * not open within `timeoutMs`; once `signal` is aborted before it is open: the signal's reason. Nothing is ever sent twice.
 */
export type Exec = (command: string, options: OpenOptions) => Promise<Running>;

export interface OpenOptions {
  /** For everything until the channel is open: dialling, waiting for a free place, the server's answer. */
  readonly timeoutMs: number;
  /** Aborted before the channel is open: it never comes to the caller; afterwards: like `close()`. */
  readonly signal?: AbortSignal;
  /** Asked with the connection's facts before anything is sent on it for this; what it throws refuses the opening. */
  readonly admit?: (info: LinkInfo) => void;
  /** What a refusal calls it, where it is no caller's command that may have been started. */
  readonly what?: string;
  /** Of a command: give it a terminal, which has both its outputs as one. */
  readonly pty?: { readonly cols: number; readonly rows: number; readonly term: string };
}

/**
 * A command that runs. Its place on the connection comes back once the channel is closed, for which both outputs must be
 * read (or `resume()`d), as those of a child process. They end with the channel however it ended: only `end` tells whether
 * they are whole.
 */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** RFC 4254 6.9 signal, for example "INT"; many servers ignore it. */
  signal(name: string): void;
  /**
   * Closes the channel. What becomes of the command is the server's affair: sshd lets it run until it reads or writes, and
   * keeps its place till then; a `signal` before may end it (sshd passes none on to root's).
   */
  close(): void;
  readonly end: Promise<ChannelEnd>;
  /** Resolves with the server's word on how the command ended; it may come long before the channel is closed, or never. */
  readonly exited: Promise<void>;
  /** That word; undefined: it has not come. */
  status(): ExitStatus | undefined;
  /** Runs a command on this very connection, never on another. */
  readonly beside?: Exec;
}

/** How a command ended (RFC 4254 6.10); a signal has no "SIG". */
export interface ExitStatus {
  readonly code?: number;
  readonly signal?: string;
}

/** The SFTP subsystem on a channel of its own. Whoever opened it ends it, or its place on the connection stays taken. */
export interface SftpHandle {
  readonly raw: SFTPWrapper;
  end(): void;
  /** Fires exactly once, also when the end came before the subscription. */
  onEnd(listener: (end: ChannelEnd) => void): Disposable;
}

/** A terminal, and what came with it. */
export interface OpenedPty {
  readonly channel: PtyChannel;
  readonly info: LinkInfo;
  /** Runs a command on this very connection, never on another: what it sees is what the terminal's host sees. */
  readonly beside?: Exec;
  /** Where it was opened one by one. */
  readonly login?: Login;
}

/**
 * The way to one host, over whatever connections it needs: shares them, limits simultaneous dials, opens a further one when
 * the server's channel limit is reached. `exec` and `sftp` are missing where the platform or the server has none.
 */
export interface Link {
  /** @throws SshMcpError `connect_failed`, `host_key_*`, `auth_failed`, `secret_unavailable`, `channel_refused`. */
  openPty(options: PtyOptions): Promise<OpenedPty>;
  /** On any connection to this host. */
  readonly exec?: Exec;
  /** On any connection to this host; the errors are those of `Exec`. */
  readonly sftp?: (options: OpenOptions) => Promise<SftpHandle>;
}

/** Links to hosts, over connections that they share. */
export interface Transport {
  /** The way to a host; nothing is dialled before something is opened on it. */
  link(host: ResolvedHost, circle?: Circle): Link;
  /** Ends every connection; resolves when all sockets are closed, within 1 s. */
  dispose(): Promise<void>;
}
