import { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";

/**
 * A forwarded channel (RFC 4254 7.2) as a stream that ends like a socket: `destroy()` closes it at once, without waiting
 * for the jump host to confirm, and the end of the channel is the end of the stream.
 */
export class Tunnel extends Duplex {
  /** Which hop it goes through, and why that hop is gone; undefined: it is there. */
  hop: { readonly name: string; readonly lost: () => string | undefined } | undefined;
  readonly #channel: ClientChannel;

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false });
    this.#channel = channel;
    channel.pause();
    channel.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause();
    });
    channel.on("end", () => this.push(null));
    channel.on("close", () => this.destroy());
    channel.on("error", () => this.destroy());
    channel.stderr.resume();
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // ssh2 never calls back once the channel is closed; `destroy` ends this stream then.
    this.#channel.write(chunk, done);
  }

  /** What comes together goes on together. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#channel.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel.resume();
    this.#channel.close();
    done(error);
  }
}

/** Why what a stream goes through is gone: `jump host b was lost: …`; undefined: nothing of that is known. */
export function lostHop(stream: Duplex): string | undefined {
  const hop = stream instanceof Tunnel ? stream.hop : undefined;
  const why = hop?.lost();
  return hop === undefined || why === undefined ? undefined : `jump host ${hop.name} was lost: ${why}`;
}
