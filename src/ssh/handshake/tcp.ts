import { lookup } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { isWithin } from "../../inventory/adhoc.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { hopName } from "../protocol/sentences.ts";
import { networkError } from "./network-errors.ts";

/**
 * A connected TCP socket to the host. Nagle's algorithm is off: with it one keystroke's echo takes 40 ms, since ssh2
 * writes a packet in pieces and the peer delays its acknowledgement.
 */
export function connectTcp(
  host: ResolvedHost,
  options: {
    readonly timeoutMs: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** Told each address that the name stands for. */
    readonly resolved?: (address: string) => void;
  },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { within } = host;
    if (within !== undefined && isIP(host.address) !== 0 && !isWithin(host.address, within))
      return reject(networkError(host, beyond(host.address)));
    const socket = connect({
      host: host.address,
      port: host.port,
      noDelay: true,
      ...(within === undefined ? {} : { lookup: lookupWithin(within) }),
    });
    const settle = (error?: SshMcpError) => {
      timer.dispose();
      options.signal.removeEventListener("abort", abort);
      socket.removeListener("connect", connected);
      // Kept for life: an error without a listener would end the process.
      socket.removeListener("error", failed);
      socket.on("error", () => {});
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const connected = () => settle();
    const failed = (error: unknown) => settle(networkError(host, error));
    const abort = () => settle(new SshMcpError("connect_failed", `${hopName(host)}: given up.`));
    const timer = options.clock.after(options.timeoutMs, () =>
      settle(networkError(host, Object.assign(new Error("timed out"), { code: "ETIMEDOUT" }))),
    );
    socket.on("lookup", (_error, address) => {
      if (address) options.resolved?.(address);
    });
    socket.once("connect", connected);
    socket.once("error", failed);
    options.signal.addEventListener("abort", abort, { once: true });
    if (options.signal.aborted) abort();
  });
}

/** Only addresses in these networks are dialled; a name that has others, too, is refused as one that changes its mind. */
function lookupWithin(networks: readonly string[]): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const other = addresses.find(({ address }) => !isWithin(address, networks));
      if (other === undefined) return done(null, addresses);
      done(beyond(other.address), []);
    });
  };
}

function beyond(address: string): Error & { code: string } {
  return Object.assign(new Error(`${address} is in none of the networks that SSH_MCP_ALLOW_ADHOC allows`), {
    code: "EACCES",
  });
}
