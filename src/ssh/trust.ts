import { type Clock, systemClock } from "../base/clock.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { redactedError } from "../secrets/redactor.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { type DialContext, offerFor } from "./handshake/dial.ts";
import { login } from "./handshake/login.ts";
import { judgeHostKey, knownHostsName, refusal } from "./host-keys/host-key.ts";
import { appendKnownHost, readKnownHosts } from "./host-keys/known-hosts-file.ts";
import { DialLimiter } from "./pool/limiter.ts";
import { Pools } from "./pool/pools.ts";
import { blobType, fingerprint, rsaBits } from "./protocol/key-blob.ts";
import { loadSsh2, offerable } from "./protocol/ssh2.ts";

/** A host key as a server presented it, and proved to hold it. */
export interface ScannedKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly blob: Buffer;
  /** Modulus size of an RSA key. */
  readonly bits?: number;
  /** The name it is filed under: `host` or `[host]:port`. */
  readonly name: string;
}

export type TrustResult =
  | { readonly result: "already_known"; readonly key: ScannedKey; readonly where: string }
  | { readonly result: "added"; readonly key: ScannedKey; readonly where: string }
  | { readonly result: "declined"; readonly key: ScannedKey };

export interface ScanOptions {
  /** For the login on jump hosts; the host itself is never logged in to. */
  readonly secrets: Secrets;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The host's key, asked for without logging in: the connection ends when the server has proved that it holds the key.
 * Jump hosts on the way are logged in to, so their own keys must be trusted first. @throws SshMcpError
 */
export async function scanHostKey(host: ResolvedHost, options: ScanOptions): Promise<ScannedKey> {
  const clock = options.clock ?? systemClock;
  const { read, redact } = options.secrets;
  const env = options.env ?? process.env;
  const context: DialContext = { readSecret: read, clock, env, repeatRefused: true };
  const pools = new Pools(context);
  try {
    const within = host.timing.connectTimeoutMs;
    return await new DialLimiter(clock).run(within, pools.signal, () => scan(host, pools, clock));
  } catch (error) {
    throw redactedError(error, redact);
  } finally {
    await pools.dispose();
  }
}

async function scan(host: ResolvedHost, pools: Pools, clock: Clock): Promise<ScannedKey> {
  const ssh2 = await loadSsh2();
  const { stream, leftMs } = await pools.streamTo(host)(host.timing.connectTimeoutMs, pools.signal);
  let found: Buffer | undefined;
  const enough = new SshMcpError("internal", "The host key is known; nothing more was wanted.");
  try {
    await login({
      ssh2,
      host,
      stream,
      // A certificate is no key to record: the plain key is asked for.
      algorithms: await offerable(offerFor(host, undefined, [], false)),
      clock,
      timeoutMs: leftMs,
      signal: pools.signal,
      judge: async () => undefined,
      proved: (blob) => {
        found = blob;
        return enough;
      },
      authenticate: () => Promise.reject(enough),
      note: () => {},
      authFailure: () => enough,
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  if (found === undefined) throw enough;
  return scannedKey(host, found);
}

/** A proved key with what is shown of it. */
export function scannedKey(host: ResolvedHost, blob: Buffer): ScannedKey {
  const bits = rsaBits(blob);
  return {
    type: blobType(blob) ?? "",
    fingerprint: fingerprint(blob),
    blob,
    ...(bits === undefined ? {} : { bits }),
    name: knownHostsName(host),
  };
}

/** A host's key; `where` it is known from, if it is. */
export interface JudgedKey {
  readonly key: ScannedKey;
  readonly where?: string;
}

/** The host's key, and whether it is known. @throws SshMcpError for one that is changed, revoked or pinned otherwise. */
export async function judgedKey(host: ResolvedHost, options: ScanOptions): Promise<JudgedKey> {
  const key = await scanHostKey(host, options);
  const now = (options.clock ?? systemClock).wallTime();
  const verdict = judgeHostKey(host, key.blob, readKnownHosts(host.hostKey.files), now);
  if (verdict.verdict === "known") return { key, where: `${verdict.line.file}:${verdict.line.line}` };
  if (verdict.verdict === "pinned") return { key, where: "the inventory (pinned)" };
  if (verdict.verdict !== "unknown" && verdict.verdict !== "authority_only") {
    const error = refusal(host, key.blob, verdict);
    if (error) throw error;
  }
  return { key };
}

/**
 * Shows the host's key to `confirm` and, if it agrees, appends it to the first known_hosts file. A changed, revoked or
 * differently pinned key is refused: somebody has to edit the file by hand. @throws SshMcpError
 */
export async function trust(
  host: ResolvedHost,
  options: ScanOptions & { readonly confirm: (key: ScannedKey) => Promise<boolean> },
): Promise<TrustResult> {
  const { key, where } = await judgedKey(host, options);
  if (where !== undefined) return { result: "already_known", key, where };
  if (!(await options.confirm(key))) return { result: "declined", key };
  return { result: "added", key, where: trustHostKey(host, key) };
}

/** Appends `key` for the host; gives `file:line`. @throws SshMcpError when the file cannot be written. */
export function trustHostKey(host: ResolvedHost, key: Pick<ScannedKey, "type" | "blob">): string {
  const [file] = host.hostKey.files;
  if (file === undefined)
    throw new SshMcpError(
      "inventory_invalid",
      `No known_hosts file is configured for ${host.name}, so its key cannot be recorded.`,
      "Set host_key: {known_hosts: FILE} for this host.",
    );
  try {
    const added = appendKnownHost(file, knownHostsName(host), key.type, key.blob);
    return `${added.file}:${added.line}`;
  } catch (error) {
    throw new SshMcpError(
      "connect_failed",
      `The key of ${host.name} could not be written to ${file}: ${messageOf(error)}.`,
      "Make that file writable for this user.",
    );
  }
}
