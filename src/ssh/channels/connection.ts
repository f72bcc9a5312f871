import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import type { Clock, Disposable } from "../../base/clock.ts";
import { Emitter, type Event } from "../../base/emitter.ts";
import { messageOf } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { LinkInfo, OpenOptions, PtyOptions } from "../contract.ts";
import { Openings, type Request } from "./asked.ts";
import { nudgeWhileOpening } from "./nudge.ts";
import { watchOverrun } from "./overrun.ts";
import { watchRequest } from "./refused.ts";
import { SftpChannel } from "./sftp-channel.ts";
import { lostHop, Tunnel } from "./tunnel.ts";

/** How long an orderly goodbye may take before the socket is destroyed. */
const CLOSE_GRACE_MS = 300;
/** A device that does not bear a channel more, or one less, ends the connection within this. */
const STRAIN_MS = 2000;
/** What a server has to close a channel that is given back. */
const CLOSING_MS = 1000;
const SILENT = "the server stopped answering (keepalive)";

/**
 * Why a channel did not open. `limit`: the server has too many already; `soon`: it has not let go of one that just closed;
 * `lost`: the connection ended meanwhile.
 */
export type OpenFailure = {
  readonly refused: "limit" | "soon" | "request" | "lost";
  readonly message: string;
};
export type Opened<T> = { readonly channel: T } | OpenFailure;

/** Asks for a channel; ssh2 calls back with one of both. */
type Start<T> = (done: (error: Error | undefined, channel: T | undefined) => void) => void;

/** One authenticated ssh2 client. It is never logged or serialised, since it holds the password. */
export class Connection {
  readonly info: LinkInfo;
  readonly #client: Client;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #ended = new Emitter<string>();
  #end: string | undefined;
  #trouble: string | undefined;
  readonly #openings: Openings;
  #hadPty = false;
  #grace: Disposable | undefined;
  /** What was done with its channels last, and when: devices end a connection for it. */
  #strain: { readonly what: string; readonly at: number } | undefined;

  constructor(client: Client, stream: Duplex, info: LinkInfo, clock: Clock) {
    this.#client = client;
    this.#stream = stream;
    this.#clock = clock;
    this.info = info;
    this.#openings = new Openings(client);
    client.on("error", (error: Error & { level?: string }) => {
      if (error.level !== "agent") this.destroy(describe(error));
    });
    // `close` is the end; a peer that was killed may give only `end` and `close`.
    client.on("close", () => this.#finish());
  }

  /** Why the connection is over; undefined while it lives. */
  get endedBy(): string | undefined {
    return this.#end;
  }

  /** False as soon as the first error was seen, so that a failing link is never used again. */
  get usable(): boolean {
    return this.#end === undefined && this.#trouble === undefined;
  }

  readonly onEnd: Event<string> = (listener) => this.#ended.event(listener);

  /** `course` is called at once, with what tells later which request was made last. */
  openPty(options: PtyOptions, course: (asked: () => Request) => void): Promise<Opened<ClientChannel>> {
    const opening = this.#open((done) => course(this.#openings.open(options, done)));
    // Only OpenSSH is known to need it, and to bear it.
    if (this.#hadPty || !this.info.ident.startsWith("SSH-2.0-OpenSSH")) return opening;
    this.#hadPty = true;
    return opening.finally(nudgeWhileOpening(this.#client, this.#stream));
  }

  openExec(command: string, pty?: OpenOptions["pty"]): Promise<Opened<ClientChannel>> {
    const options = pty === undefined ? {} : { pty: { ...pty } };
    return this.#open((done) => this.#client.exec(command, options, done));
  }

  openSftp(): Promise<Opened<SftpChannel>> {
    const start: Start<SftpChannel> = (done) =>
      this.#client.sftp((error, raw) => {
        if (error) done(error, undefined);
        else done(undefined, new SftpChannel(raw, this));
      });
    // Dropbear 2022 ends the next channel with one on which something else than SFTP came.
    return this.#ask(start, true);
  }

  /** A stream to `address:port` as seen from this host (direct-tcpip). */
  async openTunnel(address: string, port: number): Promise<Opened<Tunnel>> {
    const opened = await this.#open((done) => this.#client.forwardOut("127.0.0.1", 0, address, port, done));
    return "channel" in opened ? { channel: new Tunnel(opened.channel) } : opened;
  }

  /**
   * Milliseconds until the server answers a request without effect (RFC 4254 7.1: ending a forwarding that does not exist);
   * undefined: it did not, in time.
   */
  roundTrip(timeoutMs: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const started = this.#clock.now();
      const timer = this.#clock.after(timeoutMs, () => resolve(undefined));
      const settle = (ms: number | undefined) => {
        timer.dispose();
        resolve(ms);
      };
      if (!this.usable) return settle(undefined);
      try {
        this.#client.unforwardIn("", 0, () => settle(this.#clock.now() - started));
      } catch {
        // The socket went away unnoticed; `close` tells why.
        settle(undefined);
      }
    });
  }

  /** Something that some devices answer by ending the connection: told if it ends now. */
  strains(what: string): void {
    this.#strain = { what, at: this.#clock.now() };
  }

  /** Ends in order, and by force when the peer does not follow. */
  close(): void {
    if (this.#end !== undefined || this.#grace !== undefined) return;
    this.#trouble ??= "closed by us";
    this.#client.end();
    this.#grace = this.#clock.after(CLOSE_GRACE_MS, () => this.#stream.destroy());
  }

  /** Ends at once. */
  destroy(reason: string): void {
    this.#trouble ??= reason;
    this.#stream.destroy();
  }

  #finish(): void {
    if (this.#end !== undefined) return;
    this.#grace?.dispose();
    this.#end =
      lostHop(this.#stream) ?? `${this.#trouble ?? "the server closed the connection"}${this.#because()}`;
    this.#ended.fire(this.#end);
    this.#ended.clear();
  }

  #because(): string {
    const strain = this.#strain;
    // A peer that fell silent ended nothing.
    if (this.#trouble === SILENT)
      return this.#stream instanceof Tunnel ? `, or ${onTheWay(this.#stream)} did` : "";
    if (strain === undefined || this.#grace || this.#clock.now() - strain.at > STRAIN_MS) return "";
    return `; that was when ${strain.what}: limits.channels_per_connection: 1 keeps each session on a connection of its own`;
  }

  async #open(start: Start<ClientChannel>): Promise<Opened<ClientChannel>> {
    const opened = await this.#ask(start);
    if (!("channel" in opened)) return opened;
    for (const stream of [opened.channel, opened.channel.stderr])
      watchOverrun(stream, () => this.destroy("the server sent more than the window it was granted"));
    return opened;
  }

  /**
   * Settles when the server has answered or the connection is over, however long that takes; never rejects. `patient`: of a
   * refusal only when the server has closed the channel.
   */
  #ask<T>(start: Start<T>, patient = false): Promise<Opened<T>> {
    return new Promise((resolve) => {
      const lost = () => ({ refused: "lost", message: this.#trouble ?? "the connection ended" }) as const;
      if (!this.usable) return resolve(lost());
      const answer = (error: Error | undefined, channel: T | undefined) => {
        if (channel !== undefined && !error) return resolve({ channel });
        const closed = closeLeft();
        const failure = error && this.usable ? openFailure(error) : lost();
        if (!patient) return resolve(failure);
        const timer = this.#clock.after(CLOSING_MS, () => resolve(failure));
        void closed.then(() => {
          timer.dispose();
          resolve(failure);
        });
      };
      let closeLeft = async () => {};
      try {
        closeLeft = watchRequest(this.#client, () => start(answer));
      } catch (error) {
        // ssh2 throws "Not connected" when the socket went away unnoticed.
        this.destroy(messageOf(error));
        resolve(lost());
      }
    });
  }
}

function openFailure(error: Error & { reason?: unknown }): OpenFailure {
  const message = visibleLine(error.message.replace(/^\(SSH\) Channel open failure: /, ""), 120);
  // RFC 4254 5.1: 1 prohibited, 2 connect failed (what OpenSSH says at MaxSessions), 4 resource shortage.
  const limit = error.reason === 1 || error.reason === 2 || error.reason === 4;
  return { refused: limit ? "limit" : "request", message };
}

function onTheWay({ hop }: Tunnel): string {
  return `jump host ${hop?.name ?? ""} on the way to it`;
}

function describe(error: Error): string {
  if (error.message === "Keepalive timeout") return SILENT;
  if (/verification failed/.test(error.message)) return "the server presented another host key at a rekey";
  return visibleLine(error.message, 200);
}
