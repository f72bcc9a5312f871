import type { ClientChannel } from "ssh2";
import type { Disposable } from "../../base/clock.ts";
import { Emitter } from "../../base/emitter.ts";
import { messageOf } from "../../base/errors.ts";
import type { ChannelEnd, PtyChannel } from "../contract.ts";
import { type Carrier, endOf } from "./channel-end.ts";
import { EndEvent } from "./end-event.ts";

/** A PTY on an ssh2 channel. Nothing flows before the first `onData`, so no byte is lost or copied. */
export class SshPtyChannel implements PtyChannel {
  readonly #channel: ClientChannel;
  // An exception that reached ssh2 would corrupt its decoder and take the whole connection down.
  readonly #bytes = new Emitter<Buffer>((error) => this.#warn(error));
  readonly #ends = new EndEvent();
  #warned = false;
  #started = false;
  #paused = false;

  constructor(channel: ClientChannel, carrier: Carrier) {
    this.#channel = channel;
    channel.on("error", () => {});
    channel.on("close", (code?: number | null, signal?: string) =>
      this.#finish(endOf(carrier, code, signal)),
    );
  }

  write(bytes: Uint8Array | string): void {
    if (this.#ends.end === undefined && this.#channel.writable) this.#channel.write(bytes);
  }

  get untaken(): number {
    return this.#ends.end === undefined ? this.#channel.writableLength : 0;
  }

  resize(cols: number, rows: number): void {
    if (this.#ends.end === undefined) this.#channel.setWindow(rows, cols, 0, 0);
  }

  pause(): void {
    this.#paused = true;
    if (!this.#started) return;
    this.#channel.pause();
    this.#channel.stderr.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#started) return;
    this.#channel.resume();
    this.#channel.stderr.resume();
  }

  close(): void {
    if (this.#ends.end !== undefined) return;
    this.#channel.close();
    this.#finish({ reason: "closed_by_us" });
    // Whatever still comes is read away, or the channel would never end.
    this.#start();
    this.resume();
  }

  onData(listener: (chunk: Buffer) => void): Disposable {
    const subscription = this.#bytes.event(listener);
    this.#start();
    return subscription;
  }

  onClose(listener: (end: ChannelEnd) => void): Disposable {
    return this.#ends.on(listener);
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const stream of [this.#channel, this.#channel.stderr]) {
      if (this.#paused) stream.pause();
      stream.on("data", (chunk: Buffer) => {
        if (this.#ends.end === undefined) this.#bytes.fire(chunk);
      });
    }
  }

  /** Once per channel: a listener that fails tends to fail on every chunk. */
  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(`a listener of a terminal's data failed: ${messageOf(error)}`);
  }

  #finish(end: ChannelEnd): void {
    if (this.#ends.finish(end)) this.#bytes.clear();
  }
}
