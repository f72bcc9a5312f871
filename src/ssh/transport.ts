import { type Clock, systemClock } from "../base/clock.ts";
import type { Secrets } from "../secrets/secrets.ts";
import type { Transport } from "./contract.ts";
import type { DialContext } from "./handshake/dial.ts";
import type { ApproveKey } from "./host-keys/approved-key.ts";
import { HostLink } from "./link.ts";
import { Pools } from "./pool/pools.ts";
import type { Trace } from "./trace.ts";

export interface TransportOptions {
  /** What is read for logins; values they revealed are taken out of every error. */
  readonly secrets: Secrets;
  readonly clock?: Clock;
  /** Where SSH_AUTH_SOCK is looked up. */
  readonly env?: NodeJS.ProcessEnv;
  /** The environment of a ProxyCommand, where it is another process's. */
  readonly commandEnv?: () => Promise<NodeJS.ProcessEnv>;
  /** Told every step of every dial. */
  readonly trace?: Trace;
  /** A refused login is tried again at once: for what a person runs by hand. */
  readonly repeatRefused?: boolean;
  /** Asks a person whether a key that nobody knows yet is the host's; left out: such a key is refused. */
  readonly approveKey?: ApproveKey;
}

/** Links over ssh2, on connections shared per host. Dispose it to end them all. */
export function createTransport(options: TransportOptions): Transport {
  const { secrets, trace, repeatRefused = false } = options;
  const context: DialContext = {
    readSecret: secrets.read,
    clock: options.clock ?? systemClock,
    env: options.env ?? process.env,
    repeatRefused,
    ...(options.commandEnv === undefined ? {} : { commandEnv: options.commandEnv }),
    ...(trace === undefined ? {} : { trace }),
    ...(options.approveKey === undefined ? {} : { approveKey: options.approveKey }),
  };
  const pools = new Pools(context);
  return {
    link: (host, circle) => new HostLink(host, { pools, circle }, context, secrets.redact),
    dispose: () => pools.dispose(),
  };
}
