import type { ParsedKey } from "ssh2";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFile, UnusableFile } from "../../base/regular-file.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import { visibleLine } from "../../base/text.ts";
import type { AuthMethod } from "../../inventory/host.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import { certificateOfText } from "../protocol/certificate.ts";
import { isPublicKey } from "../protocol/key-blob.ts";
import { decodeKey } from "./key-format.ts";

type Ssh2 = typeof import("ssh2");
type KeyMethod = Extract<AuthMethod, { method: "key" }>;

/** A usable private key, or why the file is passed over. `absent`: an optional file that does not exist. */
export type LoadedKey =
  | { readonly key: ParsedKey }
  | { readonly skipped: string; readonly error?: SshMcpError }
  | { readonly absent: true };

const MAX_KEY_BYTES = 256 * 1024;

/** Reads and, where needed, decrypts a private key in any form that `decodeKey` reads. Never throws; never names the pass phrase. */
export async function loadPrivateKey(
  ssh2: Ssh2,
  method: KeyMethod,
  readSecret: ReadSecret,
): Promise<LoadedKey> {
  const { path, env } = method;
  if (env !== undefined) return keyOfVariable(ssh2, { ...method, env }, readSecret);
  let text: Buffer;
  try {
    text = await readRegularFile(path, MAX_KEY_BYTES, ({ uid, mode }) => {
      // As OpenSSH: only the owner's own negligence counts; a key owned by another user is that user's business.
      if (uid === process.getuid?.() && (mode & 0o077) !== 0) throw new OpenToOthers(mode);
    });
  } catch (error) {
    if (error instanceof OpenToOthers)
      return { skipped: `${error.message}; fix: chmod 600 ${shellQuote(path)}` };
    if (error instanceof UnusableFile) return { skipped: "it is not a private key file" };
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR")
      return method.optional === true ? { absent: true } : { skipped: missing(method) };
    return { skipped: `it cannot be read (${code ?? visibleLine(messageOf(error))})` };
  }
  return decode(ssh2, text, method, readSecret);
}

/** A key that a variable holds, as it was pasted there: with lines, or with the two characters \n in their place. */
async function keyOfVariable(
  ssh2: Ssh2,
  method: KeyMethod & { readonly env: string },
  readSecret: ReadSecret,
): Promise<LoadedKey> {
  const { env } = method;
  let text: string;
  try {
    text = (await readSecret({ from: "env", name: env })).reveal();
  } catch (error) {
    const known =
      error instanceof SshMcpError ? error : new SshMcpError("secret_unavailable", "Secret not readable.");
    return { skipped: `it is not available: ${known.message}`, error: known };
  }
  const unexpanded = /^\s*(?:\$[({]|`)/.test(text);
  if (unexpanded)
    return {
      skipped: `${env} holds a command or a reference that no shell has expanded, not a key; set it to the key itself, e.g. export ${env}="$(cat KEYFILE)"`,
    };
  const lines = `${text.replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\r", "").trim()}\n`;
  return decode(ssh2, Buffer.from(lines), method, readSecret);
}

function missing({ identity }: KeyMethod): string {
  return identity === true
    ? "it was not made yet; `ssh-mcp identity` makes it, and prints the line for the host's authorized_keys"
    : "there is no such file";
}

class OpenToOthers extends Error {
  constructor(mode: number) {
    super(`other users can read it (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`);
  }
}

async function decode(
  ssh2: Ssh2,
  text: Buffer,
  method: KeyMethod,
  readSecret: ReadSecret,
): Promise<LoadedKey> {
  const plain = decodeKey(ssh2, text, method.path);
  if ("key" in plain) return plain;
  if ("unusable" in plain) return { skipped: plain.unusable };
  if (method.passphrase === undefined)
    return {
      skipped:
        "it is encrypted and no pass phrase is set; add one to the host's auth, or load the key into an ssh-agent",
    };
  try {
    const secret = await readSecret(method.passphrase);
    const decoded = decodeKey(ssh2, text, method.path, secret.reveal());
    if ("key" in decoded) return decoded;
    return { skipped: "unusable" in decoded ? decoded.unusable : "its pass phrase is wrong" };
  } catch (error) {
    const known =
      error instanceof SshMcpError ? error : new SshMcpError("secret_unavailable", "Secret not readable.");
    return { skipped: `its pass phrase is not available: ${known.message}`, error: known };
  }
}

/** The public half of the key a path names: the file itself, its `.pub` sibling, or an unencrypted private key. */
export async function publicBlob(ssh2: Ssh2, path: string): Promise<Buffer | undefined> {
  for (const candidate of [`${path}.pub`, path]) {
    const text = await readRegularFile(candidate, MAX_KEY_BYTES).catch(() => undefined);
    if (text === undefined) continue;
    const decoded = publicKey(ssh2, text, candidate);
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}

function publicKey(ssh2: Ssh2, text: Buffer, path: string): Buffer | undefined {
  const [type = "", encoded = ""] = text
    .toString("latin1")
    .trim()
    .split(/[ \t]+/);
  const blob = Buffer.from(encoded, "base64");
  // Security keys and certificates too, which ssh2 does not parse.
  if (isPublicKey(type, blob)) return blob;
  const certificate = certificateOfText(text.toString("latin1"));
  if (certificate !== undefined) return certificate.blob;
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error)) return key.getPublicSSH();
  const decoded = decodeKey(ssh2, text, path);
  return "key" in decoded ? decoded.key.getPublicSSH() : undefined;
}
