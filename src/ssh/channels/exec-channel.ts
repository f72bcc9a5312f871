import type { Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { ChannelEnd, ExitStatus, Running } from "../contract.ts";
import { type Carrier, endOf, signalName } from "./channel-end.ts";
import { ChannelInput, ChannelOutput } from "./streams.ts";

/** A command on an ssh2 channel. */
export class ExecChannel implements Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ChannelEnd>;
  readonly exited: Promise<void>;
  readonly #channel: ClientChannel;
  readonly #outputs: readonly ChannelOutput[];
  #finish: (end: ChannelEnd) => void = () => {};

  /** Aborting `signal` closes it. */
  constructor(channel: ClientChannel, carrier: Carrier, signal: AbortSignal | undefined) {
    this.#channel = channel;
    const outputs = [new ChannelOutput(channel), new ChannelOutput(channel.stderr)] as const;
    this.stdin = new ChannelInput(channel);
    [this.stdout, this.stderr] = outputs;
    this.#outputs = outputs;
    const aborted = () => this.close();
    this.end = new Promise((resolve) => {
      this.#finish = (end) => {
        signal?.removeEventListener("abort", aborted);
        resolve(end);
      };
    });
    this.exited = new Promise((resolve) => {
      if (this.status() === undefined) channel.once("exit", () => resolve());
      else resolve();
    });
    channel.on("error", () => {});
    channel.on("close", (code?: number | null, name?: string) => this.#finish(endOf(carrier, code, name)));
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted) aborted();
  }

  status(): ExitStatus | undefined {
    // Its event may have come before anybody could listen: ssh2 1.17.0 keeps what it said.
    const exit: unknown = Reflect.get(this.#channel, "_exit");
    if (typeof exit !== "object" || exit === null) return undefined;
    const code: unknown = Reflect.get(exit, "code");
    if (typeof code === "number") return { code };
    const signal: unknown = Reflect.get(exit, "signal");
    return typeof signal === "string" ? { signal: signalName(signal) } : undefined;
  }

  signal(name: string): void {
    this.#channel.signal(name.replace(/^SIG/, ""));
  }

  close(): void {
    this.#channel.close();
    for (const output of this.#outputs) output.finish();
    this.stdin.destroy();
    this.#finish({ reason: "closed_by_us" });
  }
}
