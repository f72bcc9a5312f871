import { createHash } from "node:crypto";

/** How many length-prefixed fields follow the type name in a public key (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4). */
const FIELDS: ReadonlyMap<string, number> = new Map([
  ["ssh-rsa", 2],
  ["ssh-dss", 4],
  ["ssh-ed25519", 1],
  ["ecdsa-sha2-nistp256", 2],
  ["ecdsa-sha2-nistp384", 2],
  ["ecdsa-sha2-nistp521", 2],
  ["sk-ssh-ed25519@openssh.com", 2],
  ["sk-ecdsa-sha2-nistp256@openssh.com", 3],
]);

/** Bytes of the Ed25519 point and of the uncompressed NIST points (0x04, x, y). */
const POINT_BYTES: ReadonlyMap<string, number> = new Map([
  ["ssh-ed25519", 32],
  ["ecdsa-sha2-nistp256", 65],
  ["ecdsa-sha2-nistp384", 97],
  ["ecdsa-sha2-nistp521", 133],
]);

/** The strings a blob is made of, or undefined when it is not made of whole strings. */
function fields(blob: Buffer): Buffer[] | undefined {
  const found: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** The key type named inside the blob itself. */
export function blobType(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  if (length === 0 || length > 64 || 4 + length > blob.length) return undefined;
  return blob.toString("latin1", 4, 4 + length);
}

/** Whether `blob` is one whole public key of `type`; certificates and unknown types are not. */
export function isPublicKey(type: string, blob: Buffer): boolean {
  const count = FIELDS.get(type);
  const found = fields(blob);
  if (count === undefined || found === undefined || found.length !== count + 1) return false;
  const [name, ...rest] = found;
  if (name?.toString("latin1") !== type || rest.some((field) => field.length === 0)) return false;
  const bytes = POINT_BYTES.get(type);
  return bytes === undefined || rest.at(-1)?.length === bytes;
}

/** `SHA256:…` as OpenSSH prints it: base64 without padding. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Modulus size of an RSA key; undefined for every other type. */
export function rsaBits(blob: Buffer): number | undefined {
  const [name, , modulus] = fields(blob) ?? [];
  if (name?.toString("latin1") !== "ssh-rsa" || modulus === undefined) return undefined;
  const start = modulus.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  return (modulus.length - start) * 8 - Math.clz32(modulus[start] ?? 0) + 24;
}
