import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Endpoint, type EndpointOptions } from "./endpoint.ts";
import { LIMITS } from "./limits.ts";

export interface ListenOptions extends EndpointOptions {
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
}

export interface Listening {
  readonly address: string;
  readonly port: number;
  readonly endpoint: Endpoint;
  /** Connections from now on use this certificate. @throws what is none. */
  setTls(tls: { readonly cert: Buffer; readonly key: Buffer }): void;
  /** Resolves when nothing is served any more. */
  close(): Promise<void>;
}

/** Listens; resolves when clients can connect. @throws Error where the address cannot be used. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const endpoint = new Endpoint(options);
  const answer: RequestListener = (request, out) => void endpoint.handle(request, out);
  const { settings } = LIMITS;
  const secure =
    options.tls === undefined ? undefined : createHttpsServer({ ...settings, ...options.tls }, answer);
  const server: Server | TlsServer = secure ?? createHttpServer(settings, answer);
  server.maxConnections = LIMITS.connections;
  server.maxHeadersCount = LIMITS.headers;
  // Whoever asks first whether a body is wanted is answered by the same rules, before it sends any.
  server.on("checkContinue", (request: IncomingMessage, out: ServerResponse) => {
    void endpoint.handle(request, out, () => out.writeContinue());
  });
  server.on("clientError", (_error, socket) => malformed(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.address, port: options.port }, () => {
      server.off("error", reject);
      server.on("error", options.report);
      resolve();
    });
  });
  const { address, port } = addressOf(server);
  return {
    address,
    port,
    endpoint,
    setTls: (tls) => secure?.setSecureContext(tls),
    async close() {
      endpoint.dispose();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function addressOf(server: Server | TlsServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no address");
  return address;
}

/** What is no HTTP, or comes too slowly, gets a short answer without a hint. */
function malformed(socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
