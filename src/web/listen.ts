import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { misdirected } from "../mcp/http/authority.ts";
import { ALWAYS, Refused } from "../mcp/http/exchange.ts";
import { LIMITS } from "../mcp/http/limits.ts";
import { Throttle } from "../mcp/http/throttle.ts";
import type { Guest } from "./guest.ts";
import type { Gallery } from "./onlooker.ts";
import { Web } from "./web.ts";

export interface OwnPage {
  readonly port: number;
  /** A link that lets its bearer in, once. What proves it is behind the `#`: browsers send that to nobody. */
  link(): string;
  close(): Promise<void>;
}

const ADDRESS = "127.0.0.1";

/** The page alone, on loopback, for one guest who comes by a link. @throws SshMcpError where the port cannot be had. */
export async function listenForPages(
  gallery: Gallery,
  guest: Guest,
  port: number,
  report: (error: unknown) => void,
): Promise<OwnPage> {
  const throttle = new Throttle({ now: () => performance.now() });
  const web = new Web({ gallery, doorkeeper: () => undefined, throttle, secure: false });
  let hosts: ReadonlySet<string> = new Set();
  const authorities = { hosts: () => hosts, origins: new Set<string>(), secure: false };
  const answer = async (request: IncomingMessage, out: ServerResponse, proceed = () => {}) => {
    try {
      const wrong = misdirected(request, authorities);
      if (wrong !== undefined) throw new Refused(403, wrong);
      const { url = "" } = request;
      if (url === "/") return void out.writeHead(308, { ...ALWAYS, location: "/ui/" }).end();
      if (!/^\/ui(?:[/?]|$)/.test(url)) throw new Refused(404, "there is nothing here; the page is at /ui/");
      await web.handle(request, out, proceed);
    } catch (error) {
      refuse(request, out, error, report);
    }
  };
  const server = createServer(LIMITS.settings, (request, out) => void answer(request, out));
  server.maxConnections = LIMITS.connections;
  server.maxHeadersCount = LIMITS.headers;
  server.on("checkContinue", (request: IncomingMessage, out: ServerResponse) => {
    void answer(request, out, () => out.writeContinue());
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (error: unknown) =>
      reject(
        new SshMcpError(
          "connect_failed",
          `${ADDRESS}:${port} cannot be listened on: ${messageOf(error)}`,
          "--port NUMBER is another one; without it any that is free is used.",
        ),
      );
    server.once("error", failed);
    server.listen({ host: ADDRESS, port }, () => {
      server.off("error", failed).on("error", report);
      resolve();
    });
  });
  const at = server.address();
  const used = typeof at === "object" && at !== null ? at.port : port;
  hosts = new Set([`${ADDRESS}:${used}`, `localhost:${used}`]);
  return {
    port: used,
    link: () => `http://${ADDRESS}:${used}/ui/#${web.code(guest)}`,
    async close() {
      web.dispose();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), LAST_MS);
      await closed;
      clearTimeout(late);
    },
  };
}

/** Pages are told why before their connections end. */
const LAST_MS = 300;

function refuse(
  request: IncomingMessage,
  out: ServerResponse,
  error: unknown,
  report: (error: unknown) => void,
): void {
  if (!(error instanceof Refused)) report(error);
  if (out.headersSent) return void out.destroy();
  const refused =
    error instanceof Refused ? error : new Refused(500, "an unexpected error in ssh-mcp itself");
  out
    .writeHead(refused.status, {
      ...ALWAYS,
      ...refused.headers,
      "content-type": "application/json",
      ...(request.complete ? {} : { connection: "close" }),
    })
    .end(JSON.stringify({ why: refused.message }));
}
