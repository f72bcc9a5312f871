import { isSignedBy } from "./signature.ts";
import { FieldReader, field } from "./wire.ts";

const SUFFIX = "-cert-v01@openssh.com";
const FOREVER = 0xffff_ffff_ffff_ffffn;

/** Fields of the certified key behind its type, in order (PROTOCOL.certkeys and PROTOCOL.u2f of OpenSSH). */
const KEY_FIELDS: ReadonlyMap<string, number> = new Map([
  ["ssh-rsa", 2],
  ["ecdsa-sha2-nistp256", 2],
  ["ecdsa-sha2-nistp384", 2],
  ["ecdsa-sha2-nistp521", 2],
  ["ssh-ed25519", 1],
  ["sk-ssh-ed25519@openssh.com", 2],
  ["sk-ecdsa-sha2-nistp256@openssh.com", 3],
]);

/** An OpenSSH certificate, taken apart; nothing of it is verified yet. */
export interface Certificate {
  readonly blob: Buffer;
  /** Its own type name: `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string;
  /** Type of the certified key. */
  readonly keyType: string;
  /** Public blob of the certified key. */
  readonly key: Buffer;
  readonly serial: bigint;
  readonly for: "user" | "host" | "unknown";
  readonly id: string;
  readonly principals: readonly string[];
  /** Seconds since 1970. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** Name and content of each critical option. */
  readonly critical: ReadonlyMap<string, string>;
  /** Names of what it permits; what is not among them is not permitted. */
  readonly extensions: ReadonlySet<string>;
  /** Public blob of the authority's key. */
  readonly authority: Buffer;
  readonly signature: Buffer;
  /** What the authority signed. */
  readonly signed: Buffer;
}

/** The type of the key that a certificate of this type certifies; undefined: it is no certificate that is known here. */
export function certifiedType(type: string): string | undefined {
  if (!type.endsWith(SUFFIX)) return undefined;
  const short = type.slice(0, -SUFFIX.length);
  const plain = short.startsWith("sk-") ? `${short}@openssh.com` : short;
  return KEY_FIELDS.has(plain) ? plain : undefined;
}

/** Takes a certificate apart; undefined when it is none, or not whole. */
export function parseCertificate(blob: Buffer): Certificate | undefined {
  try {
    return parse(blob);
  } catch {
    return undefined;
  }
}

function parse(blob: Buffer): Certificate | undefined {
  const reader = new FieldReader(blob);
  const type = reader.text();
  const keyType = certifiedType(type);
  if (keyType === undefined) return undefined;
  reader.string();
  const key = [field(keyType)];
  for (let count = KEY_FIELDS.get(keyType) ?? 0; count > 0; count--) key.push(field(reader.string()));
  const serial = reader.uint64();
  const kind = reader.uint32();
  const id = reader.text();
  const principals = strings(reader.string());
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()];
  const critical = options(reader.string());
  const extensions = new Set(options(reader.string()).keys());
  reader.string();
  const authority = reader.string();
  const signed = blob.subarray(0, reader.at);
  const signature = reader.string();
  // An authority that is a certificate itself makes a chain, which OpenSSH does not know.
  if (reader.left !== 0 || certifiedType(new FieldReader(authority).text()) !== undefined) return undefined;
  return {
    ...{ blob, type, keyType, key: Buffer.concat(key), serial, id, principals, validAfter, validBefore },
    for: kind === 1 ? "user" : kind === 2 ? "host" : "unknown",
    ...{ critical, extensions, authority, signature, signed },
  };
}

function strings(packed: Buffer): string[] {
  const reader = new FieldReader(packed);
  const found: string[] = [];
  while (reader.left > 0) found.push(reader.text());
  return found;
}

function options(packed: Buffer): Map<string, string> {
  const reader = new FieldReader(packed);
  const found = new Map<string, string>();
  while (reader.left > 0) {
    const name = reader.text();
    const content = reader.string();
    found.set(name, content.length === 0 ? "" : contentOf(content));
  }
  return found;
}

/** Options with a text have it as a string inside the string; of others the bytes are kept. */
function contentOf(content: Buffer): string {
  const inner = new FieldReader(content);
  try {
    const text = inner.text();
    return inner.left === 0 ? text : content.toString("latin1");
  } catch {
    return content.toString("latin1");
  }
}

/** The certificate of a file in the form of `id-cert.pub`; undefined when it holds none. */
export function certificateOfText(text: string): Certificate | undefined {
  const [type = "", encoded = ""] = text.trim().split(/[ \t]+/);
  if (certifiedType(type) === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const certificate = parseCertificate(Buffer.from(encoded, "base64"));
  return certificate?.type === type ? certificate : undefined;
}

/** Whether the authority it names has really signed it. */
export function isSigned({ authority, signature, signed }: Certificate): boolean {
  return isSignedBy(authority, signature, signed);
}

/** Why it is not valid at this time, as the end of a sentence; undefined: it is. */
export function outsideValidity({ validAfter, validBefore }: Certificate, nowMs: number): string | undefined {
  const now = BigInt(Math.floor(nowMs / 1000));
  if (now < validAfter) return `it is valid from ${time(validAfter)} only`;
  return now >= validBefore ? `it expired at ${time(validBefore)}` : undefined;
}

/** When it ends, in words. */
export function validUntil({ validBefore }: Certificate): string {
  return validBefore === FOREVER ? "without end" : `until ${time(validBefore)}`;
}

function time(seconds: bigint): string {
  const ms = Number(seconds) * 1000;
  // Beyond what a date can say.
  return ms > 8.64e15 ? `second ${seconds}` : new Date(ms).toISOString().replace(/\.000Z$/, "Z");
}
