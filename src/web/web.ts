import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Disposable } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import { addressOf, isOwn, rawValues } from "../mcp/http/authority.ts";
import { ALWAYS, Bodies, Refused } from "../mcp/http/exchange.ts";
import type { Throttle } from "../mcp/http/throttle.ts";
import { asset, PAGE_HEADERS } from "./assets.ts";
import type { Doorkeeper, Guest } from "./guest.ts";
import { type Gallery, Onlooker } from "./onlooker.ts";
import { PageStream } from "./stream.ts";
import { Visits } from "./visits.ts";

export interface WebOptions {
  readonly gallery: Gallery;
  readonly doorkeeper: Doorkeeper;
  readonly throttle: Throttle;
  /** The browser's way here is encrypted. */
  readonly secure: boolean;
  readonly proxied?: boolean;
}

/** Pages open at once, over all, and of one guest. */
const MOST_PAGES = 1_000;
const MOST_OF_ONE = 32;
/** A request of a page is short; the longest are pasted texts. */
const MOST_BODY = 256 * 1024;

const short = z.string().max(200);
const place = { place: short, session: short };
const asked = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("watch"), ...place }),
  z.strictObject({ do: z.literal("unwatch") }),
  z.strictObject({ do: z.enum(["again", "take", "release", "interrupt", "lines", "audited"]), ...place }),
  z.strictObject({ do: z.literal("keys"), keys: z.string().max(65_536), ...place }),
  z.strictObject({
    do: z.literal("answer"),
    id: short,
    key: short,
    yes: z.boolean(),
    host: short.optional(),
  }),
]);
const signingIn = z.union([
  z.strictObject({ code: short }),
  z.strictObject({ token: z.string().max(4_096) }),
]);

/** The live view of sessions, below /ui/: files, signing in, a stream for each page, and what pages ask for. */
export class Web implements Disposable {
  readonly #options: WebOptions;
  readonly #visits = new Visits();
  readonly #bodies = new Bodies();
  readonly #pages = new Map<
    string,
    { readonly onlooker: Onlooker; readonly cookie: string; readonly name: string }
  >();

  constructor(options: WebOptions) {
    this.#options = options;
  }

  /** A link's code for this guest: good once, for two minutes. */
  code(guest: Guest): string {
    return this.#visits.code(guest);
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Whose request it is for has been checked: its Host, and its Origin where it has one. @throws Refused. */
  async handle(request: IncomingMessage, out: ServerResponse, proceed = () => {}): Promise<void> {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/ui") {
      out.writeHead(308, { ...ALWAYS, location: "/ui/" }).end();
      return;
    }
    const name = path.slice("/ui/".length) || "index.html";
    switch (name) {
      case "in":
        return this.#signIn(request, out, proceed);
      case "out":
        return this.#signOut(request, out);
      case "live":
        return this.#live(request, out);
      case "do":
        return this.#do(request, out, proceed);
      default:
        return file(request, out, name);
    }
  }

  dispose(): void {
    for (const { onlooker } of this.#pages.values())
      try {
        onlooker.end("ssh-mcp ends");
      } catch {
        // What fails for one keeps no other page open.
      }
  }

  async #signIn(request: IncomingMessage, out: ServerResponse, proceed: () => void): Promise<void> {
    assertFromPage(request, this.#options);
    const { throttle, doorkeeper, proxied } = this.#options;
    const address = addressOf(request, proxied);
    const given = signingIn.safeParse(await this.#body(request, proceed)).data;
    const token = given !== undefined && "token" in given ? given.token : undefined;
    // Nobody guesses a code: one that is right is not held up by what others behind the address tried.
    const coded = given !== undefined && "code" in given ? this.#visits.redeem(given.code) : undefined;
    const waitMs = coded === undefined ? throttle.waitMs(address, token) : 0;
    if (waitMs > 0)
      throw new Refused(429, "too many wrong tokens; try again later", {
        "retry-after": String(Math.ceil(waitMs / 1000)),
      });
    const guest = token === undefined ? undefined : doorkeeper(token);
    const proof = coded ?? (guest && this.#visits.begin(guest));
    if (token !== undefined && proof !== undefined) throttle.passed(address, token);
    if (proof === undefined) {
      throttle.failed(address);
      throw new Refused(
        401,
        "that lets nobody in here: a link is good once, for two minutes, at the server that printed it (behind a proxy with several it may have reached another); a token is as token add printed it",
      );
    }
    const cookie = [
      `${cookieName(request)}=${proof.cookie}`,
      "Path=/ui/",
      "HttpOnly",
      "SameSite=Strict",
      ...(this.#secureFor(request) ? ["Secure"] : []),
    ].join("; ");
    answer(out, 200, { key: proof.key }, { "set-cookie": cookie });
  }

  async #signOut(request: IncomingMessage, out: ServerResponse): Promise<void> {
    const { cookie } = this.#visit(request);
    this.#visits.end({ cookie });
    for (const page of this.#pages.values())
      if (page.cookie === cookie) page.onlooker.end("you are signed out");
    answer(
      out,
      200,
      {},
      { "set-cookie": `${cookieName(request)}=; Path=/ui/; Max-Age=0; HttpOnly; SameSite=Strict` },
    );
  }

  async #live(request: IncomingMessage, out: ServerResponse): Promise<void> {
    const { guest, cookie } = this.#visit(request);
    const own = [...this.#pages.values()].filter(({ name }) => name === guest.name);
    if (this.#pages.size >= MOST_PAGES || own.length >= MOST_OF_ONE)
      throw new Refused(503, "too many pages are open; close one, and load this again", {
        "retry-after": "10",
      });
    const id = randomUUID();
    const onlooker = new Onlooker(id, guest, this.#options.gallery, new PageStream(out));
    this.#pages.set(id, { onlooker, cookie, name: guest.name });
    try {
      await onlooker.run();
    } finally {
      this.#pages.delete(id);
      if (!out.writableEnded) out.end();
    }
  }

  async #do(request: IncomingMessage, out: ServerResponse, proceed: () => void): Promise<void> {
    this.#pageOf(request);
    const word = asked.safeParse(await this.#body(request, proceed)).data;
    if (word === undefined) throw new Refused(400, "the request is none of this page's");
    // Its person may have left, or been sent away, while the body was on its way.
    const page = this.#pageOf(request);
    try {
      await page.onlooker.asked(word);
      answer(out, 200, {});
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      answer(out, 409, { why: error.toText() });
    }
  }

  /** The page that asks. @throws Refused. */
  #pageOf(request: IncomingMessage): { readonly onlooker: Onlooker } {
    const { cookie } = this.#visit(request);
    const page = this.#pages.get(rawValues(request, "x-view")[0] ?? "");
    if (page === undefined || page.cookie !== cookie)
      throw new Refused(404, "this page is not open any more");
    return page;
  }

  /** @throws Refused: the same for whatever lets nobody in. */
  #visit(request: IncomingMessage): { guest: Guest; cookie: string } {
    assertFromPage(request, this.#options);
    const cookie = cookieOf(request);
    const [key = ""] = rawValues(request, "x-key");
    const guest = this.#visits.guest({ cookie, key });
    if (guest === undefined) throw new Refused(401, "sign in first");
    return { guest, cookie };
  }

  async #body(request: IncomingMessage, proceed: () => void): Promise<unknown> {
    if (!/^application\/json(?:;|$)/i.test(request.headers["content-type"] ?? ""))
      throw new Refused(415, "a request is application/json");
    proceed();
    const text = await this.#bodies.read(request, MOST_BODY);
    try {
      return JSON.parse(text);
    } catch {
      throw new Refused(400, "the body is no JSON");
    }
  }

  /** Behind a proxy the way to it is the browser's. */
  #secureFor(request: IncomingMessage): boolean {
    const { secure, proxied } = this.#options;
    return secure || (proxied === true && rawValues(request, "origin")[0]?.startsWith("https:") === true);
  }
}

function file(request: IncomingMessage, out: ServerResponse, name: string): void {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new Refused(405, "only GET is answered here", { allow: "GET, HEAD" });
  const found = asset(name);
  if (found === undefined) throw new Refused(404, "there is nothing here; the page is at /ui/");
  const { type, etag, bytes } = found;
  const headers = { ...PAGE_HEADERS, "cache-control": "no-cache", etag };
  if (request.headers["if-none-match"] === etag) out.writeHead(304, headers).end();
  else
    out
      .writeHead(200, { ...headers, "content-type": type, "content-length": bytes.length })
      .end(request.method === "HEAD" ? undefined : bytes);
}

/** What acts, or shows a session, is asked for by our own page, which says so; other pages that may use MCP are none. */
function assertFromPage(request: IncomingMessage, way: Pick<WebOptions, "secure" | "proxied">): void {
  const live = request.url === "/ui/live";
  if (request.method !== (live ? "GET" : "POST"))
    throw new Refused(405, "only the page itself asks here", { allow: live ? "GET" : "POST" });
  const [site] = rawValues(request, "sec-fetch-site");
  const [origin] = rawValues(request, "origin");
  const [host = ""] = rawValues(request, "host");
  // A browser names no origin where it only reads from its own.
  if (origin === undefined && live && (site === "same-origin" || site === undefined)) return;
  if (site !== undefined && site !== "same-origin") throw new Refused(403, "another page asks");
  // A proxy may have left the port out of Host; such an origin the operator has allowed, and the browser says that it is the page's.
  const named = way.proxied === true && site === "same-origin";
  if (origin === undefined || !(named || isOwn(origin, host, way)))
    throw new Refused(403, "only the page itself asks here: there is no Origin of its own");
}

/** Browsers keep cookies by name and host, whatever the port is. */
function cookieName({ socket }: IncomingMessage): string {
  return `ssh-mcp-${socket.localPort}`;
}

function cookieOf(request: IncomingMessage): string {
  const name = `${cookieName(request)}=`;
  const all = rawValues(request, "cookie").flatMap((value) => value.split(";").map((one) => one.trim()));
  const own = all.filter((one) => one.startsWith(name));
  return own.length === 1 ? (own[0]?.slice(name.length) ?? "") : "";
}

function answer(
  out: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  out
    .writeHead(status, { ...ALWAYS, "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}
