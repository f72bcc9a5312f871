import type { Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { ChannelEnd, Exec, ExitStatus, Running } from "../contract.ts";
import { type Carrier, endOf, signalName } from "./channel-end.ts";
import { isRecord } from "./refused.ts";
import { ChannelInput, ChannelOutput } from "./streams.ts";

/** A command on an ssh2 channel. */
export class ExecChannel implements Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ChannelEnd>;
  readonly exited: Promise<void>;
  readonly beside?: Exec;
  readonly #channel: ClientChannel;
  readonly #outputs: readonly ChannelOutput[];
  #finish: (end: ChannelEnd) => void = () => {};

  /** Aborting `signal` closes it. */
  constructor(channel: ClientChannel, carrier: Carrier, signal: AbortSignal | undefined, beside?: Exec) {
    if (beside !== undefined) this.beside = beside;
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
    const plain = name.replace(/^SIG/, "");
    const { outgoing, protocol } = insideOf(this.#channel);
    const open = outgoing?.state === "open" || outgoing?.state === "eof";
    const send = protocol?.signal;
    // ssh2 1.17.0 sends none once the input has ended, which RFC 4254 6.9 does not ask for.
    if (typeof send !== "function") this.#channel.signal(plain);
    else if (open) Reflect.apply(send, protocol, [outgoing.id, plain]);
  }

  close(): void {
    this.#channel.close();
    for (const output of this.#outputs) output.finish();
    this.stdin.destroy();
    this.#finish({ reason: "closed_by_us" });
  }
}

/** Of ssh2's inside what is needed here; undefined: it is not as known. */
function insideOf(channel: ClientChannel) {
  const client: unknown = Reflect.get(channel, "_client");
  const protocol = isRecord(client) ? client._protocol : undefined;
  const outgoing: unknown = Reflect.get(channel, "outgoing");
  return {
    outgoing: isRecord(outgoing) ? outgoing : undefined,
    protocol: isRecord(protocol) ? protocol : undefined,
  };
}
