import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import type { ParsedKey } from "ssh2";
import { shellQuote } from "../../base/shell-quote.ts";

type Ssh2 = typeof import("ssh2");

/** What became of the text of a key file. */
export type DecodedKey =
  | { readonly key: ParsedKey }
  | { readonly encrypted: true }
  | { readonly wrongPassphrase: true }
  /** Why it cannot be used, as the end of a sentence. */
  | { readonly unusable: string };

/**
 * Reads a private key in OpenSSH's, PEM's, PKCS#8's (RFC 5958; plain or encrypted) or PuTTY's form, as far as each can be
 * read here, and says of every other form what it is and how it is converted.
 */
export function decodeKey(ssh2: Ssh2, text: Buffer, path: string, passphrase?: string): DecodedKey {
  const { block, label } = pemBlock(text.toString("latin1"));
  if (label === "PRIVATE KEY" || label === "ENCRYPTED PRIVATE KEY")
    return fromPkcs8(ssh2, block, label, path, passphrase);
  const parsed = ssh2.utils.parseKey(block, passphrase);
  if (!(parsed instanceof Error)) return parsed.isPrivateKey() ? { key: parsed } : { unusable: PUBLIC };
  if (/encrypted/i.test(parsed.message) && passphrase === undefined) return { encrypted: true };
  if (passphrase !== undefined && /passphrase|integrity|decrypt/i.test(parsed.message))
    return { wrongPassphrase: true };
  const known = otherForm(block, label, path);
  if (known !== undefined) return { unusable: known };
  // Decrypted to something that is no key.
  if (passphrase !== undefined) return { wrongPassphrase: true };
  return { unusable: "it is damaged, or no private key in a form that is known here" };
}

const PUBLIC = "it is a public key, not the private one";

/** The key's block alone: exports put other blocks and remarks around it, and Windows other line ends. */
function pemBlock(text: string): { readonly block: string; readonly label: string } {
  const lines = text.replace(/^\u00ef\u00bb\u00bf/, "").replace(/\r\n?/g, "\n");
  const found = /^-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[ \t]*\n([\s\S]*?)\n-----END \1-----/m.exec(lines);
  if (found === null) return { block: lines, label: /^-----BEGIN ([^-\n]+)-----/m.exec(lines)?.[1] ?? "" };
  const [, label = "", body = ""] = found;
  const inner = body
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
  return { block: `-----BEGIN ${label}-----\n${inner}\n-----END ${label}-----\n`, label };
}

/** node:crypto reads what OpenSSL reads; ssh2 gets it in the form it knows. */
function fromPkcs8(ssh2: Ssh2, block: string, label: string, path: string, passphrase?: string): DecodedKey {
  if (label === "ENCRYPTED PRIVATE KEY" && passphrase === undefined) return { encrypted: true };
  let key: KeyObject;
  try {
    key = createPrivateKey({
      key: block,
      format: "pem",
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    if (label === "PRIVATE KEY")
      return {
        unusable: "it is a PKCS#8 key (BEGIN PRIVATE KEY) of a kind that OpenSSL does not know, or damaged",
      };
    if (COMMON_CIPHERS.some((cipher) => bytesOf(block).includes(cipher))) return { wrongPassphrase: true };
    return {
      unusable:
        "it is a PKCS#8 key whose encryption OpenSSL 3 does not support, or damaged; convert it with an older one: " +
        `openssl pkcs8 -topk8 -v2 aes-256-cbc -in ${shellQuote(path)} -out NEW`,
    };
  }
  const form = sshForm(key);
  if (form === undefined)
    return {
      unusable: `it is a PKCS#8 key of type ${key.asymmetricKeyType ?? "unknown"}, which SSH logins here cannot use`,
    };
  const parsed = ssh2.utils.parseKey(form);
  if (parsed instanceof Error) {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    return {
      unusable:
        curve === undefined
          ? "it is a PKCS#8 key that SSH cannot use"
          : `it is a PKCS#8 key on the curve ${curve}, which SSH does not know`,
    };
  }
  return { key: parsed };
}

/** AES in any mode and triple DES, as object identifiers: what OpenSSL decrypts if the pass phrase is right. */
const COMMON_CIPHERS = ["6086480165030401", "2a864886f70d0307"].map((hex) => Buffer.from(hex, "hex"));

function bytesOf(block: string): Buffer {
  return Buffer.from(block.replace(/-----[^-]+-----/g, ""), "base64");
}

function sshForm(key: KeyObject): string | Buffer | undefined {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" });
    case "ec":
      return key.export({ type: "sec1", format: "pem" });
    case "ed25519":
      return openSshEd25519(key);
    default:
      return undefined;
  }
}

/** An unencrypted key in OpenSSH's own form (PROTOCOL.key), the only one in which ssh2 takes Ed25519. */
function openSshEd25519(key: KeyObject): string | undefined {
  const { d, x } = key.export({ format: "jwk" });
  if (d === undefined || x === undefined) return undefined;
  const publicKey = Buffer.from(x, "base64url");
  const type = field("ssh-ed25519");
  const check = randomBytes(4);
  const secret = [check, check, type, field(publicKey)];
  secret.push(field(Buffer.concat([Buffer.from(d, "base64url"), publicKey])), field(""));
  const length = Buffer.concat(secret).length;
  const padding = Buffer.from(Array.from({ length: (8 - (length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[field("none"), field("none"), field(""), one],
    field(Buffer.concat([type, field(publicKey)])),
    field(Buffer.concat([...secret, padding])),
  ]);
  const lines = blob.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Forms that are recognised and not read, each with what to do. */
function otherForm(text: string, label: string, path: string): string | undefined {
  const file = shellQuote(path);
  const putty = /^PuTTY-User-Key-File-(\d+): (\S+)/m.exec(text);
  if (putty !== null)
    return (
      `it is a PuTTY key (format ${putty[1]}, ${putty[2]}), which is not read here; ` +
      `convert it: puttygen ${file} -O private-openssh -o NEW (or in PuTTYgen: Conversions, Export OpenSSH key)`
    );
  if (/^---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----/m.test(text))
    return `it is a key in ssh.com's form; convert it: ssh-keygen -i -f ${file} > NEW`;
  if (label === "OPENSSH PRIVATE KEY") {
    const inside = bytesOf(text).toString("latin1");
    if (/sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com/.test(inside))
      return (
        "it is a FIDO key (its secret stays in a security key), which only an ssh-agent can use; " +
        `load it: ssh-add ${file}, and name method agent in auth`
      );
    if (inside.startsWith("openssh-key-v1\0"))
      return "it is an OpenSSH key of a type that is not supported, or damaged";
  }
  if (label === "CERTIFICATE") return "it is an X.509 certificate, not a private key";
  if (/^(?:ssh|ecdsa)-\S+-cert-v01@openssh\.com /m.test(text))
    return "it is an OpenSSH certificate, not a private key";
  if (/PUBLIC KEY$/.test(label) || /^(?:ssh-|ecdsa-|sk-)\S+ AAAA/m.test(text)) return PUBLIC;
  if (label === "PGP PRIVATE KEY BLOCK")
    return "it is a PGP key; SSH needs a key of its own (ssh-keygen -t ed25519)";
  if (/^\s*\{[\s\S]*"kty"/.test(text))
    return "it is a JSON Web Key; SSH needs it as PEM or in OpenSSH's form";
  if (text.charCodeAt(0) === 0x30 && /[^\x09\x0a\x0d\x20-\x7e]/.test(text.slice(0, 64)))
    return (
      "it is binary (DER or PKCS#12), not text; " +
      `convert it: openssl pkey -inform DER -in ${file} -out NEW, or openssl pkcs12 -in ${file} -nocerts -out NEW`
    );
  return undefined;
}
