import type { IncomingMessage, ServerResponse } from "node:http";

/** Bytes of one request; several times the longest file that a tool takes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Bytes of bodies that are being read at once, over all requests. */
const MAX_BODIES_BYTES = 64 * 1024 * 1024;
/** A body nests no deeper; those who read it recurse. */
const MOST_LEVELS = 100;

/** An answer that ends a request before any protocol sees it. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Memory of the bodies that are being read. */
export class Bodies {
  #taken = 0;

  /** @throws Refused where it is too long, nests too deeply, or the memory for bodies is used up. */
  async read(request: IncomingMessage, most = MAX_BODY_BYTES): Promise<string> {
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > most) throw tooLong(most);
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
        size += bytes.length;
        this.#taken += bytes.length;
        if (size > most) throw tooLong(most);
        if (this.#taken > MAX_BODIES_BYTES)
          throw new Refused(503, "too much is being sent at once; try again", { "retry-after": "1" });
        chunks.push(bytes);
      }
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(400, "the body did not come whole");
    } finally {
      this.#taken -= size;
    }
    const text = Buffer.concat(chunks).toString("utf8");
    if (levelsOf(text) > MOST_LEVELS)
      throw new Refused(400, `the body nests deeper than ${MOST_LEVELS} levels`);
    return text;
  }
}

function tooLong(most: number): Refused {
  return new Refused(413, `the body is longer than ${most} bytes; send less in one call`);
}

/** How deep brackets nest, outside of strings. */
function levelsOf(text: string): number {
  let [level, most, quoted] = [0, 0, false];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 0x5c) index++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) most = Math.max(most, ++level);
    else if (code === 0x5d || code === 0x7d) level--;
  }
  return most;
}

/** A request as the SDK takes it. Its signal is aborted when the client has gone before its answer. */
export function webRequest(request: IncomingMessage, body: string | undefined, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // The SDK needs neither, and what it holds on to holds no secret.
    if (name === "authorization" || name === "x-session-key" || value === undefined) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const { method = "GET", url = "/" } = request;
  return new Request(new URL(url, "http://localhost"), {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body }),
  });
}

/** Writes an answer of the SDK, as fast as the client reads it; resolves when it is over, or the client has gone. */
export async function answerWith(
  response: Response,
  out: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const headers: Record<string, string> = { ...ALWAYS };
  response.headers.forEach((value, name) => {
    headers[name] = value;
  });
  if (headers["content-type"]?.startsWith("text/event-stream") !== true) {
    const body = Buffer.from(await response.arrayBuffer());
    out.writeHead(response.status, { ...headers, "content-length": body.length }).end(body);
    return;
  }
  out.writeHead(response.status, headers).flushHeaders();
  const reader = response.body?.getReader();
  if (reader === undefined) {
    out.end();
    return;
  }
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      if (!out.write(part.value) && !signal.aborted) await drained(out, signal);
  } catch {
    // A stream that ends in an error ends the answer.
  } finally {
    signal.removeEventListener("abort", cancel);
    out.end();
  }
}

/** No proxy keeps parts of a stream back, no cache keeps an answer, and no browser guesses what it is. */
export const ALWAYS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

function drained(out: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off("drain", done);
      out.off("close", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    out.once("drain", done).once("close", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
