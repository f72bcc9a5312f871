import type { ClientChannel } from "ssh2";
import type { Clock, Disposable } from "../../base/clock.ts";
import type { Request } from "../channels/asked.ts";
import type { Connection, Opened } from "../channels/connection.ts";
import { Logins } from "../channels/logins.ts";
import type { SftpChannel } from "../channels/sftp-channel.ts";
import type { Tunnel } from "../channels/tunnel.ts";
import type { Circle, OpenOptions, PtyOptions } from "../contract.ts";

/** A connection nobody uses is kept this long for the next caller. */
const IDLE_MS = 30_000;

/** sshd frees a closed channel's place a turn of its loop later; a refusal this soon after says nothing about limits. */
const CLOSING_MS = 1_000;

/** How many channels one connection to this host carries; learned from the server's refusals. */
export interface ChannelLimits {
  /** PTYs the inventory allows. */
  readonly ptys: number;
  /** Channels together: one more than PTYs, until the server refused an earlier one. */
  total: number;
  /** All of them may be PTYs: none is kept for `exec`, which has its own connection. */
  readonly exact?: boolean;
}

export type ChannelKind = "pty" | "sftp" | "exec" | "tunnel";

/** How the book of places follows a channel. */
interface Handling<C> {
  /** Calls back when the server has closed the channel, which is when its limit counts one less. */
  readonly closed: (channel: C, gone: () => void) => void;
  /** Closes a channel nobody waits for any more. */
  readonly discard: (channel: C) => void;
}

const CHANNEL: Handling<ClientChannel> = {
  closed: (channel, gone) => channel.once("close", gone),
  discard: (channel) => {
    channel.on("error", () => {});
    channel.close();
    // Unread, it would never tell of its end.
    channel.resume();
    channel.stderr.resume();
  },
};
const SFTP: Handling<SftpChannel> = {
  closed: (channel, gone) => channel.onClosed(gone),
  discard: (channel) => channel.end(),
};
const TUNNEL: Handling<Tunnel> = {
  closed: (channel, gone) => channel.once("close", gone),
  discard: (channel) => channel.destroy(),
};

/** A place taken for a channel to be opened, and until when its opener waits. */
export interface TakenPlace {
  readonly release: () => void;
  readonly signal: AbortSignal;
  /** Given what tells which request was made last, for an opening that makes several. */
  readonly course?: (asked: () => Request) => void;
}

/** How many channels that stay (PTYs, SFTP) a connection carries: one place is left to `exec`. */
export function longLived({ total, exact }: ChannelLimits): number {
  return exact === true ? total : Math.max(1, total - 1);
}

/** A connection and the places taken on it. */
export class SharedConnection {
  readonly connection: Connection;
  readonly logins: Logins;
  /** Whose alone it is; null: everybody's. */
  readonly only: Circle | null;
  readonly #limits: ChannelLimits;
  readonly #clock: Clock;
  readonly #onRoom: () => void;
  readonly #waiting: (() => void)[] = [];
  readonly #taken: Record<ChannelKind, number> = { pty: 0, sftp: 0, exec: 0, tunnel: 0 };
  /** Session channels the server has confirmed and that are still open. */
  #confirmed = 0;
  #closedAt = Number.NEGATIVE_INFINITY;
  #idle: Disposable | undefined;

  /** `onRoom` is called when a place came free. */
  constructor(
    connection: Connection,
    limits: ChannelLimits,
    clock: Clock,
    onRoom: () => void,
    only: Circle | null = null,
  ) {
    this.only = only;
    this.#onRoom = onRoom;
    this.connection = connection;
    this.logins = new Logins(clock);
    this.#limits = limits;
    this.#clock = clock;
    this.#watchIdle();
    connection.onEnd(() => {
      this.#idle?.dispose();
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Whether a further channel may be opened. PTYs and SFTP leave one place to `exec`, if the server allows more than one. */
  hasRoom(kind: ChannelKind): boolean {
    if (!this.connection.usable) return false;
    if (kind === "tunnel") return true;
    const { ptys, total } = this.#limits;
    const { pty, sftp, exec } = this.#taken;
    if (pty + sftp + exec >= total) return false;
    if (kind === "pty" && pty >= ptys) return false;
    return kind === "exec" || pty + sftp < longLived(this.#limits);
  }

  /** Takes a place; the answer gives it back, once. */
  take(kind: ChannelKind): () => void {
    this.#taken[kind]++;
    this.#idle?.dispose();
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#taken[kind]--;
      this.#waiting.shift()?.();
      this.#watchIdle();
      this.#onRoom();
    };
  }

  /** Takes a place for an exec channel, waiting for one until `signal`; undefined when none will come free by itself. */
  async takeExec(signal: AbortSignal): Promise<(() => void) | undefined> {
    const wakeAll = () => {
      for (const wake of this.#waiting.splice(0)) wake();
    };
    signal.addEventListener("abort", wakeAll, { once: true });
    try {
      while (!this.hasRoom("exec")) {
        signal.throwIfAborted();
        // Only execs end by themselves soon; waiting for a PTY to close could take for ever.
        if (!this.connection.usable || this.#taken.exec === 0) return undefined;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      return this.take("exec");
    } finally {
      signal.removeEventListener("abort", wakeAll);
    }
  }

  openPty(options: PtyOptions, place: TakenPlace): Promise<Opened<ClientChannel>> {
    const { course = () => {} } = place;
    return this.#open(place, CHANNEL, () => this.#counted(this.connection.openPty(options, course), CHANNEL));
  }

  openExec(command: string, place: TakenPlace, pty?: OpenOptions["pty"]): Promise<Opened<ClientChannel>> {
    return this.#open(place, CHANNEL, () => this.#counted(this.connection.openExec(command, pty), CHANNEL));
  }

  openSftp(place: TakenPlace): Promise<Opened<SftpChannel>> {
    return this.#open(place, SFTP, () => this.#counted(this.connection.openSftp(), SFTP));
  }

  openTunnel(address: string, port: number, place: TakenPlace): Promise<Opened<Tunnel>> {
    return this.#open(place, TUNNEL, () => this.connection.openTunnel(address, port));
  }

  /** Gives the place back when there is no channel or it is closed, also if nobody waits for it any more. */
  async #open<C>(
    { release, signal }: TakenPlace,
    { closed, discard }: Handling<C>,
    start: () => Promise<Opened<C>>,
  ): Promise<Opened<C>> {
    if (signal.aborted) {
      release();
      throw signal.reason;
    }
    const opening = start().then((opened) => {
      if ("channel" in opened) closed(opened.channel, release);
      else release();
      return opened;
    });
    return new Promise((resolve, reject) => {
      const abandon = () => {
        reject(signal.reason);
        // A server that never answers must not keep the place, and with it the connection, for ever.
        const silent = this.#clock.after(IDLE_MS, release);
        void opening.then((opened) => {
          silent.dispose();
          if ("channel" in opened) discard(opened.channel);
        });
      };
      signal.addEventListener("abort", abandon, { once: true });
      void opening.then((opened) => {
        signal.removeEventListener("abort", abandon);
        resolve(opened);
      });
    });
  }

  /** Session channels count for the server's limit from its answer until it has closed them. */
  async #counted<C>(opening: Promise<Opened<C>>, { closed }: Handling<C>): Promise<Opened<C>> {
    if (this.#confirmed > 0) this.connection.strains("a second channel was opened on it");
    const opened = await opening;
    if (!("channel" in opened)) {
      // The channel was open, though the request on it was refused; it is being closed.
      if (opened.refused === "request") this.#closedAt = this.#clock.now();
      if (opened.refused !== "limit") return opened;
      if (this.#clock.now() - this.#closedAt < CLOSING_MS) return { ...opened, refused: "soon" };
      if (this.#confirmed > 0) this.#limits.total = Math.min(this.#limits.total, this.#confirmed);
      return opened;
    }
    this.#confirmed++;
    closed(opened.channel, () => {
      this.#confirmed--;
      if (this.#confirmed > 0) this.connection.strains("another channel on it was closed");
      this.#closedAt = this.#clock.now();
    });
    return opened;
  }

  /** Whether session channels are open or being opened here. */
  get busy(): boolean {
    const { pty, sftp, exec } = this.#taken;
    return this.#confirmed > 0 || pty + sftp + exec > 0;
  }

  #watchIdle(): void {
    this.#idle?.dispose();
    const inUse = Object.values(this.#taken).some((count) => count > 0);
    if (inUse || this.connection.endedBy !== undefined) return;
    this.#idle = this.#clock.after(IDLE_MS, () => this.connection.close());
  }
}
