import { SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { allowsSmallRsa } from "../protocol/algorithms.ts";
import { parseCertificate } from "../protocol/certificate.ts";
import { blobType, fingerprint, rsaBits } from "../protocol/key-blob.ts";
import { type CertificateFault, certificateFault } from "./host-certificate.ts";
import { asciiLower, type KnownHostLine, lookup } from "./known-hosts.ts";

/** RSA keys below this are refused unless the host opted into legacy algorithms (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048;

/** What the known keys say about a key a server presents; the first that applies, in this order. */
export type HostKeyVerdict =
  | { readonly verdict: "revoked"; readonly line: KnownHostLine }
  | { readonly verdict: "weak"; readonly bits: number }
  | { readonly verdict: "pinned" }
  | { readonly verdict: "pin_mismatch"; readonly pinned: readonly string[] }
  | { readonly verdict: "known"; readonly line: KnownHostLine }
  | { readonly verdict: "certified"; readonly line: KnownHostLine }
  | { readonly verdict: "changed"; readonly line: KnownHostLine }
  | { readonly verdict: "certificate_refused"; readonly fault: CertificateFault }
  | { readonly verdict: "authority_only"; readonly line: KnownHostLine }
  | { readonly verdict: "unknown" };

/** The name known_hosts files know the host by: its alias, or the address with a port other than 22 in brackets. */
export function knownHostsName(host: ResolvedHost): string {
  if (host.hostKey.alias !== undefined) return asciiLower(host.hostKey.alias);
  const address = asciiLower(host.address);
  return host.port === 22 ? address : `[${address}]:${host.port}`;
}

/** Lines that speak of the host, CA lines and revoked ones included. */
export function linesFor(host: ResolvedHost, lines: readonly KnownHostLine[]): KnownHostLine[] {
  return lookup(lines, knownHostsName(host));
}

/** The key itself, where `blob` may be a certificate of it. */
export function plainKey(blob: Buffer): Buffer {
  return parseCertificate(blob)?.key ?? blob;
}

/** The `@cert-authority` lines that speak of the host; none where its key is pinned, since then nothing else is consulted. */
export function authoritiesOf(host: ResolvedHost, lines: readonly KnownHostLine[]): KnownHostLine[] {
  if ((host.hostKey.pinned ?? []).length > 0) return [];
  return allLines(host, lines).filter(({ marker }) => marker === "cert-authority");
}

/** Like OpenSSH, a key known for the bare address is good on every port of it, but proves nothing when it differs. */
function bareLines(host: ResolvedHost, lines: readonly KnownHostLine[]): KnownHostLine[] {
  return host.hostKey.alias === undefined ? lookup(lines, asciiLower(host.address)) : [];
}

function allLines(host: ResolvedHost, lines: readonly KnownHostLine[]): KnownHostLine[] {
  return [...linesFor(host, lines), ...bareLines(host, lines)];
}

/**
 * Judges what a server presents as `host`: a key, or a certificate, at the time `now` (milliseconds since 1970). A certificate
 * that is not good proves no more than its key does by itself, as in OpenSSH.
 */
export function judgeHostKey(
  host: ResolvedHost,
  blob: Buffer,
  lines: readonly KnownHostLine[],
  now: number,
): HostKeyVerdict {
  const certificate = parseCertificate(blob);
  if (certificate === undefined) return judgePlainKey(host, blob, lines);
  const plain = judgePlainKey(host, certificate.key, lines);
  if (["revoked", "weak", "pinned", "pin_mismatch"].includes(plain.verdict)) return plain;
  const ofAuthority = (line: KnownHostLine) => line.blob.equals(certificate.authority);
  const revoked = allLines(host, lines).find((line) => line.marker === "revoked" && ofAuthority(line));
  if (revoked) return { verdict: "revoked", line: revoked };
  const authorities = authoritiesOf(host, lines);
  const line = authorities.find(ofAuthority);
  const name = asciiLower(host.hostKey.alias ?? host.address);
  const fault = certificateFault(certificate, name, line !== undefined, now);
  if (line !== undefined && fault === undefined) return { verdict: "certified", line };
  if (fault === undefined || plain.verdict === "known" || plain.verdict === "changed") return plain;
  return { verdict: "certificate_refused", fault };
}

/**
 * A key of another type than the known ones counts as changed: whoever sits in between could otherwise just offer a type
 * that is not known yet.
 */
function judgePlainKey(host: ResolvedHost, blob: Buffer, lines: readonly KnownHostLine[]): HostKeyVerdict {
  const ours = linesFor(host, lines);
  const bare = bareLines(host, lines);
  const same = (line: KnownHostLine) => line.blob.equals(blob);

  const revoked = [...ours, ...bare].find((line) => line.marker === "revoked" && same(line));
  if (revoked) return { verdict: "revoked", line: revoked };
  const bits = rsaBits(blob);
  if (bits !== undefined && bits < MIN_RSA_BITS && !allowsSmallRsa(host.legacy))
    return { verdict: "weak", bits };
  const pinned = host.hostKey.pinned;
  if (pinned !== undefined && pinned.length > 0) {
    const ourPrint = fingerprint(blob);
    return pinned.some((pin) => pin.replace(/=+$/, "") === ourPrint)
      ? { verdict: "pinned" }
      : { verdict: "pin_mismatch", pinned };
  }
  const plain = ours.filter((line) => line.marker === "none");
  const known = [...plain, ...bare.filter((line) => line.marker === "none")].find(same);
  if (known) return { verdict: "known", line: known };
  const type = blobType(blob);
  const other = plain.find((line) => line.type === type) ?? plain[0];
  if (other) return { verdict: "changed", line: other };
  const [authority] = authoritiesOf(host, lines);
  return authority ? { verdict: "authority_only", line: authority } : { verdict: "unknown" };
}

/** The error of a key that is refused; undefined when the verdict lets it in. */
export function refusal(host: ResolvedHost, blob: Buffer, verdict: HostKeyVerdict): SshMcpError | undefined {
  const key = `${blobType(blob) ?? "unreadable"} ${fingerprint(plainKey(blob))}`;
  const who = `${host.name} (${knownHostsName(host)})`;
  const trust = `ssh-mcp trust ${shellQuote(host.name)}`;
  switch (verdict.verdict) {
    case "known":
    case "pinned":
    case "certified":
      return undefined;
    case "certificate_refused":
      return new SshMcpError(
        "host_key_unknown",
        `${who} presents a certificate that does not prove its key (${key}): ${verdict.fault.why}. Nothing was sent to it.`,
        verdict.fault.next,
      );
    case "revoked":
      return new SshMcpError(
        "host_key_revoked",
        verdict.line.blob.equals(plainKey(blob))
          ? `${who} presents ${key}, which is marked @revoked in ${at(verdict.line)}. Nothing was sent to it.`
          : `${who} presents a certificate (${key}) of the authority ${fingerprint(verdict.line.blob)}, which is marked @revoked in ${at(verdict.line)}. Nothing was sent to it.`,
        "Do not connect. Ask the host's operator for its new key; nothing but editing that file overrides this.",
      );
    case "weak":
      return new SshMcpError(
        "connect_failed",
        `${who} presents an RSA host key of only ${verdict.bits} bits (${key}).`,
        "Give the host a stronger key, or if it cannot have one, allow this in the inventory: legacy: {host_key: [ssh-rsa]}",
      );
    case "pin_mismatch":
      return new SshMcpError(
        "host_key_changed",
        `${who} presents ${key}, but the inventory pins ${verdict.pinned.join(", ")}. Nothing was sent to it.`,
        "Somebody may be in between. If the key was really replaced, the operator changes the pinned fingerprint.",
      );
    case "changed":
      return new SshMcpError(
        "host_key_changed",
        `The host key of ${who} has changed: ${at(verdict.line)} holds ${verdict.line.type} ` +
          `${fingerprint(verdict.line.blob)}, the server presents ${key}. Nothing was sent to it.`,
        `Somebody may be in between. If the host was really reinstalled, the operator removes line ${verdict.line.line} ` +
          `of ${verdict.line.file} by hand and runs: ${trust}`,
      );
    case "authority_only":
      return new SshMcpError(
        "host_key_unknown",
        `${who} is known only through the @cert-authority line ${at(verdict.line)}; it presents no certificate, and its ` +
          `plain key ${key} is not known. Nothing was sent to it.`,
        `Give the host a certificate of that authority (HostCertificate in its sshd_config); or compare the fingerprint on the host, then run: ${trust}`,
      );
    case "unknown":
      return new SshMcpError(
        "host_key_unknown",
        `The host key of ${who} is not known: ${key}. Nothing was sent to it.`,
        `Compare the fingerprint with the host's own (ssh-keygen -lf on it), then run: ${trust}`,
      );
  }
}

function at(line: KnownHostLine): string {
  return `${line.file}:${line.line}`;
}
