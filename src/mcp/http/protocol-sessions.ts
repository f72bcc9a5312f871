import { randomUUID } from "node:crypto";
import {
  type Server,
  type Transport,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Clock, Disposable } from "../../base/clock.ts";
import { type Identity, type Realms, STICKY_MS } from "../../desk/realms.ts";
import { RecalledForms } from "../recalled.ts";
import { createServer } from "../server.ts";
import { callerIdOf, deskOf } from "./callers.ts";
import { MAX_BODY_BYTES, Refused } from "./exchange.ts";

/** Sessions of the older revisions at once. */
const MOST = 2_000;
/** A client that never opened a stream cannot be seen to go. */
const SILENT_MS = 30 * 60_000;
const CHECK_MS = 5_000;

export interface ProtocolSessionsOptions {
  readonly realms: Realms;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
  /** After its last stream ended, a client has this long to come again. */
  readonly stickyMs?: number;
  readonly most?: number;
}

/** One connection of an older revision: its own server, so that a person behind the client can be asked. */
export interface ProtocolSession {
  readonly who: Identity;
  readonly transport: Transport;
  /** A request is served; the function returned ends that. */
  use(kind: "call" | "stream"): () => void;
}

interface Kept extends ProtocolSession {
  readonly server: Server;
  readonly uses: { calls: number; streams: number; lastUse: number; streamed: boolean };
}

/** Sessions of clients that speak an older revision of the protocol. Each belongs to the token that began it. */
export class ProtocolSessions implements Disposable {
  readonly #options: ProtocolSessionsOptions;
  readonly #sessions = new Map<string, Kept>();
  #checking: Disposable | undefined;
  #disposed = false;

  constructor(options: ProtocolSessionsOptions) {
    this.#options = options;
    this.#arm();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Another caller's is answered exactly as an unknown one. @throws Refused. */
  find(id: string, { token, key, scope }: Identity): ProtocolSession {
    const kept = this.#sessions.get(id);
    if (kept === undefined || kept.who.token !== token || (key !== undefined && kept.who.key !== key))
      throw new Refused(404, "there is no such session; begin a new one with initialize");
    // What the token may do now counts.
    Object.assign(kept.who, { scope });
    return kept;
  }

  /** A session over HTTP streams, which its first request begins. @throws Refused. */
  async begin(who: Omit<Identity, "session">): Promise<WebStandardStreamableHTTPServerTransport> {
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      maxRequestBodySize: MAX_BODY_BYTES,
      onsessionclosed: () => this.end(id, "said"),
    });
    await this.add(id, { ...who, session: id }, transport);
    return transport;
  }

  /** @throws Refused where there are too many. */
  async add(id: string, who: Identity, transport: Transport): Promise<ProtocolSession> {
    this.#makeRoom();
    const { realms, clock } = this.#options;
    const uses = { calls: 0, streams: 0, lastUse: clock.now(), streamed: false };
    const own = { ...who };
    const desk = deskOf(realms, () => own);
    const server = createServer({
      desk,
      callerId: callerIdOf(realms, own),
      ownTools: true,
      forms: new RecalledForms(() => clock.now()),
    });
    const use = (kind: "call" | "stream") => {
      const entered = realms.enter(own);
      const counter = kind === "call" ? "calls" : "streams";
      uses[counter]++;
      if (kind === "stream") uses.streamed = true;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        uses[counter]--;
        uses.lastUse = clock.now();
        entered.leave();
      };
    };
    const kept = { who: own, transport, server, use, uses };
    await server.connect(transport);
    server.onclose = () => void this.end(id, "lost");
    this.#sessions.set(id, kept);
    return kept;
  }

  /** `said`: by the client itself; `lost`: its stream ended, or nothing was heard of it; `revoked`: its token is no more. */
  async end(id: string, how: "said" | "lost" | "revoked"): Promise<void> {
    const kept = this.#sessions.get(id);
    if (!this.#sessions.delete(id) || kept === undefined) return;
    await kept.server.close().catch(this.#options.report);
    if (how !== "revoked") await this.#options.realms.ended(kept.who);
  }

  async revoked(token: string): Promise<void> {
    const of = [...this.#sessions].filter(([, { who }]) => who.token === token);
    await Promise.all(of.map(([id]) => this.end(id, "revoked")));
  }

  dispose(): void {
    this.#disposed = true;
    this.#checking?.dispose();
    for (const { server } of this.#sessions.values()) void server.close().catch(() => {});
    this.#sessions.clear();
  }

  /** Of the token that has most of them: nobody crowds out another one's. */
  #makeRoom(): void {
    if (this.#sessions.size < (this.#options.most ?? MOST)) return;
    const { realms } = this.#options;
    const counts = new Map<string, number>();
    for (const { who } of this.#sessions.values()) counts.set(who.token, (counts.get(who.token) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const idle = [...this.#sessions]
      .filter(([, { uses, who }]) => counts.get(who.token) === most && uses.calls + uses.streams === 0)
      .filter(([, { who }]) => !realms.isBusy(who))
      .sort(([, one], [, other]) => one.uses.lastUse - other.uses.lastUse);
    const [oldest] = idle;
    if (oldest === undefined)
      throw new Refused(503, "too many clients are connected", { "retry-after": "10" });
    void this.end(oldest[0], "lost");
  }

  #arm(): void {
    this.#checking = this.#options.clock.after(CHECK_MS, () => {
      const now = this.#options.clock.now();
      for (const [id, { who, uses }] of this.#sessions) {
        const patience = uses.streamed ? (this.#options.stickyMs ?? STICKY_MS) : SILENT_MS;
        if (uses.calls + uses.streams > 0 || now - uses.lastUse < patience) continue;
        if (!this.#options.realms.isBusy(who)) void this.end(id, "lost");
      }
      if (!this.#disposed) this.#arm();
    });
  }
}
