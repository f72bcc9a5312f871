import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import type { Dialled } from "./host.ts";
import { Lane } from "./lane.ts";

export interface ProxyOptions {
  readonly target: Dialled;
  /** Round trip time added to the link; half of it each way. Default 0. */
  readonly rttMs?: number;
  /** Bytes per write at most, so that every sequence is split somewhere. Default: as they came. */
  readonly chunk?: number;
  /** The link breaks once this many bytes of the server have passed. */
  readonly cutAfter?: { readonly bytes: number; readonly how: Cut };
  /** True: connections are accepted and nothing ever passes. */
  readonly blackhole?: boolean;
}

/**
 * `fin`: both ends see an orderly close. `rst`: both see a reset. `half`: the client sees the server's side close, its own
 * way stays open and leads nowhere.
 */
export type Cut = "fin" | "rst" | "half";

export interface DelayProxy extends Dialled {
  /** Breaks every connection now; new ones are accepted. */
  cut(how: Cut): void;
  /** While true bytes vanish in both directions and the connections stay open. */
  blackhole(on: boolean): void;
  /** While true bytes wait in both directions, and senders are stopped as by a full window; none is lost. */
  stall(on: boolean): void;
  /** Bytes that have passed from server to client, over all connections. */
  bytesDown(): number;
  /** Bytes that have vanished in the black hole, both directions. */
  swallowed(): number;
  /** Connections open now, and accepted ever. */
  connections(): { readonly open: number; readonly accepted: number };
  close(): Promise<void>;
}

/** A TCP proxy in this process that makes a loopback link slow, chopped or broken. Its port is added to the target's known_hosts. */
export async function delayProxy(options: ProxyOptions): Promise<DelayProxy> {
  const pairs = new Set<Pair>();
  const shared: Shared = {
    blackhole: options.blackhole ?? false,
    stalled: false,
    bytesDown: 0,
    swallowed: 0,
    accepted: 0,
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    shared.accepted++;
    const pair = openPair(client, options, shared, () => pairs.delete(pair));
    pairs.add(pair);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  knowPort(options.target, address.port);

  return {
    address: "127.0.0.1",
    port: address.port,
    knownHosts: options.target.knownHosts,
    cut(how) {
      for (const pair of [...pairs]) pair.cut(how);
    },
    blackhole(on) {
      shared.blackhole = on;
    },
    stall(on) {
      shared.stalled = on;
      for (const pair of pairs) pair.stall(on);
    },
    bytesDown: () => shared.bytesDown,
    swallowed: () => shared.swallowed,
    connections: () => ({ open: pairs.size, accepted: shared.accepted }),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const pair of [...pairs]) pair.cut("rst");
      await closed;
    },
  };
}

interface Pair {
  cut(how: Cut): void;
  stall(on: boolean): void;
}

interface Shared {
  blackhole: boolean;
  stalled: boolean;
  bytesDown: number;
  swallowed: number;
  accepted: number;
}

function openPair(client: Socket, options: ProxyOptions, shared: Shared, gone: () => void): Pair {
  const server = connect({
    host: options.target.address,
    port: options.target.port,
    allowHalfOpen: true,
    noDelay: true,
  });
  const lane = {
    delayMs: (options.rttMs ?? 0) / 2,
    chunk: options.chunk,
    swallow(bytes: number) {
      if (shared.blackhole) shared.swallowed += bytes;
      return shared.blackhole;
    },
  };
  let left = options.cutAfter?.bytes ?? Number.POSITIVE_INFINITY;
  const up = new Lane({ ...lane, from: client, to: server });
  const down = new Lane({
    ...lane,
    from: server,
    to: client,
    admit(bytes) {
      if (left === 0) return bytes.subarray(0, 0);
      const admitted = bytes.subarray(0, Math.min(bytes.length, left));
      left -= admitted.length;
      shared.bytesDown += admitted.length;
      return admitted;
    },
    admitted() {
      if (left === 0 && options.cutAfter !== undefined) cut(options.cutAfter.how);
    },
  });

  function cut(how: Cut): void {
    up.stop();
    down.stop();
    if (how === "rst") {
      client.resetAndDestroy();
      server.resetAndDestroy();
    } else if (how === "fin") {
      client.destroySoon();
      server.destroySoon();
    } else {
      client.end();
      server.destroy();
    }
  }
  for (const socket of [client, server]) {
    const other = socket === client ? server : client;
    socket.on("error", () => other.resetAndDestroy());
    socket.on("close", () => {
      if (other.destroyed) gone();
    });
  }
  function stall(on: boolean): void {
    for (const socket of [client, server]) {
      if (on) socket.pause();
      else socket.resume();
    }
  }
  if (shared.stalled) stall(true);
  return { cut, stall };
}

/** known_hosts of the target, once more under the proxy's port. */
function knowPort(target: Dialled, port: number): void {
  const names = `[127.0.0.1]:${target.port} `;
  for (const line of readFileSync(target.knownHosts, "utf8").split("\n"))
    if (line.startsWith(names))
      appendFileSync(target.knownHosts, `[127.0.0.1]:${port} ${line.slice(names.length)}\n`);
}
