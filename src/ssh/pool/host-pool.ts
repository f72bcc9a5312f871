import { AsyncResource } from "node:async_hooks";
import type { AskPerson } from "../../base/contract/caller.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { Connection } from "../channels/connection.ts";
import type { Circle } from "../contract.ts";
import { type DialContext, dial, type OpenStream } from "../handshake/dial.ts";
import { isUnixIdent } from "../protocol/idents.ts";
import { DialLimiter } from "./limiter.ts";
import type { Refusals } from "./refusals.ts";
import { type ChannelKind, type ChannelLimits, longLived, SharedConnection } from "./shared-connection.ts";

/** A place on a connection; `release` gives it back if no channel took it over. */
export interface Place {
  readonly shared: SharedConnection;
  readonly release: () => void;
}

/** Who wants a place. */
export interface Acquirer {
  /** Whom to ask what the server asks at a login for this place. */
  readonly ask?: AskPerson | undefined;
  readonly circle?: Circle;
}

/** `circle`: whose login it is for. `personal`: the way is that circle's alone. */
export type OpenWay = (
  timeoutMs: number,
  signal: AbortSignal,
  circle?: Circle,
) => Promise<Awaited<ReturnType<OpenStream>> & { readonly personal?: boolean }>;

interface Waiter extends Acquirer {
  readonly kind: ChannelKind;
  /** What is read for a login is read where its first waiter is, whatever it was that made room to begin it. */
  readonly context: AsyncResource;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

/** All connections to one host: callers get a place on a living one, and as many are dialled as callers need. */
export class HostPool {
  readonly #host: ResolvedHost;
  readonly #openStream: OpenWay;
  readonly #context: DialContext;
  readonly #signal: AbortSignal;
  readonly #refusals: Refusals | undefined;
  readonly #limiter: DialLimiter;
  readonly #limits: ChannelLimits;
  readonly #connections: SharedConnection[] = [];
  #waiting: Waiter[] = [];
  #dialing = 0;
  /** The last dial succeeded. Until then only one is made at a time, or a wrong password would count many times over. */
  #proven = false;

  /** `refusals`: those of all hosts; undefined: a refused login is tried again at once. */
  constructor(
    host: ResolvedHost,
    openStream: OpenWay,
    context: DialContext,
    signal: AbortSignal,
    refusals: Refusals | undefined,
  ) {
    this.#refusals = refusals;
    this.#host = host;
    this.#openStream = openStream;
    this.#context = context;
    this.#signal = signal;
    this.#limiter = new DialLimiter(context.clock);
    const ptys = Math.max(1, host.limits.channelsPerConnection);
    const exact = host.limits.exact === true;
    this.#limits = { ptys, total: exact ? ptys : ptys + 1, exact };
  }

  /**
   * @throws SshMcpError when the host cannot be connected to; the signal's reason once that is aborted.
   */
  acquire(kind: ChannelKind, signal: AbortSignal | undefined, by: Acquirer = {}): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        // What is being dialled goes on: it may serve the next caller.
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener("abort", leave);
      const waiter: Waiter = {
        ...by,
        kind,
        context: new AsyncResource("ssh-mcp:place"),
        resolve: (place) => {
          settled();
          resolve(place);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
      this.#pump();
    });
  }

  /** It is for one login alone. */
  get anew(): boolean {
    return this.#host.anew !== undefined;
  }

  /** There is no connection, and nobody waits for one. */
  get isIdle(): boolean {
    return this.#connections.length === 0 && this.#waiting.length === 0 && this.#dialing === 0;
  }

  /** Live connections, for the end of everything. */
  connections(): Connection[] {
    return this.#connections.map(({ connection }) => connection);
  }

  #pump(): void {
    this.#waiting = this.#waiting.filter((waiter) => {
      const shared = this.#connections.find(
        (one) => (one.only === null || one.only === waiter.circle) && one.hasRoom(waiter.kind),
      );
      if (shared === undefined) return true;
      waiter.resolve({ shared, release: shared.take(waiter.kind) });
      return false;
    });
    const wanted = this.#connectionsWanted();
    while (this.#dialing < wanted && (this.#proven || this.#dialing === 0)) this.#dial();
  }

  #connectionsWanted(): number {
    const count = (kind: ChannelKind) => this.#waiting.filter((waiter) => waiter.kind === kind).length;
    const { ptys, total } = this.#limits;
    const long = longLived(this.#limits);
    return Math.max(
      Math.ceil(count("pty") / Math.min(ptys, long)),
      Math.ceil((count("pty") + count("sftp")) / long),
      Math.ceil((count("pty") + count("sftp") + count("exec")) / total),
      Math.min(1, count("tunnel")),
    );
  }

  #dial(): void {
    // Each of those who wait gives one of the dials its own secrets and person, in their order.
    const lead = this.#waiting[Math.min(this.#dialing, this.#waiting.length - 1)];
    if (lead === undefined) return;
    this.#dialing++;
    const { circle } = lead;
    /** Somebody was asked, or the way there is theirs: what comes of it is this circle's alone. */
    let personal = false;
    this.#loggedIn(lead, () => {
      personal = true;
    }).then(
      (connection) => {
        this.#dialing--;
        this.#proven = true;
        this.#add(connection, personal ? circle : null);
      },
      (error: unknown) => {
        this.#dialing--;
        this.#proven = false;
        // Whoever waits would only meet the same failure again; but what one circle did not answer another one may.
        const own = personal || (error instanceof SshMcpError && error.code === "auth_failed");
        const failed = this.#waiting.filter((waiter) => !own || waiter.circle === circle);
        this.#waiting = this.#waiting.filter((waiter) => !failed.includes(waiter));
        for (const { reject } of failed) reject(error);
        if (this.#waiting.length > 0) this.#pump();
      },
    );
  }

  #loggedIn({ circle, context: within }: Waiter, becomesPersonal: () => void): Promise<Connection> {
    const context = this.#context;
    // Of those who wait for this connection, the first who can be asked is.
    const person = () => this.#waiting.find((waiter) => waiter.circle === circle && waiter.ask)?.ask;
    const first: AskPerson = async (question) => {
      becomesPersonal();
      return person()?.(question);
    };
    const ask = person() === undefined ? {} : { ask: first };
    const open: OpenStream = async (timeoutMs, signal) => {
      const opened = await this.#openStream(timeoutMs, signal, circle);
      if (opened.personal === true) becomesPersonal();
      return opened;
    };
    const once = (readSecret = context.readSecret) =>
      dial(this.#host, open, { ...context, readSecret, ...ask }, this.#signal);
    const attempt = () => this.#refusals?.guard(this.#host, context.readSecret, once) ?? once();
    return within.runInAsyncScope(() =>
      this.#limiter.run(this.#host.timing.connectTimeoutMs, this.#signal, attempt),
    );
  }

  /** `only`: whose it is alone; null: everybody's. */
  #add(connection: Connection, only: Circle | null): void {
    // A server of unknown platform that is no Unix sshd is a device: a second channel may end the first.
    const alone = this.#host.platform === "auto" && !isUnixIdent(connection.info.ident);
    const limits = alone ? { ptys: 1, total: 1, exact: true } : this.#limits;
    const shared = new SharedConnection(connection, limits, this.#context.clock, () => this.#pump(), only);
    this.#connections.push(shared);
    connection.onEnd(() => {
      this.#connections.splice(this.#connections.indexOf(shared), 1);
      this.#pump();
    });
    if (this.#signal.aborted) connection.close();
    this.#pump();
  }
}
