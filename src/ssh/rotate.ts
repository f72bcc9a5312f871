import { type Clock, systemClock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { redactedError } from "../secrets/redactor.ts";
import { type DialContext, dial } from "./handshake/dial.ts";
import { compareAnnounced } from "./host-keys/announced.ts";
import type { KnownHostLine } from "./host-keys/known-hosts.ts";
import { readKnownHosts } from "./host-keys/known-hosts-file.ts";
import { DialLimiter } from "./pool/limiter.ts";
import { Pools } from "./pool/pools.ts";
import { hopName } from "./protocol/sentences.ts";
import { type ScannedKey, type ScanOptions, scannedKey, trustHostKey } from "./trust.ts";

/** How long the server may take to prove its keys. */
const PROOF_MS = 10_000;

/** The keys a server has, as far as they differ from known_hosts. */
export interface Rotation {
  readonly keys: number;
  readonly fresh: readonly ScannedKey[];
  readonly gone: readonly KnownHostLine[];
  readonly revoked: readonly ScannedKey[];
}

/**
 * Logs in to the host, whose present key has to be known, and asks it to prove every key it announces
 * (hostkeys-prove-00@openssh.com); runs nothing there. @throws SshMcpError, also when it announces none.
 */
export async function announcedKeys(host: ResolvedHost, options: ScanOptions): Promise<Rotation> {
  const clock = options.clock ?? systemClock;
  const { read, redact } = options.secrets;
  let proved: readonly Buffer[] | undefined;
  const context: DialContext = {
    readSecret: read,
    clock,
    env: options.env ?? process.env,
    repeatRefused: true,
    trace: (of, step) => {
      if (of.name === host.name && step.step === "host_keys") proved = step.keys;
    },
  };
  const pools = new Pools(context);
  try {
    const within = host.timing.connectTimeoutMs;
    await new DialLimiter(clock).run(within, pools.signal, async () => {
      const connection = await dial(host, pools.streamTo(host), context, pools.signal);
      // The announcement comes before the answer to the first request, its proof before that to the second.
      await connection.roundTrip(PROOF_MS);
      if (proved === undefined) await connection.roundTrip(PROOF_MS);
      connection.close();
    });
  } catch (error) {
    throw redactedError(error, redact);
  } finally {
    await pools.dispose();
  }
  if (proved === undefined)
    throw new SshMcpError(
      "connect_failed",
      `${hopName(host)} announces no host keys (hostkeys-00@openssh.com), so there are none to record.`,
      "Only OpenSSH does, from 6.8 on; after a change of the key there, compare the new fingerprint and edit known_hosts.",
    );
  return rotation(host, proved, clock);
}

function rotation(host: ResolvedHost, proved: readonly Buffer[], clock: Clock): Rotation {
  const found = compareAnnounced(host, proved, readKnownHosts(host.hostKey.files), clock.wallTime());
  return {
    keys: proved.length,
    fresh: found.fresh.map((blob) => scannedKey(host, blob)),
    gone: found.gone,
    revoked: found.revoked.map((blob) => scannedKey(host, blob)),
  };
}

/** Appends the new keys; gives where each went. @throws SshMcpError when the file cannot be written. */
export function recordRotation(host: ResolvedHost, { fresh }: Rotation): string[] {
  return fresh.map((key) => trustHostKey(host, key));
}
