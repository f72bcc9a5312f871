import { shellQuote } from "../../base/shell-quote.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { compareAnnounced } from "../../ssh/host-keys/announced.ts";
import { readKnownHosts } from "../../ssh/host-keys/known-hosts-file.ts";
import { blobType, fingerprint } from "../../ssh/protocol/key-blob.ts";
import { type Finding, finding } from "./finding.ts";
import type { Trail } from "./timeline.ts";

/**
 * The keys the server announced and proved, beside those that are known. Two of one kind mean that it is about to change its
 * key. Undefined: there is nothing to add to what is known of the host.
 */
export function announcedFinding(host: ResolvedHost, trail: Trail): Finding | undefined {
  const announced = trail.all("host_keys").at(-1);
  const present = trail.first("host_key");
  if (announced === undefined || present === undefined || present.verdict === "certified") return undefined;
  const { keys } = announced;
  const count = `the server announces ${keys.length} ${keys.length === 1 ? "key" : "keys"}, and proved them`;
  const pins = host.hostKey.pinned ?? [];
  if (pins.length > 0) {
    const others = keys.filter((key) => !pins.includes(fingerprint(key)));
    const details = others.map((key) => `not pinned: ${shown(key)}`);
    return details.length === 0 ? undefined : finding("ok", "host keys", count, { details });
  }
  const { fresh, gone, revoked } = compareAnnounced(
    host,
    keys,
    readKnownHosts(host.hostKey.files),
    Date.now(),
  );
  const next = fresh.filter((key) => blobType(key) === present.type);
  const details = [
    ...next.map((key) => `new, of the kind in use, so it is about to change: ${shown(key)}`),
    ...fresh.filter((key) => !next.includes(key)).map((key) => `not recorded: ${shown(key)}`),
    ...revoked.map((key) => `marked @revoked: ${shown(key)}`),
    ...gone.map(({ file, line, type }) => `no longer among them: the ${type} key of ${file}:${line}`),
    ...(fresh.length === 0 ? [] : [`ssh-mcp trust --rotate ${shellQuote(host.name)} records what is not`]),
  ];
  if (details.length === 0) return undefined;
  return finding(next.length + revoked.length > 0 ? "warn" : "ok", "host keys", count, { details });
}

function shown(key: Buffer): string {
  return `${blobType(key) ?? ""} ${fingerprint(key)}`;
}
