import type { ServerResponse } from "node:http";
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from "@modelcontextprotocol/server";
import { ALWAYS } from "./exchange.ts";

/** Below the idle time-outs of proxies. */
const KEEP_ALIVE_MS = 15_000;
/** What a client that does not read may leave behind, in bytes; then its stream is ended. */
const MOST_UNREAD = 16 * 1024 * 1024;

/**
 * The transport of the revision 2024-11-05: one stream for everything the server says, and a POST for each message of the client.
 * The SDK this program uses does not have it any more; it is small, so it is here.
 */
export class SseTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport["onmessage"];
  readonly sessionId: string;
  readonly #out: ServerResponse;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(sessionId: string, out: ServerResponse) {
    this.sessionId = sessionId;
    this.#out = out;
  }

  async start(): Promise<void> {
    this.#out.writeHead(200, { ...ALWAYS, "content-type": "text/event-stream" });
    this.#event("endpoint", `/messages?sessionId=${this.sessionId}`);
    this.#timer = setInterval(() => this.#out.write(": keep-alive\n\n"), KEEP_ALIVE_MS).unref();
    this.#out.once("close", () => void this.close());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error("the client has gone");
    this.#event("message", JSON.stringify(message));
    if (this.#out.writableLength > MOST_UNREAD) {
      this.#out.destroy();
      await this.close();
    }
  }

  /** A message that was posted. @throws what is no message of the protocol. */
  receive(body: string): void {
    const message = parseJSONRPCMessage(JSON.parse(body));
    this.onmessage?.(message);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#out.end();
    this.onclose?.();
  }

  #event(name: string, text: string): void {
    this.#out.write(`event: ${name}\ndata: ${text}\n\n`);
  }
}
