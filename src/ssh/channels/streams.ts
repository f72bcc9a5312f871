import { Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";

/** What an exec channel prints, as a stream that has nothing to do with its input. Paused, it holds the server back. */
export class ChannelOutput extends Readable {
  readonly #source: Readable;

  constructor(source: Readable) {
    super();
    this.#source = source;
    source.on("data", this.#take);
    source.on("end", this.finish);
    source.on("error", () => {});
  }

  /** No further byte is delivered; what the server still sends is read away, or the channel would never end. */
  readonly finish = (): void => {
    this.#source.removeListener("data", this.#take);
    this.#source.removeListener("end", this.finish);
    this.#source.resume();
    if (!this.destroyed && !this.readableEnded) this.push(null);
  };

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#source.pause();
  };

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.finish();
    done(error);
  }
}

/**
 * The input of an exec channel. ssh2 never calls back for what is written to a closed channel, so the end of the channel
 * ends this stream, and whoever waits to write is told.
 */
export class ChannelInput extends Writable {
  readonly #channel: ClientChannel;

  constructor(channel: ClientChannel) {
    super();
    this.#channel = channel;
    channel.on("close", () => this.destroy());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, done);
  }

  /** End of file for the command; its output goes on. */
  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }
}
