import type { ServerResponse } from "node:http";
import { ALWAYS } from "../mcp/http/exchange.ts";
import type { ToPage } from "./words.ts";

/** Bytes that may wait for a page: beyond them it is behind, and is sent nothing until it has read. */
const BEHIND_BYTES = 64 * 1024;
/** Whatever it asks for, no more than this is kept for it. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A page that reads nothing for so long is dropped. */
const STUCK_MS = 30_000;
/** A page is given this long to read the last word. */
const LAST_MS = 2_000;
/** Below the idle time-outs of proxies. */
const STILL_MS = 15_000;

/** What one page is sent: never more waits for it than one message beyond `BEHIND_BYTES`. */
export class PageStream {
  readonly #out: ServerResponse;
  readonly #now: () => number;
  #lastSaid: number;
  /** How much of what waits has gone, and since when no more of it has. */
  #sent = 0;
  #stuckSince: number | undefined;

  constructor(out: ServerResponse, now: () => number = () => performance.now()) {
    this.#out = out;
    this.#now = now;
    this.#lastSaid = now();
    out.writeHead(200, { ...ALWAYS, "content-type": "application/x-ndjson" }).flushHeaders();
    out.socket?.setNoDelay(true).setKeepAlive(true, STUCK_MS);
  }

  /** Resolves when the page has gone, or was dropped. */
  get over(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#out.destroyed || this.#out.socket === null) return resolve();
      this.#out.once("close", () => resolve());
    });
  }

  get behind(): boolean {
    return this.#out.writableLength > BEHIND_BYTES;
  }

  say(word: ToPage): void {
    if (this.#out.writableEnded || this.#out.destroyed) return;
    if (this.#out.writableLength > MOST_BYTES) {
      this.drop();
      return;
    }
    this.#lastSaid = this.#now();
    this.#out.write(`${JSON.stringify(word)}\n`);
  }

  /** To be called now and then. */
  check(): void {
    const now = this.#now();
    const { socket, writableLength } = this.#out;
    const sent = (socket?.bytesWritten ?? 0) - (socket?.writableLength ?? 0);
    if (writableLength === 0) this.#stuckSince = undefined;
    else if (this.#stuckSince === undefined || sent !== this.#sent) this.#stuckSince = now;
    this.#sent = sent;
    if (this.#stuckSince !== undefined && now - this.#stuckSince > STUCK_MS) this.drop();
    else if (writableLength === 0 && now - this.#lastSaid > STILL_MS) this.say({ is: "still" });
  }

  end(why: string): void {
    this.say({ is: "gone", why });
    this.#out.end();
    // One that reads nothing would be waited for.
    setTimeout(() => this.drop(), LAST_MS).unref();
  }

  drop(): void {
    this.#out.destroy();
  }
}
