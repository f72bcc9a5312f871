import type { ResolvedHost } from "../../inventory/host.ts";
import { isPublicKey } from "../protocol/key-blob.ts";
import { judgeHostKey, linesFor } from "./host-key.ts";
import type { KnownHostLine } from "./known-hosts.ts";

/** What a server's announcement of its keys (hostkeys-00@openssh.com) means for known_hosts. */
export interface AnnouncedKeys {
  /** Proved, and not recorded for the host. */
  readonly fresh: readonly Buffer[];
  /** Recorded for the host, and not among its keys any more. */
  readonly gone: readonly KnownHostLine[];
  /** Its keys that known_hosts marks as revoked. */
  readonly revoked: readonly Buffer[];
}

/** Kinds of keys that ssh2 asks a server to prove; of others nothing is known. */
const PROVABLE = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+)$/;

/** Compares the keys a server has proved to hold with the lines of known_hosts. */
export function compareAnnounced(
  host: ResolvedHost,
  keys: readonly Buffer[],
  lines: readonly KnownHostLine[],
  now: number,
): AnnouncedKeys {
  const unpinned: ResolvedHost = { ...host, hostKey: { ...host.hostKey, pinned: [] } };
  const verdicts = keys.map((key) => ({ key, verdict: judgeHostKey(unpinned, key, lines, now).verdict }));
  const those = (...wanted: readonly string[]) =>
    verdicts.filter(({ verdict }) => wanted.includes(verdict)).map(({ key }) => key);
  const gone = linesFor(host, lines).filter(
    ({ marker, names, type, blob }) =>
      marker === "none" &&
      !/[*?!,]/.test(names) &&
      PROVABLE.test(type) &&
      isPublicKey(type, blob) &&
      !keys.some((key) => key.equals(blob)),
  );
  return { fresh: those("unknown", "changed", "authority_only"), gone, revoked: those("revoked") };
}
