import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { rsaBits } from "./key-blob.ts";
import { FieldReader, field, ShortMessage, uint32 } from "./wire.ts";

/** Hash, curve and length of a coordinate, by the key's type (RFC 5656 6.2.1). */
const CURVES: ReadonlyMap<string, { readonly hash: string; readonly crv: string; readonly bytes: number }> =
  new Map([
    ["ecdsa-sha2-nistp256", { hash: "sha256", crv: "P-256", bytes: 32 }],
    ["ecdsa-sha2-nistp384", { hash: "sha384", crv: "P-384", bytes: 48 }],
    ["ecdsa-sha2-nistp521", { hash: "sha512", crv: "P-521", bytes: 66 }],
  ]);
/** A signature with SHA-1 proves nothing any more, so `ssh-rsa` is not among them. */
const RSA_HASHES: ReadonlyMap<string, string> = new Map([
  ["rsa-sha2-256", "sha256"],
  ["rsa-sha2-512", "sha512"],
]);
const SK_ED25519 = "sk-ssh-ed25519@openssh.com";
const SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com";
const MIN_RSA_BITS = 2048;

/** Whether `signature` (RFC 4253 6.6) over `signed` was made with the key whose public blob is given. Never throws. */
export function isSignedBy(blob: Buffer, signature: Buffer, signed: Buffer): boolean {
  try {
    return check(blob, signature, signed);
  } catch {
    // Bytes that are no key or no signature sign nothing.
    return false;
  }
}

function check(blob: Buffer, signature: Buffer, signed: Buffer): boolean {
  const key = new FieldReader(blob);
  const type = key.text();
  const given = new FieldReader(signature);
  const algorithm = given.text();
  const value = given.string();
  if (type === SK_ED25519 || type === SK_ECDSA) {
    if (algorithm !== type) return false;
    const [flags, counter] = [given.byte(), given.uint32()];
    const curve = type === SK_ECDSA ? key.text() : undefined;
    const point = key.string();
    // PROTOCOL.u2f: what the security key signs, in place of the data itself.
    const data = Buffer.concat([sha256(key.string()), Buffer.from([flags]), uint32(counter), sha256(signed)]);
    // Without the flag of user presence nobody touched the security key.
    if (given.left !== 0 || (flags & 1) === 0) return false;
    return curve === undefined
      ? verify(null, data, ed25519(point), value)
      : verifyEcdsa("ecdsa-sha2-nistp256", point, value, data);
  }
  if (given.left !== 0) return false;
  if (type === "ssh-rsa") {
    const hash = RSA_HASHES.get(algorithm);
    if (hash === undefined || (rsaBits(blob) ?? 0) < MIN_RSA_BITS) return false;
    const [e, n] = [key.string(), key.string()];
    return verify(hash, signed, fromJwk({ kty: "RSA", e: base64(e), n: base64(n) }), value);
  }
  if (algorithm !== type) return false;
  if (type === "ssh-ed25519") return verify(null, signed, ed25519(key.string()), value);
  key.string();
  return verifyEcdsa(type, key.string(), value, signed);
}

function verifyEcdsa(type: string, point: Buffer, value: Buffer, signed: Buffer): boolean {
  const curve = CURVES.get(type);
  if (curve === undefined || point.length !== 1 + 2 * curve.bytes || point[0] !== 4) return false;
  const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
  const key = fromJwk({ kty: "EC", crv: curve.crv, x: base64(x), y: base64(y) });
  const numbers = new FieldReader(value);
  const [r, s] = [fixed(numbers.string(), curve.bytes), fixed(numbers.string(), curve.bytes)];
  if (numbers.left !== 0) return false;
  return verify(curve.hash, signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.concat([r, s]));
}

/** An mpint as a number of fixed length. */
function fixed(mpint: Buffer, bytes: number): Buffer {
  const start = mpint.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.alloc(0) : mpint.subarray(start);
  if (digits.length > bytes) throw new ShortMessage("the number is too long");
  return Buffer.concat([Buffer.alloc(bytes - digits.length), digits]);
}

/** The signature of an ECDSA key as SSH has it (RFC 5656 3.1.2), from r and s one after the other. */
export function ecdsaSignature(rs: Buffer): Buffer {
  const mpint = (digits: Buffer): Buffer => {
    const start = digits.findIndex((byte) => byte !== 0);
    const short = start < 0 ? Buffer.alloc(0) : digits.subarray(start);
    return field((short[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), short]) : short);
  };
  return Buffer.concat([mpint(rs.subarray(0, rs.length / 2)), mpint(rs.subarray(rs.length / 2))]);
}

/** The hash that a key type or signature algorithm signs with; null: its own (Ed25519). */
export function hashOf(algorithm: string): string | null {
  return RSA_HASHES.get(algorithm) ?? CURVES.get(algorithm)?.hash ?? null;
}

function ed25519(point: Buffer): KeyObject {
  return fromJwk({ kty: "OKP", crv: "Ed25519", x: base64(point) });
}

function fromJwk(key: JsonWebKey): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
