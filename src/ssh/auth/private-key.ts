import type { ParsedKey } from "ssh2";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFile, UnusableFile } from "../../base/regular-file.ts";
import { visibleLine } from "../../base/text.ts";
import type { AuthMethod } from "../../inventory/host.ts";
import { shellQuote } from "../../secrets/permissions.ts";
import type { ReadSecret } from "../../secrets/reference.ts";

type Ssh2 = typeof import("ssh2");
type KeyMethod = Extract<AuthMethod, { method: "key" }>;

/** A usable private key, or why the file is passed over. `absent`: an optional file that does not exist. */
export type LoadedKey =
  | { readonly key: ParsedKey }
  | { readonly skipped: string; readonly error?: SshMcpError }
  | { readonly absent: true };

const MAX_KEY_BYTES = 256 * 1024;

/** Reads and, where needed, decrypts a private key in OpenSSH, PEM or PPK form. Never throws; never names the pass phrase. */
export async function loadPrivateKey(
  ssh2: Ssh2,
  method: KeyMethod,
  readSecret: ReadSecret,
): Promise<LoadedKey> {
  const { path } = method;
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
      return method.optional === true ? { absent: true } : { skipped: "there is no such file" };
    return { skipped: `it cannot be read (${code ?? visibleLine(messageOf(error))})` };
  }
  return decode(ssh2, text, method, readSecret);
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
  const plain = ssh2.utils.parseKey(text);
  if (!(plain instanceof Error))
    return plain.isPrivateKey() ? { key: plain } : { skipped: "it is a public key, not the private one" };
  if (!/encrypted/i.test(plain.message))
    return { skipped: "its format or key type is not supported (certificates and FIDO keys are not)" };
  if (method.passphrase === undefined)
    return {
      skipped:
        "it is encrypted and no pass phrase is set; add one to the host's auth, or load the key into an ssh-agent",
    };
  try {
    const secret = await readSecret(method.passphrase);
    const key = ssh2.utils.parseKey(text, secret.reveal());
    return key instanceof Error ? { skipped: "its pass phrase is wrong" } : { key };
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
    const key = ssh2.utils.parseKey(text);
    if (!(key instanceof Error)) return key.getPublicSSH();
  }
  return undefined;
}
