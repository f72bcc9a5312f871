import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A connection that can be made to say nothing in either direction, as when its packets are lost on the way: what was
 * sent meanwhile arrives once they get through again.
 */
export class Gate extends Duplex {
  readonly #socket: Socket;
  #shut: boolean;
  /** What goes on once packets get through. */
  #held: (() => void) | undefined;
  #abandoned = false;
  #opened: boolean;

  constructor(socket: Socket, shut: boolean) {
    super();
    this.#socket = socket;
    this.#shut = shut;
    this.#opened = !shut;
    socket.on("data", (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.pause();
    socket.on("end", () => this.push(null));
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.destroy());
  }

  /** Only the other side still believes in it. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Whether anything ever got through. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Packets are lost from here on, or get through again. */
  shut(shut: boolean): void {
    this.#shut = shut;
    if (shut) {
      this.#socket.pause();
      return;
    }
    if (this.#abandoned) {
      this.reset();
      return;
    }
    this.#opened = true;
    const held = this.#held;
    this.#held = undefined;
    held?.();
    this.#socket.resume();
  }

  /** The other side learns at once that there is no such connection. */
  reset(): void {
    this.#abandoned = false;
    this.#socket.resetAndDestroy();
    this.destroy();
  }

  /** The device forgets it; the other side learns that when packets get through again. */
  abandon(): void {
    this.#abandoned = true;
    this.#socket.pause();
    this.destroy();
  }

  override _read(): void {
    if (!this.#shut) this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#pass(() => this.#socket.write(bytes, done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#pass(() => {
      this.#socket.end();
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#held = undefined;
    if (!this.#abandoned) this.#socket.destroy();
    done(error);
  }

  #pass(act: () => void): void {
    if (this.#shut) this.#held = act;
    else act();
  }
}
