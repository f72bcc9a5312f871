import type { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { Clock, Disposable } from "../../base/clock.ts";
import type { Connection, Opened } from "../channels/connection.ts";
import type { PtyOptions } from "../contract.ts";

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
}

export type ChannelKind = "pty" | "exec" | "tunnel";

/** A connection and the places taken on it. */
export class SharedConnection {
  readonly connection: Connection;
  readonly #limits: ChannelLimits;
  readonly #clock: Clock;
  readonly #onRoom: () => void;
  readonly #waiting: (() => void)[] = [];
  #ptys = 0;
  #execs = 0;
  #tunnels = 0;
  /** Session channels the server has confirmed and that are still open. */
  #open = 0;
  #closedAt = Number.NEGATIVE_INFINITY;
  #idle: Disposable | undefined;

  /** `onRoom` is called when a place came free. */
  constructor(connection: Connection, limits: ChannelLimits, clock: Clock, onRoom: () => void) {
    this.#onRoom = onRoom;
    this.connection = connection;
    this.#limits = limits;
    this.#clock = clock;
    this.#watchIdle();
    connection.onEnd(() => {
      this.#idle?.dispose();
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Whether a further channel may be opened. PTYs leave one place to `exec`, if the server allows more than one. */
  hasRoom(kind: ChannelKind): boolean {
    if (!this.connection.usable) return false;
    if (kind === "tunnel") return true;
    const { ptys, total } = this.#limits;
    if (this.#ptys + this.#execs >= total) return false;
    return kind === "exec" || this.#ptys < Math.min(ptys, Math.max(1, total - 1));
  }

  /** Takes a place; the answer gives it back, once. */
  take(kind: ChannelKind): () => void {
    this.#count(kind, 1);
    this.#idle?.dispose();
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#count(kind, -1);
      this.#waiting.shift()?.();
      this.#watchIdle();
      this.#onRoom();
    };
  }

  /** Takes a place for an exec channel, waiting for one if need be; undefined when none will come free in time. */
  async takeExec(timeoutMs: number): Promise<(() => void) | undefined> {
    let expired = false;
    const timer = this.#clock.after(timeoutMs, () => {
      expired = true;
      for (const wake of this.#waiting.splice(0)) wake();
    });
    try {
      while (!this.hasRoom("exec")) {
        // Only execs end by themselves soon; waiting for a PTY to close could take for ever.
        if (expired || !this.connection.usable || this.#execs === 0) return undefined;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      return this.take("exec");
    } finally {
      timer.dispose();
    }
  }

  openPty(options: PtyOptions, timeoutMs: number, release: () => void): Promise<Opened<ClientChannel>> {
    return this.#track(this.connection.openPty(options, timeoutMs), release);
  }

  openExec(command: string, timeoutMs: number, release: () => void): Promise<Opened<ClientChannel>> {
    return this.#track(this.connection.openExec(command, timeoutMs), release);
  }

  async openTunnel(
    address: string,
    port: number,
    timeoutMs: number,
    release: () => void,
  ): Promise<Opened<Duplex>> {
    const opened = await this.connection.openTunnel(address, port, timeoutMs);
    if ("channel" in opened) opened.channel.once("close", release);
    else release();
    return opened;
  }

  /** The place is given back when the server has closed the channel, which is when its limit counts one less. */
  async #track(opening: Promise<Opened<ClientChannel>>, release: () => void): Promise<Opened<ClientChannel>> {
    const opened = await opening;
    if (!("channel" in opened)) {
      release();
      if (opened.refused !== "limit") return opened;
      if (this.#clock.now() - this.#closedAt < CLOSING_MS) return { ...opened, refused: "soon" };
      if (this.#open > 0) this.#limits.total = Math.min(this.#limits.total, this.#open);
      return opened;
    }
    this.#open++;
    opened.channel.once("close", () => {
      this.#open--;
      this.#closedAt = this.#clock.now();
      release();
    });
    return opened;
  }

  /** Whether session channels are open or being opened here. */
  get busy(): boolean {
    return this.#open > 0 || this.#ptys + this.#execs > 0;
  }

  #count(kind: ChannelKind, by: number): void {
    if (kind === "pty") this.#ptys += by;
    else if (kind === "exec") this.#execs += by;
    else this.#tunnels += by;
  }

  #watchIdle(): void {
    this.#idle?.dispose();
    if (this.#ptys + this.#execs + this.#tunnels > 0 || this.connection.endedBy !== undefined) return;
    this.#idle = this.#clock.after(IDLE_MS, () => this.connection.close());
  }
}
