import { setMaxListeners } from "node:events";
import { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { Connection } from "../channels/connection.ts";
import type { DialContext } from "../handshake/dial.ts";
import { DroppedEarly } from "../handshake/network-errors.ts";
import { openProxyCommand } from "../handshake/proxy-command.ts";
import { connectTcp } from "../handshake/tcp.ts";
import { hopName } from "../protocol/sentences.ts";
import { HostPool, type OpenWay } from "./host-pool.ts";
import { Patience } from "./patience.ts";
import { Refusals } from "./refusals.ts";

/** Ending must not take longer than a second, whatever the peers do. */
const DISPOSE_MS = 900;

/** A jump host that waits for a far end says nothing, and neither does one that has died. */
const SILENT_HOP =
  " A firewall between them that drops looks like this, and so does a jump host that no longer answers: ssh-mcp doctor tries each hop.";

/** The pools of all hosts, jump hosts among them: their connections are shared like any other. */
export class Pools {
  readonly #context: DialContext;
  readonly #abort = new AbortController();
  readonly #pools = new Map<string, HostPool>();

  readonly #refusals: Refusals | undefined;

  constructor(context: DialContext) {
    this.#context = context;
    this.#refusals = context.repeatRefused === true ? undefined : new Refusals(context.clock, context.env);
    // One listener per dial under way; Node would warn of a leak at the eleventh.
    setMaxListeners(0, this.#abort.signal);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  of(host: ResolvedHost): HostPool {
    if (this.#abort.signal.aborted)
      throw new SshMcpError("connect_failed", "Connections are being closed; none is opened any more.");
    const key = identity(host);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      if (host.anew !== undefined) this.#forgetAnew();
      pool = new HostPool(host, this.streamTo(host), this.#context, this.#abort.signal, this.#refusals);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  /** Pools for one login each are many in time; those whose connections have ended serve nobody any more. */
  #forgetAnew(): void {
    for (const [key, pool] of this.#pools) if (pool.anew && pool.isIdle) this.#pools.delete(key);
  }

  /** How to reach a host: directly, or through the last of its jump hosts. */
  streamTo(host: ResolvedHost): OpenWay {
    const last = host.jump.at(-1);
    const { clock } = this.#context;
    if (last === undefined)
      return async (timeoutMs, signal) => {
        if (host.proxyCommand !== undefined) {
          // The client's answer is no part of the host's time.
          const env = (await this.#context.commandEnv?.()) ?? this.#context.env;
          signal.throwIfAborted();
          const started = clock.now();
          const stream = openProxyCommand(host, host.proxyCommand, env);
          return { stream, leftMs: timeoutMs - (clock.now() - started) };
        }
        const started = clock.now();
        const resolved = (address: string) => this.#context.trace?.(host, { step: "resolved", address });
        const stream = await connectTcp(host, { timeoutMs, signal, clock, resolved });
        return { stream, leftMs: timeoutMs - (clock.now() - started) };
      };
    const via: ResolvedHost = { ...last, jump: host.jump.slice(0, -1) };
    return async (timeoutMs, _signal, circle) => {
      const { shared, release } = await this.of(via)
        .acquire("tunnel", undefined, { circle })
        .catch((error: unknown) => {
          throw onTheWay(host, error);
        });
      const unreachable = (why: string, more = "") =>
        new SshMcpError(
          "connect_failed",
          `Jump host ${hopName(via)} could not reach ${host.name} at ${host.address}:${host.port}: ${why}.`,
          `Check that address and port as seen from the jump host, and that its sshd allows TCP forwarding.${more}`,
        );
      const started = clock.now();
      const patience = new Patience(clock, timeoutMs, () =>
        unreachable("it did not answer the request for a channel to it", SILENT_HOP),
      );
      try {
        const { signal } = patience;
        const opened = await shared.openTunnel(host.address, host.port, { release, signal });
        if ("channel" in opened) {
          const { channel: stream } = opened;
          stream.hop = { name: hopName(via), lost: () => shared.connection.endedBy };
          const personal = shared.only !== null;
          return { stream, leftMs: timeoutMs - (clock.now() - started), personal };
        }
        if (opened.refused === "lost")
          throw new DroppedEarly("connect_failed", `${hopName(via)} was lost: ${opened.message}.`);
        throw unreachable(opened.message);
      } finally {
        patience.dispose();
      }
    };
  }

  /** Ends every connection and every attempt; resolves when all are closed, within a second. */
  async dispose(): Promise<void> {
    this.#abort.abort();
    const connections = [...this.#pools.values()].flatMap((pool) => pool.connections());
    const ended = Promise.all(
      connections.map((connection) => new Promise<void>((resolve) => void onceEnded(connection, resolve))),
    );
    for (const connection of connections) connection.close();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DISPOSE_MS);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    for (const connection of connections) connection.destroy("closed by us");
  }
}

function onceEnded(connection: Connection, done: () => void): void {
  if (connection.endedBy !== undefined) done();
  else connection.onEnd(done);
}

/** Everything that makes two connections interchangeable. It holds references to secrets, never their values. */
function identity(host: ResolvedHost): string {
  const one = ({
    name,
    address,
    port,
    user,
    auth,
    hostKey,
    legacy,
    timing,
    limits,
    login,
    proxyCommand,
    loginAnswers,
    anew,
  }: ResolvedHost) => [
    name,
    address,
    port,
    user,
    auth,
    hostKey,
    legacy,
    timing,
    limits.channelsPerConnection,
    limits.exact,
    login,
    proxyCommand,
    loginAnswers,
    anew,
  ];
  return JSON.stringify([...host.jump.map(one), one(host)]);
}

/** A failure of a jump host, told from the point of view of the host behind it. */
class OnTheWay extends SshMcpError {
  readonly inner: SshMcpError;

  constructor(host: ResolvedHost, inner: SshMcpError) {
    super(inner.code, `On the way to ${host.name}: ${inner.message}`, inner.next);
    this.inner = inner;
  }
}

/** Whatever it was, it is final: the jump host's own dial has tried again where that may help. */
function onTheWay(host: ResolvedHost, error: unknown): unknown {
  if (error instanceof OnTheWay) return new OnTheWay(host, error.inner);
  return error instanceof SshMcpError ? new OnTheWay(host, error) : error;
}
