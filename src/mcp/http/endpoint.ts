import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
} from "@modelcontextprotocol/server";
import type { Clock, Disposable } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Identity, Realms } from "../../desk/realms.ts";
import { RecalledForms } from "../recalled.ts";
import { createServer } from "../server.ts";
import { type Authorities, addressOf, bearerOf, misdirected, rawValues } from "./authority.ts";
import { callerIdOf, deskOf } from "./callers.ts";
import { ALWAYS, answerWith, Bodies, MAX_BODY_BYTES, Refused, webRequest } from "./exchange.ts";
import { ProtocolSessions } from "./protocol-sessions.ts";
import { SseTransport } from "./sse.ts";
import { Throttle } from "./throttle.ts";

/** Who a token is; what it may do is asked with each request. */
export interface Principal extends Pick<Identity, "token" | "scope"> {
  /** It is a person's: nothing that speaks MCP may use it. */
  readonly person?: true;
}

export interface EndpointOptions {
  readonly realms: Realms;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
  readonly authorities: Authorities;
  /** Undefined: nobody. `token` undefined: the request has none. Takes the same time whatever it is. */
  readonly authenticate: (token: string | undefined) => Principal | undefined;
  /** Resolves when the server could serve a call now. @throws why it could not. */
  readonly healthy: () => Promise<void>;
  /** The client's address is the last of X-Forwarded-For. */
  readonly behindProxy?: boolean;
  /** Wrong tokens of one address within a minute before it has to wait. */
  readonly mostWrong?: number;
  readonly stickyMs?: number;
  /** Answers what is below /ui; left out: there is no page. */
  readonly pages?: (request: IncomingMessage, out: ServerResponse, proceed: () => void) => Promise<void>;
}

/** Requests and streams of one token at once. */
const MOST_AT_ONCE = 3_000;
/** Longest session key, in characters. */
const MOST_KEY = 256;

/** Everything that is answered over HTTP. */
export class Endpoint implements Disposable {
  readonly #options: EndpointOptions;
  readonly #throttle: Throttle;
  readonly #bodies = new Bodies();
  readonly #sessions: ProtocolSessions;
  readonly #streams = new Map<string, { transport: SseTransport; who: Identity }>();
  readonly #modern: McpHttpHandler;
  /** Who each request of the newest revision is from, by what the SDK hands through. */
  readonly #callers = new WeakMap<AuthInfo, Identity>();
  /** Open requests by token. */
  readonly #open = new Map<string, Set<AbortController>>();

  constructor(options: EndpointOptions) {
    this.#options = options;
    const { realms, clock, report } = options;
    this.#throttle = new Throttle(clock, options.mostWrong);
    const sticky = options.stickyMs === undefined ? {} : { stickyMs: options.stickyMs };
    this.#sessions = new ProtocolSessions({ realms, clock, report, ...sticky });
    const forms = new RecalledForms(() => clock.now());
    this.#modern = createMcpHandler(
      ({ authInfo }) => {
        const who = authInfo && this.#callers.get(authInfo);
        if (who === undefined) throw new Error("a request without a caller");
        return createServer({
          forms,
          desk: deskOf(realms, () => who),
          callerId: callerIdOf(realms, who),
          ownTools: true,
        });
      },
      { legacy: "reject", maxRequestBodySize: MAX_BODY_BYTES, onerror: () => {} },
    );
  }

  /** Answers one request. Never rejects. `proceed`: the client waits to be asked for its body. */
  async handle(request: IncomingMessage, out: ServerResponse, proceed = () => {}): Promise<void> {
    try {
      await this.#answer(request, out, proceed);
    } catch (caught) {
      const error = asRefused(caught);
      if (!(error instanceof Refused)) this.#options.report(error);
      const refused =
        error instanceof Refused ? error : new Refused(500, "an unexpected error in ssh-mcp itself");
      if (out.headersSent) out.destroy();
      else refuse(request, out, refused);
    }
  }

  /** Ends what is open for a token that is no more. */
  async revoked(token: string): Promise<void> {
    for (const open of this.#open.get(token) ?? []) open.abort();
    await this.#sessions.revoked(token);
    await this.#options.realms.revoked(token);
  }

  dispose(): void {
    this.#sessions.dispose();
    for (const open of this.#open.values()) for (const one of open) one.abort();
    void this.#modern.close().catch(() => {});
  }

  async #answer(request: IncomingMessage, out: ServerResponse, proceed: () => void): Promise<void> {
    const asked = (request.url ?? "").split("?", 1)[0] ?? "";
    // Some clients put a slash behind what they are told.
    const path = /^\/(?:mcp|sse|messages|health)\/$/.test(asked) ? asked.slice(0, -1) : asked;
    const { method = "" } = request;
    // Probes name the address they were told, whatever it is; the answer says nothing.
    if (path === "/health" && (method === "GET" || method === "HEAD")) return this.#health(out);
    const wrong = misdirected(request, this.#options.authorities);
    if (wrong !== undefined) throw new Refused(403, wrong);
    const { pages } = this.#options;
    if (pages !== undefined && (path === "/ui" || path.startsWith("/ui/")))
      return pages(request, out, proceed);
    if (OAUTH.test(path)) return noOAuth(out);
    if (!["/mcp", "/sse", "/messages"].includes(path))
      throw new Refused(404, "there is nothing here; MCP is at /mcp");
    const who = this.#whoIs(request);
    const ending = this.#begin(who.token, request, out);
    try {
      if (path === "/messages") await this.#message(request, out, who, proceed);
      else if (method === "GET" && (path === "/sse" || isOlder(request)))
        await this.#stream(out, who, ending.signal);
      else if (path === "/sse") throw new Refused(405, "only GET is answered here", { allow: "GET" });
      else await this.#mcp(request, out, who, ending.signal, proceed);
    } finally {
      ending.over();
    }
  }

  async #health(out: ServerResponse): Promise<void> {
    const failed = await this.#options.healthy().then(
      () => false,
      (error: unknown) => {
        this.#options.report(error);
        return true;
      },
    );
    const body = JSON.stringify({ status: failed ? "failing" : "ok" });
    out.writeHead(failed ? 503 : 200, { ...ALWAYS, "content-type": "application/json" }).end(body);
  }

  /** @throws Refused: the same for every token that is none. */
  #whoIs(request: IncomingMessage): Identity {
    const address = addressOf(request, this.#options.behindProxy);
    const given = bearerOf(request);
    const waitMs = given === undefined ? 0 : this.#throttle.waitMs(address, given);
    if (waitMs > 0)
      throw new Refused(429, "too many wrong tokens; try again later", {
        "retry-after": String(Math.ceil(waitMs / 1000)),
      });
    const principal = this.#options.authenticate(given);
    if (principal === undefined) {
      if (given !== undefined) this.#throttle.failed(address);
      throw new Refused(401, "a bearer token is needed", { "www-authenticate": "Bearer" });
    }
    if (given !== undefined) this.#throttle.passed(address, given);
    const { token, scope, person } = principal;
    if (person === true) throw new Refused(403, "this token is a person's, for the page at /ui/ alone");
    const keys = rawValues(request, "x-session-key");
    const [key] = keys;
    if (keys.length > 1 || (key !== undefined && !new RegExp(`^[\\x21-\\x7e]{1,${MOST_KEY}}$`).test(key)))
      throw new Refused(400, `X-Session-Key is one word of at most ${MOST_KEY} visible characters`);
    return { token, scope, ...(key === undefined ? {} : { key }) };
  }

  /** Counts an open request, and learns when its client has gone. @throws Refused. */
  #begin(
    token: string,
    { socket }: IncomingMessage,
    out: ServerResponse,
  ): { signal: AbortSignal; over(): void } {
    const open = this.#open.get(token) ?? new Set();
    this.#open.set(token, open);
    if (open.size >= MOST_AT_ONCE)
      throw new Refused(503, "too many requests at once", { "retry-after": "1" });
    const gone = new AbortController();
    open.add(gone);
    const left = () => gone.abort();
    out.once("close", left);
    // An answer behind another one on its connection (pipelining) is not told of the end of both.
    if (out.socket === null) {
      setMaxListeners(0, socket);
      socket.once("close", left);
    }
    gone.signal.addEventListener("abort", () => {
      if (!out.writableFinished) out.destroy();
    });
    return {
      signal: gone.signal,
      over: () => {
        socket.off("close", left);
        open.delete(gone);
        if (open.size === 0) this.#open.delete(token);
      },
    };
  }

  async #mcp(
    request: IncomingMessage,
    out: ServerResponse,
    first: Identity,
    signal: AbortSignal,
    proceed: () => void,
  ): Promise<void> {
    const { method = "" } = request;
    if (!["POST", "GET", "DELETE"].includes(method))
      throw new Refused(405, "POST, GET and DELETE are answered here", { allow: "POST, GET, DELETE" });
    if (method === "POST") proceed();
    const body = method === "POST" ? await this.#bodies.read(request) : undefined;
    // A body may take a minute: what the token may do at its end counts.
    const who = body === undefined ? first : this.#whoIs(request);
    const asked = webRequest(request, body, signal);
    const message = body === undefined ? {} : parsed(body, request);
    if (await isLegacyRequest(asked, message.parsedBody, { maxRequestBodySize: MAX_BODY_BYTES }))
      return this.#older(asked, message, out, who, signal);
    const authInfo = { token: "", clientId: who.token, scopes: [] };
    this.#callers.set(authInfo, who);
    const leave = this.#options.realms.enter(who).leave;
    try {
      await answerWith(await this.#modern.fetch(asked, { authInfo, ...message }), out, signal);
    } finally {
      leave();
    }
  }

  /** A client of an older revision: its first request begins a session. */
  async #older(
    asked: Request,
    message: Parsed,
    out: ServerResponse,
    who: Identity,
    signal: AbortSignal,
  ): Promise<void> {
    const id = asked.headers.get("mcp-session-id");
    if (id === null) {
      if (asked.method !== "POST")
        throw new Refused(405, "there is no session yet; begin one with initialize", { allow: "POST" });
      const transport = await this.#sessions.begin(who);
      const response = await transport.handleRequest(asked, message);
      // Whatever was no initialize has begun nothing.
      const begun = transport.sessionId !== undefined && response.status < 400;
      await answerWith(response, out, signal);
      if (!begun) await transport.close();
      return;
    }
    const session = this.#sessions.find(id, who);
    const { transport } = session;
    if (!("handleRequest" in transport) || typeof transport.handleRequest !== "function")
      throw new Refused(404, "there is no such session; begin a new one with initialize");
    const over = session.use(asked.method === "GET" ? "stream" : "call");
    try {
      await answerWith(await transport.handleRequest(asked, message), out, signal);
    } finally {
      over();
    }
  }

  /** The stream of the transport before Streamable HTTP. */
  async #stream(out: ServerResponse, who: Identity, signal: AbortSignal): Promise<void> {
    const id = randomUUID();
    const transport = new SseTransport(id, out);
    const session = await this.#sessions.add(id, { ...who, session: id }, transport);
    const over = session.use("stream");
    this.#streams.set(id, { transport, who });
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    this.#streams.delete(id);
    over();
    await this.#sessions.end(id, "lost");
  }

  async #message(
    request: IncomingMessage,
    out: ServerResponse,
    who: Identity,
    proceed: () => void,
  ): Promise<void> {
    const { method, url = "" } = request;
    if (method !== "POST") throw new Refused(405, "only POST is answered here", { allow: "POST" });
    const id = new URL(url, "http://localhost").searchParams.get("sessionId") ?? "";
    const stream = this.#streams.get(id);
    if (stream === undefined) throw new Refused(404, "there is no such session; open /sse first");
    this.#sessions.find(id, who);
    if (!/^application\/json(?:;|$)/i.test(request.headers["content-type"] ?? ""))
      throw new Refused(415, "a message is application/json");
    proceed();
    const body = await this.#bodies.read(request);
    const over = this.#sessions.find(id, this.#whoIs(request)).use("call");
    try {
      stream.transport.receive(body);
    } catch {
      throw new Refused(400, "the body is no message of the protocol");
    } finally {
      over();
    }
    out.writeHead(202, ALWAYS).end("Accepted");
  }
}

interface Parsed {
  readonly parsedBody?: unknown;
}

/** Read once for all who look at it; what is no JSON, or is not said to be, is left to the SDK's own answer. */
function parsed(body: string, { headers }: IncomingMessage): Parsed {
  if (!/^application\/json(?:;|$)/i.test(headers["content-type"] ?? "")) return {};
  try {
    return { parsedBody: JSON.parse(body) };
  } catch {
    return {};
  }
}

/** Where a client looks for an authorization server once its request without a token was refused (RFC 8414, 9728, 7591). */
const OAUTH =
  /^\/(?:\.well-known\/(?:oauth-protected-resource|oauth-authorization-server|openid-configuration)|(?:register|authorize|token)$)/;

/** In the form of those answers, so that the client shows the sentence and not its surprise at another form. */
function noOAuth(out: ServerResponse): void {
  const error_description =
    "this server has no OAuth; a token, where it wants one (ssh-mcp token add NAME), comes as header Authorization: Bearer TOKEN";
  out
    .writeHead(404, { ...ALWAYS, "content-type": "application/json" })
    .end(JSON.stringify({ error: "invalid_request", error_description }));
}

/** A GET of a client that knows only the first transport: it names no revision and no session, and asks for a stream. */
function isOlder({ headers }: IncomingMessage): boolean {
  const { accept = "" } = headers;
  return (
    headers["mcp-protocol-version"] === undefined &&
    headers["mcp-session-id"] === undefined &&
    accept.includes("text/event-stream")
  );
}

/** What a refused request still sends is not read. */
function refuse(request: IncomingMessage, out: ServerResponse, { status, message, headers }: Refused): void {
  const body = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32000, message } });
  const unread = !request.complete;
  out.writeHead(status, {
    ...ALWAYS,
    ...headers,
    "content-type": "application/json",
    ...(unread ? { connection: "close" } : {}),
  });
  out.end(body);
}

/** The owner of sessions said no. */
function asRefused(error: unknown): unknown {
  return error instanceof SshMcpError && error.code === "limit_reached"
    ? new Refused(503, error.message, { "retry-after": "10" })
    : error;
}
