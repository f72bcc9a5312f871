import type { ClientChannel } from "ssh2";
import type { Disposable } from "../../base/clock.ts";
import { Emitter } from "../../base/emitter.ts";
import { messageOf } from "../../base/errors.ts";
import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import type { ChannelEnd, ExecOptions, ExecResult, LinkInfo, PtyChannel } from "../contract.ts";
import type { Connection } from "./connection.ts";

type RunExec = (command: string, options: ExecOptions) => Promise<ExecResult>;

/** A PTY on an ssh2 channel. Nothing flows before the first `onData`, so no byte is lost or copied. */
export class SshPtyChannel implements PtyChannel {
  readonly link: LinkInfo;
  readonly exec: RunExec;
  readonly #channel: ClientChannel;
  readonly #readSecret: ReadSecret;
  // An exception that reached ssh2 would corrupt its decoder and take the whole connection down.
  readonly #bytes = new Emitter<Buffer>((error) => this.#warn("data", error));
  readonly #ends = new Emitter<ChannelEnd>((error) => this.#warn("end", error));
  #warned = false;
  #started = false;
  #paused = false;
  #end: ChannelEnd | undefined;

  constructor(channel: ClientChannel, connection: Connection, exec: RunExec, readSecret: ReadSecret) {
    this.#channel = channel;
    this.#readSecret = readSecret;
    this.link = connection.link;
    this.exec = exec;
    channel.on("error", () => {});
    channel.on("close", (code?: number | null, signal?: string) =>
      this.#finish(endOf(connection, code, signal)),
    );
  }

  write(bytes: Uint8Array | string): void {
    if (this.#end === undefined && this.#channel.writable) this.#channel.write(bytes);
  }

  async writeSecret(secret: SecretRef, after: string, still: () => Promise<boolean>): Promise<boolean> {
    const value = await this.#readSecret(secret);
    if (!(await still())) return false;
    this.write(`${value.reveal()}${after}`);
    return true;
  }

  resize(cols: number, rows: number): void {
    if (this.#end === undefined) this.#channel.setWindow(rows, cols, 0, 0);
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

  signal(name: string): void {
    if (this.#end === undefined) this.#channel.signal(name.replace(/^SIG/, ""));
  }

  close(): void {
    if (this.#end !== undefined) return;
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
    const end = this.#end;
    if (end === undefined) return this.#ends.event(listener);
    let cancelled = false;
    queueMicrotask(() => {
      if (!cancelled) listener(end);
    });
    return {
      dispose: () => {
        cancelled = true;
      },
    };
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const stream of [this.#channel, this.#channel.stderr]) {
      if (this.#paused) stream.pause();
      stream.on("data", (chunk: Buffer) => {
        if (this.#end === undefined) this.#bytes.fire(chunk);
      });
    }
  }

  /** Once per channel: a listener that fails tends to fail on every chunk. */
  #warn(what: string, error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(`a listener of a terminal's ${what} failed: ${messageOf(error)}`);
  }

  #finish(end: ChannelEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#ends.fire(end);
    this.#ends.clear();
    this.#bytes.clear();
  }
}

/**
 * How the channel ended (RFC 4254 6.10), from the arguments of its `close`: its `exit` event may come before anybody could
 * listen. Signals stand without their "SIG"; undefined code: the server said nothing, or the link went first.
 */
export function endOf(connection: Connection, code?: number | null, signal?: string): ChannelEnd {
  if (typeof code === "number") return { reason: "exit", code };
  if (signal !== undefined) return { reason: "exit", signal: signal.replace(/^SIG/, "").slice(0, 32) };
  const lost = connection.endedBy;
  return lost === undefined ? { reason: "exit" } : { reason: "disconnect", message: lost };
}
