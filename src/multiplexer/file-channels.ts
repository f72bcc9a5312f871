import type { Clock, Disposable } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { RemoteFiles } from "../remote/files/contract.ts";
import { SftpFiles } from "../remote/files/sftp.ts";
import { NoSftp } from "../ssh/channels/no-sftp.ts";
import type { OpenOptions, SftpHandle, Transport } from "../ssh/contract.ts";

/** How long a channel that nobody uses is kept: the next call of a run of calls costs no round trips for it. */
const KEPT_MS = 30_000;

/** Files that are at hand until `release`. */
export interface FilesAtHand {
  readonly files: RemoteFiles;
  /** There is no SFTP: they are worked with by commands of the host's shell. */
  readonly byExec: boolean;
  release(): void;
}

interface OpenFiles {
  readonly handle: Pick<SftpHandle, "end" | "onEnd">;
  readonly files: RemoteFiles;
  readonly byExec?: true;
}

interface Channel {
  readonly opening: Promise<OpenFiles>;
  users: number;
  idle?: Disposable;
}

/** The way to root's files of a host, beside the login's own, which are at hand. */
export type OpenAsRoot = (host: ResolvedHost, own: RemoteFiles, options: OpenOptions) => Promise<SftpHandle>;

/** The way to a host's files where its server has no SFTP. @throws SshMcpError. */
export type OpenInstead = (
  host: ResolvedHost,
  why: SshMcpError,
  options: OpenOptions,
) => Promise<RemoteFiles>;

/** SFTP channels, one for each host in use, shared by the calls on it and kept for a while behind the last. */
export class FileChannels {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #channels = new Map<string, Channel>();
  readonly #asRoot: OpenAsRoot | undefined;
  readonly #instead: OpenInstead | undefined;

  constructor(transport: Transport, clock: Clock, asRoot?: OpenAsRoot, instead?: OpenInstead) {
    this.#transport = transport;
    this.#clock = clock;
    this.#asRoot = asRoot;
    this.#instead = instead;
  }

  /** `root`: with root's rights, by sudo. @throws SshMcpError those of `Link.sftp`. */
  async take(host: ResolvedHost, options: OpenOptions, root = false): Promise<FilesAtHand> {
    const key = `${root ? "root " : ""}${keyOf(host)}`;
    const channel = this.#channels.get(key) ?? this.#opened(key, host, { options, root });
    channel.idle?.dispose();
    channel.users++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      channel.users--;
      if (channel.users > 0) return;
      // On a device the channel is one of few; nothing of root's goes on behind the call it was asked for.
      if (root || host.limits.exact === true) this.#end(key, channel);
      else channel.idle = this.#clock.after(KEPT_MS, () => this.#end(key, channel));
    };
    try {
      const { files, byExec = false } = await channel.opening;
      return { files, byExec, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  dispose(): void {
    for (const [key, channel] of [...this.#channels]) this.#end(key, channel);
  }

  #opened(key: string, host: ResolvedHost, how: { options: OpenOptions; root: boolean }): Channel {
    const opening = how.root ? this.#openAsRoot(host, how.options) : this.#open(host, how.options);
    const channel: Channel = { opening, users: 0 };
    this.#channels.set(key, channel);
    const gone = () => {
      channel.idle?.dispose();
      if (this.#channels.get(key) === channel) this.#channels.delete(key);
    };
    channel.opening.then(({ handle }) => handle.onEnd(gone), gone);
    return channel;
  }

  async #open(host: ResolvedHost, options: OpenOptions): Promise<OpenFiles> {
    const { sftp } = this.#transport.link(host);
    if (sftp === undefined)
      throw new SshMcpError("channel_refused", `${host.name} has no SFTP; nothing was sent`);
    const handle = await sftp(options).catch((error: unknown) => {
      if (error instanceof NoSftp && this.#instead !== undefined) return error;
      throw error;
    });
    if (handle instanceof NoSftp) return this.#byExec(host, handle, options);
    return { handle, files: new SftpFiles(handle, { host: host.name, clock: this.#clock }) };
  }

  async #byExec(host: ResolvedHost, why: NoSftp, options: OpenOptions): Promise<OpenFiles> {
    if (this.#instead === undefined) throw why;
    const files = await this.#instead(host, why, options);
    return { handle: { end() {}, onEnd: () => ({ dispose() {} }) }, files, byExec: true };
  }

  async #openAsRoot(host: ResolvedHost, options: OpenOptions): Promise<OpenFiles> {
    if (this.#asRoot === undefined) throw new Error("there is no way to root's files");
    const own = await this.take(host, options);
    // Sudo may wait for what nobody gives it: a finger on a reader, a server that is away.
    const over = new AbortController();
    const timer = this.#clock.after(options.timeoutMs, () => over.abort());
    try {
      const handle = await this.#asRoot(host, own.files, { ...options, signal: over.signal });
      return { handle, files: new SftpFiles(handle, { host: host.name, clock: this.#clock }) };
    } finally {
      timer.dispose();
      own.release();
    }
  }

  #end(key: string, channel: Channel): void {
    channel.idle?.dispose();
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
    channel.opening.then(
      ({ handle }) => handle.end(),
      () => {},
    );
  }
}

function keyOf({ name, user, address, port, via }: ResolvedHost): string {
  return JSON.stringify([name, user, address, port, via]);
}
