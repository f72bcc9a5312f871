import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFile, RemoteFiles } from "./contract.ts";

export type Window = RemoteFiles["window"];

export interface StreamOptions {
  /** Ends the stream with its reason; answers that are still out are not waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Position of the first byte; default 0. */
  readonly from?: number | undefined;
}

/** How the reading of a file went: what the server said of it before and after, and the bytes there were from `from` on. */
export interface Reading {
  readonly bytes: number;
  readonly before: FileFacts;
  readonly after: FileFacts;
  /** What changed while it was read, or did not fit, as a sentence without its subject; undefined: nothing that shows. */
  readonly changed: string | undefined;
}

/**
 * Bytes of an open file, in order, up to its end, whatever size it is said to have; each piece is one answer's worth. At
 * most a window of requests is out or unread, so memory is bounded by it; whoever stops reading stops the asking.
 * `ended` tells how it went, once all was read. @throws SshMcpError of `RemoteFile`, and the signal's reason.
 */
export class FileReader implements AsyncIterable<Buffer> {
  readonly #file: RemoteFile;
  readonly #window: Window;
  readonly #options: StreamOptions;
  /** Memory for further answers, and that of pieces which somebody has. */
  readonly #free: Buffer[] = [];
  readonly #lent = new WeakMap<Buffer, Buffer>();
  #ended: Reading | undefined;

  constructor(file: RemoteFile, window: Window, options: StreamOptions = {}) {
    this.#file = file;
    this.#window = window;
    this.#options = options;
  }

  /** Undefined: not read to its end. */
  get ended(): Reading | undefined {
    return this.#ended;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const { from = 0, signal } = this.#options;
    signal?.throwIfAborted();
    const gone = aborted(signal);
    try {
      const before = await gone.first(factsOf(this.#file));
      let at = from;
      for await (const piece of this.#pieces(before, from, gone)) {
        at += piece.length;
        yield piece;
      }
      const after = await gone.first(factsOf(this.#file));
      this.#ended = { bytes: at - from, before, after, changed: changeOf(before, after, at) };
    } finally {
      gone.release();
    }
  }

  async *#pieces(before: FileFacts, from: number, gone: Gone): AsyncGenerator<Buffer> {
    const size = before.size ?? 0;
    let length = this.#window.read;
    // Behind the size that was told there is most likely nothing: one request looks, more only where it finds something.
    let beyond = 1;
    let next = from;
    const slots: Slot[] = [];
    const fill = () => {
      let free = this.#window.requests;
      for (const slot of slots) {
        if (free === 0) return;
        slot.answer ??= quiet(this.#ask(slot));
        free--;
      }
      for (; free > 0; free--) {
        if (next >= size && slots.filter(({ at }) => at >= size).length >= beyond) return;
        const slot: Slot = { at: next, length };
        slot.answer = quiet(this.#ask(slot));
        slots.push(slot);
        next += length;
      }
    };
    for (;;) {
      fill();
      const slot = slots.shift();
      if (slot?.answer === undefined) return;
      const answer = await gone.first(slot.at >= size && size > 0 ? endOr(slot.answer) : slot.answer);
      if (answer.length === 0) return;
      if (answer.length > slot.length) throw tooMuch(slot.length, answer.length);
      if (slot.at >= size) beyond = Math.min(this.#window.requests, beyond * 2);
      const at = slot.at + answer.length;
      const end = slot.at + slot.length;
      // A server gives what it likes. Where an answer comes short before the end, the requests are too long for it.
      if (at < end && at < size && answer.length >= LEAST) length = Math.min(length, answer.length);
      if (at < end) slots.unshift(...slotsOf(at, end, at < size ? length : end - at));
      yield answer;
    }
  }

  /** A piece has served: the memory it lies in is used for another. */
  release(piece: Buffer): void {
    const room = this.#lent.get(piece);
    if (room !== undefined && this.#lent.delete(piece)) this.#free.push(room);
  }

  async #ask({ at, length }: Slot): Promise<Buffer> {
    const room = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#window.read);
    const answer = await this.#file.read(at, length, room);
    if (answer.buffer === room.buffer) this.#lent.set(answer, room);
    return answer;
  }
}

/** A request that nobody waits for any more may fail. */
function quiet<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}

/** Behind the size that was told some servers call the end a failure. */
function endOr(answer: Promise<Buffer>): Promise<Buffer> {
  return answer.catch((error: unknown) => {
    if (error instanceof SshMcpError && error.code === "file_failed") return Buffer.alloc(0);
    throw error;
  });
}

/** A part of the file, in the order of the file; without an answer: not asked for yet. */
interface Slot {
  readonly at: number;
  readonly length: number;
  answer?: Promise<Buffer>;
}

function slotsOf(from: number, to: number, length: number): Slot[] {
  return Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => {
    const at = from + index * length;
    return { at, length: Math.min(length, to - at) };
  });
}

/** Requests are never made shorter than this for a server that answers with less. */
const LEAST = 4096;

function tooMuch(asked: number, came: number): SshMcpError {
  return new SshMcpError("file_failed", `the server answered a request for ${asked} bytes with ${came}`);
}

/** Some servers have no fstat: then nothing is known, which is no reason not to read. */
async function factsOf(file: RemoteFile): Promise<FileFacts> {
  try {
    return await file.stat();
  } catch (error) {
    if (error instanceof SshMcpError && error.code === "connect_failed") throw error;
    return { type: "unknown" };
  }
}

/** `end`: where the reading met the file's end. */
function changeOf(before: FileFacts, after: FileFacts, end: number): string | undefined {
  const [was, is] = [before.size, after.size];
  if (was !== undefined && is !== undefined && was !== is)
    return `${is > was ? "grew" : "was cut"} from ${was} to ${is} bytes while it was read; ${end} were there`;
  if (before.mtime !== after.mtime) return "was written to while it was read";
  // Files of /proc and the like say 0 and have text; they have no size to be held against.
  if (is !== undefined && is > 0 && end !== is) return `ended after ${end} bytes, though its size is ${is}`;
  return undefined;
}

export interface WriteOptions extends StreamOptions {
  /** Bytes that were acknowledged. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Of a piece that went as one request: nobody needs it any more. */
  readonly onWritten?: ((piece: Buffer) => void) | undefined;
}

/**
 * Writes pieces one behind the other from `from` on, with a window of requests out; a source is asked for more only when one
 * of them is answered. Gives the bytes written, all of them acknowledged. @throws SshMcpError of `RemoteFile`, what the
 * source throws, and the signal's reason.
 */
export async function writeAll(
  file: RemoteFile,
  source: AsyncIterable<Buffer>,
  window: Window,
  { from = 0, signal, onBytes, onWritten }: WriteOptions = {},
): Promise<number> {
  signal?.throwIfAborted();
  const gone = aborted(signal);
  const out = new Set<Promise<void>>();
  let at = from;
  const send = async (piece: Buffer, whole: Buffer | undefined) => {
    while (out.size >= window.requests) await gone.first(Promise.race(out));
    const written = file.write(at, piece).then(() => {
      out.delete(written);
      onBytes?.(piece.length);
      if (whole !== undefined) onWritten?.(whole);
    });
    written.catch(() => {});
    out.add(written);
    at += piece.length;
  };
  try {
    for await (const piece of source)
      for (let start = 0; start < piece.length; start += window.write)
        await send(
          piece.subarray(start, start + window.write),
          piece.length <= window.write ? piece : undefined,
        );
    await gone.first(Promise.all(out));
    return at - from;
  } finally {
    gone.release();
  }
}

interface Gone {
  /** The promise's value, or a rejection with the signal's reason, whichever is first. */
  first<T>(promise: Promise<T>): Promise<T>;
  release(): void;
}

function aborted(signal: AbortSignal | undefined): Gone {
  if (signal === undefined) return { first: (promise) => promise, release: () => {} };
  const waiting = new Set<(reason: unknown) => void>();
  const abort = () => {
    for (const reject of waiting) reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  return {
    first: <T>(promise: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        waiting.add(reject);
        promise.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
    release: () => signal.removeEventListener("abort", abort),
  };
}
