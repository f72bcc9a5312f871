import { type Clock, systemClock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { OpenFailure } from "./channels/connection.ts";
import { collect } from "./channels/exec.ts";
import { SshPtyChannel } from "./channels/pty-channel.ts";
import type { ExecOptions, ExecResult, PtyChannel, PtyOptions, Transport } from "./contract.ts";
import type { DialContext } from "./handshake/dial.ts";
import { Pools } from "./pool/pools.ts";
import type { SharedConnection } from "./pool/shared-connection.ts";
import { hopName } from "./protocol/sentences.ts";
import type { Trace } from "./trace.ts";

/** Each try either succeeds or teaches the server's channel limit, so few are needed. */
const MAX_OPENS = 8;
/** Pause before asking again for a place the server is about to free; grows with each try. */
const SOON_MS = 5;

export interface TransportOptions {
  readonly readSecret: ReadSecret;
  readonly clock?: Clock;
  /** Where SSH_AUTH_SOCK is looked up. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told every step of every dial. */
  readonly trace?: Trace;
}

/** Channels over ssh2, on connections shared per host. Dispose it to end them all. */
export function createTransport(options: TransportOptions): Transport {
  const context: DialContext = {
    readSecret: options.readSecret,
    clock: options.clock ?? systemClock,
    env: options.env ?? process.env,
    ...(options.trace === undefined ? {} : { trace: options.trace }),
  };
  return new SshTransport(context);
}

class SshTransport implements Transport {
  readonly #context: DialContext;
  readonly #pools: Pools;

  constructor(context: DialContext) {
    this.#context = context;
    this.#pools = new Pools(context);
  }

  async openPty(host: ResolvedHost, options: PtyOptions): Promise<PtyChannel> {
    for (let tries = 1; ; tries++) {
      const { shared, release } = await this.#pools.of(host).acquire("pty");
      const opened = await shared.openPty(options, host.timing.connectTimeoutMs, release);
      if ("channel" in opened) {
        this.#context.trace?.(host, { step: "terminal" });
        return new SshPtyChannel(
          opened.channel,
          shared.connection,
          (command, execOptions) => this.#execBeside(host, shared, command, execOptions),
          this.#context.readSecret,
        );
      }
      if (tries === MAX_OPENS || !worthAnother(opened, shared))
        throw refusedChannel(host, "a terminal", opened);
    }
  }

  async exec(host: ResolvedHost, command: string, options: ExecOptions): Promise<ExecResult> {
    for (let tries = 1; ; tries++) {
      const { shared, release } = await this.#pools.of(host).acquire("exec");
      const opened = await shared.openExec(command, host.timing.connectTimeoutMs, release);
      if ("channel" in opened)
        return collect(opened.channel, shared.connection, options, this.#context.clock);
      // After a lost link nobody knows whether the command has started, and nothing is ever sent twice.
      const again = opened.refused !== "lost" && worthAnother(opened, shared);
      if (tries === MAX_OPENS || !again) throw refusedChannel(host, "a command channel", opened);
      if (opened.refused === "soon") await this.#pause(SOON_MS * tries);
    }
  }

  dispose(): Promise<void> {
    return this.#pools.dispose();
  }

  async #execBeside(
    host: ResolvedHost,
    shared: SharedConnection,
    command: string,
    options: ExecOptions,
  ): Promise<ExecResult> {
    const { clock } = this.#context;
    const deadline = clock.now() + options.timeoutMs;
    const left = () => Math.max(1, deadline - clock.now());
    for (let tries = 1; ; tries++) {
      const release = await shared.takeExec(left());
      if (release === undefined) {
        const lost = !shared.connection.usable;
        const message = lost ? "the connection ended" : "its terminals fill the connection";
        throw refusedChannel(host, "a command channel", { refused: lost ? "lost" : "limit", message });
      }
      const opened = await shared.openExec(command, left(), release);
      if ("channel" in opened)
        return collect(opened.channel, shared.connection, { ...options, timeoutMs: left() }, clock);
      if (tries === MAX_OPENS || opened.refused !== "soon")
        throw refusedChannel(host, "a command channel", opened);
      await this.#pause(SOON_MS * tries);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#context.clock.after(ms, resolve));
  }
}

/** Whether another connection may do better: not when the server refuses even the first channel of one. */
function worthAnother(failure: OpenFailure, shared: SharedConnection): boolean {
  if (failure.refused === "lost" || failure.refused === "soon") return true;
  return failure.refused === "limit" && shared.busy;
}

function refusedChannel(host: ResolvedHost, what: string, failure: OpenFailure): SshMcpError {
  if (failure.refused === "lost")
    return new SshMcpError(
      "connect_failed",
      `The connection to ${hopName(host)} was lost while opening ${what}: ${failure.message}.`,
      "Connect again.",
    );
  return new SshMcpError(
    "channel_refused",
    `${hopName(host)} refused ${what}: ${failure.message}.`,
    "Close a session on this host, or look at MaxSessions, PermitTTY and ForceCommand in its sshd_config.",
  );
}
