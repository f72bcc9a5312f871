import { randomUUID } from "node:crypto";
import type { Clock, Disposable } from "../base/clock.ts";
import type { Scope } from "../base/contract/scope.ts";
import { SshMcpError } from "../base/errors.ts";
import { DEFAULT_TOOLSETS } from "../base/toolsets.ts";
import type { Retiring } from "../multiplexer/types.ts";
import type { Desk, DeskParts, Workspace } from "./contract.ts";
import { createDesk } from "./desk.ts";

/** What becomes of a client's sessions once it has gone. */
export type OnClientEnd = "keep" | "close";

/** Who calls, as a transport knows it. */
export interface Identity {
  /** Name of its token. */
  readonly token: string;
  readonly scope: Scope;
  /** Of `X-Session-Key`: counts inside its token only, and is never written anywhere. */
  readonly key?: string | undefined;
  /** Of the protocol's own session, where it has one. */
  readonly session?: string | undefined;
}

/** A workspace whose sessions can be closed as their commands end. */
export interface RealmWorkspace extends Workspace {
  readonly multiplexer: Workspace["multiplexer"] & Retiring;
}

export interface RealmsOptions extends Pick<DeskParts, "report" | "toolsets" | "recipes" | "mayConfirm"> {
  /** Makes what is behind one realm's desk; `scope` is asked at each use. */
  readonly open: (owner: string, scope: () => Scope) => Promise<RealmWorkspace>;
  readonly clock: Clock;
  /** All callers share one set, as far as their scopes are the same. */
  readonly global?: boolean;
  readonly onClientEnd?: OnClientEnd;
  /** How long a key's sessions stay after its last use. */
  readonly stickyMs?: number;
  /** Realms at once. */
  readonly most?: number;
}

/** Like the earlier system's pools. */
export const STICKY_MS = 5 * 60_000;
const MOST = 2_000;

/** One set of sessions that is open; the same object as long as it is. */
export interface Room {
  readonly id: string;
  readonly owner: string;
  /** Is it the id of one of the callers that have used it? */
  readonly by: (caller: string) => boolean;
  readonly workspace: RealmWorkspace;
}

/** A caller at its desk. */
export interface Entered {
  readonly callerId: string;
  readonly desk: Desk;
  /** The call, or the stream, is over. */
  leave(): void;
}

/**
 * Sets of sessions that know nothing of each other, each behind a desk of its own: what a caller may see of another's is what
 * it may see of sessions that do not exist. Names may repeat between them. The limits of hosts hold over all of them.
 */
export class Realms implements Disposable {
  readonly #options: RealmsOptions;
  readonly #realms = new Map<string, Realm>();
  /** Numbers instead of keys, where something is written down. */
  readonly #numbers = new Map<string, number>();
  #last = 0;
  #sweeping: Disposable | undefined;
  #disposed = false;

  constructor(options: RealmsOptions) {
    this.#options = options;
    this.#arm();
  }

  /** @throws SshMcpError `limit_reached`. */
  enter(who: Identity): Entered {
    const name = this.#nameOf(who);
    const realm = this.#realms.get(name) ?? this.#made(name, who);
    realm.scope = who.scope;
    realm.tokens.add(who.token);
    const leave = realm.use();
    return { callerId: this.#global ? this.#callerId(who) : realm.owner, desk: realm.desk, leave };
  }

  /** Would its end close what runs: a command in one of the sessions that only it can reach, or a call? */
  isBusy(who: Identity): boolean {
    if (this.#kind(who) !== "session") return false;
    return this.#realms.get(this.#nameOf(who))?.busy ?? false;
  }

  /** The client said that it ends: sessions that only it could reach are closed with it. */
  async ended(who: Identity): Promise<void> {
    if (this.#kind(who) !== "session") return;
    await this.#drop(this.#nameOf(who));
  }

  /** Nobody has this token any more. What it shared with others stays theirs. */
  async revoked(token: string): Promise<void> {
    const of = [...this.#realms].filter(([, { tokens }]) => tokens.delete(token) && tokens.size === 0);
    await Promise.all(of.map(([name]) => this.#drop(name)));
  }

  get size(): number {
    return this.#realms.size;
  }

  /** What is open; with a token's name only what that token has used. */
  rooms(token?: string): readonly Room[] {
    const all = [...this.#realms.values()].filter(({ tokens }) => token === undefined || tokens.has(token));
    return all.flatMap(({ room }) => room ?? []);
  }

  dispose(): void {
    void this.close();
  }

  /** Closes every session; resolves within 2 s. */
  async close(): Promise<void> {
    this.#disposed = true;
    this.#sweeping?.dispose();
    await Promise.all([...this.#realms.keys()].map((name) => this.#drop(name)));
  }

  get #global(): boolean {
    return this.#options.global === true;
  }

  get #stickyMs(): number {
    return this.#options.stickyMs ?? STICKY_MS;
  }

  #kind({ key, session }: Identity): "global" | "token" | "key" | "session" {
    if (this.#global) return "global";
    if (key !== undefined) return "key";
    return session !== undefined && this.#options.onClientEnd !== "keep" ? "session" : "token";
  }

  #nameOf(who: Identity): string {
    const kind = this.#kind(who);
    if (kind === "global") return JSON.stringify([kind, scopeText(who.scope)]);
    const within = { token: [], key: [who.key], session: [who.session] }[kind];
    return JSON.stringify([kind, who.token, ...within]);
  }

  #callerId(who: Identity): string {
    const { token, key, session } = who;
    const own = key ?? session;
    if (own === undefined) return `http:${token}`;
    const name = JSON.stringify([token, key !== undefined, own]);
    const number = this.#numbers.get(name) ?? ++this.#last;
    // Newest last.
    this.#numbers.delete(name);
    this.#numbers.set(name, number);
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size > 2 * MOST && oldest !== undefined) this.#numbers.delete(oldest);
    return `http:${token}:${number}`;
  }

  #made(name: string, who: Identity): Realm {
    if (this.#disposed) throw new SshMcpError("limit_reached", "ssh-mcp is shutting down");
    const { most = MOST } = this.#options;
    if (this.#realms.size >= most) {
      const [unused] = [...this.#realms].filter(([, realm]) => realm.empty).sort(byUse);
      if (unused === undefined)
        throw new SshMcpError(
          "limit_reached",
          `${most} callers have sessions here, the most there may be`,
          "Try again later.",
        );
      void this.#drop(unused[0]);
    }
    const kind = this.#kind(who);
    const owner = { global: "http", token: `http:${who.token}` }[String(kind)] ?? this.#callerId(who);
    const sticky = kind === "key" || kind === "session";
    const realm = new Realm(owner, who, { ...this.#options, sticky });
    this.#realms.set(name, realm);
    return realm;
  }

  async #drop(name: string): Promise<void> {
    const realm = this.#realms.get(name);
    this.#realms.delete(name);
    await realm?.close().catch(this.#options.report);
  }

  #arm(): void {
    this.#sweeping = this.#options.clock.after(Math.min(5_000, this.#stickyMs / 4), () => {
      void this.#sweep().finally(() => {
        if (!this.#disposed) this.#arm();
      });
    });
  }

  /** A realm that nobody has used for a while is left by its sessions as their commands end, and forgotten with the last. */
  async #sweep(): Promise<void> {
    const closes = this.#options.onClientEnd !== "keep";
    for (const [name, realm] of [...this.#realms]) {
      if (!realm.sticky || realm.used || realm.idleMs < this.#stickyMs) continue;
      const why = `its caller was last heard of ${Math.round(realm.idleMs / 1000)} s ago`;
      const left = closes ? await realm.retire(why).catch(this.#options.report) : realm.empty;
      if (left === true && !realm.used && this.#realms.get(name) === realm) await this.#drop(name);
    }
  }
}

function byUse([, one]: [string, Realm], [, other]: [string, Realm]): number {
  return other.idleMs - one.idleMs;
}

/** A person has the keyboard of one of these. */
function someoneTypes(multiplexer: Workspace["multiplexer"]): boolean {
  return multiplexer
    .sessions()
    .some(
      ({ name }) => multiplexer.find(name) !== undefined && multiplexer.attach?.(name).holder !== undefined,
    );
}

function scopeText({ hosts, toolsets, level }: Scope): string {
  return JSON.stringify([hosts ?? null, toolsets ?? null, level ?? null]);
}

/** One set of sessions. */
class Realm {
  readonly owner: string;
  /** Those that have used it. */
  readonly tokens = new Set<string>();
  readonly sticky: boolean;
  readonly #options: RealmsOptions;
  #scope: Scope;
  #desk: Desk;
  #opened: Promise<RealmWorkspace> | undefined;
  #ready: RealmWorkspace | undefined;
  #room: Room | undefined;
  #uses = 0;
  #lastUse: number;
  #closed = false;

  constructor(
    owner: string,
    { scope }: Pick<Identity, "scope">,
    options: RealmsOptions & { readonly sticky: boolean },
  ) {
    this.owner = owner;
    this.sticky = options.sticky;
    this.#options = options;
    this.#scope = scope;
    this.#desk = this.#newDesk();
    this.#lastUse = options.clock.now();
  }

  get desk(): Desk {
    return this.#desk;
  }

  /** The operator may change a token's scope while it is in use. */
  set scope(scope: Scope) {
    const toolsets = scopeText({ ...scope, hosts: [] });
    const changed = toolsets !== scopeText({ ...this.#scope, hosts: [] });
    this.#scope = scope;
    if (changed) this.#desk = this.#newDesk();
  }

  get used(): boolean {
    return this.#uses > 0;
  }

  get room(): Room | undefined {
    const workspace = this.#ready;
    if (workspace !== undefined)
      this.#room ??= { id: randomUUID(), owner: this.owner, by: (caller) => this.#isOf(caller), workspace };
    return this.#room;
  }

  /** Where all share one set each of its callers has an id of its own. */
  #isOf(caller: string): boolean {
    if (this.#options.global !== true) return caller === this.owner;
    const [, token] = /^http:([^:]+)(?::\d+)?$/.exec(caller) ?? [];
    return token !== undefined && this.tokens.has(token);
  }

  get idleMs(): number {
    return this.#options.clock.now() - this.#lastUse;
  }

  get busy(): boolean {
    const multiplexer = this.#ready?.multiplexer;
    if (this.used || (this.#opened !== undefined && multiplexer === undefined)) return true;
    if (multiplexer === undefined) return false;
    const running = multiplexer.sessions().some(({ state }) => state !== "closed" && state !== "ready");
    return running || multiplexer.execs.running().length > 0 || someoneTypes(multiplexer);
  }

  /** Nothing is open, nothing runs, nobody is at its desk. */
  get empty(): boolean {
    if (this.used || this.#opened === undefined) return !this.used;
    const multiplexer = this.#ready?.multiplexer;
    if (multiplexer === undefined) return false;
    const open = multiplexer.sessions().some(({ state }) => state !== "closed");
    return !open && multiplexer.execs.running().length === 0;
  }

  use(): () => void {
    this.#uses++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#uses--;
      this.#lastUse = this.#options.clock.now();
    };
  }

  async retire(why: string): Promise<boolean> {
    const { multiplexer } = (await this.#opened?.catch(() => undefined)) ?? {};
    return multiplexer === undefined || multiplexer.retire(why);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.dispose();
  }

  #newDesk(): Desk {
    const { report, recipes, mayConfirm } = this.#options;
    return createDesk({
      report,
      workspace: () => this.#workspace(),
      toolsets: async () => {
        const on = (await this.#options.toolsets?.()) ?? DEFAULT_TOOLSETS;
        const { toolsets } = this.#scope;
        return toolsets === undefined ? on : on.filter((one) => toolsets.includes(one));
      },
      ...(recipes === undefined ? {} : { recipes }),
      ...(mayConfirm === undefined ? {} : { mayConfirm }),
    });
  }

  async #workspace(): Promise<RealmWorkspace> {
    if (this.#closed) throw new SshMcpError("session_closed", "these sessions were closed with their client");
    this.#opened ??= this.#options.open(this.owner, () => this.#scope);
    try {
      this.#ready = await this.#opened;
      return this.#ready;
    } catch (error) {
      this.#opened = undefined; // A broken inventory may be mended; the next call tries again.
      throw error;
    }
  }
}
