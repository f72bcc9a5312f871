import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { link, mkdir, open, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { errorCode, fileTrouble, SshMcpError } from "../base/errors.ts";
import { stateFolder } from "../base/state-folder.ts";
import { distrust } from "./permissions.ts";

/** Where a container keeps what outlives it: a key that is there already is the server's. */
const KEPT = "/data/id_ed25519";
const TYPE = "ssh-ed25519";

/** The server's own key file: one that a container's volume has, else that of the state folder (XDG). It may not be there yet. */
export function identityFile(
  { env, home }: { readonly env: NodeJS.ProcessEnv; readonly home: string },
  kept: string = KEPT,
): string {
  if (isOurs(kept)) return kept;
  return join(stateFolder({ env, home }), "id_ed25519");
}

function isOurs(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && distrust(path, stats, "write") === undefined;
  } catch {
    return false;
  }
}

/**
 * Makes the key where there is none: Ed25519, in OpenSSH's form, without a pass phrase, readable by its owner alone. Of several
 * processes one makes it, and it is whole when it is there. Answers whether this one did. @throws SshMcpError.
 */
export async function makeIdentity(path: string): Promise<boolean> {
  const folder = dirname(path);
  const draft = join(folder, `.id_ed25519.${process.pid}.${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(newKey(`ssh-mcp@${hostname()}`));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link never replaces what is there.
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw new SshMcpError(
      "secret_unavailable",
      `The server's own key ${path} cannot be made: ${fileTrouble(error)}.`,
      "Make the folder writable, or set XDG_STATE_HOME to one that is.",
    );
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** `SHA256:…`, as ssh-keygen has it. */
export function fingerprintOf(publicBlob: Buffer): string {
  return `SHA256:${createHash("sha256").update(publicBlob).digest("base64").replace(/=+$/, "")}`;
}

/** A new key as OpenSSH keeps it (PROTOCOL.key), which its own tools read as well. */
function newKey(comment: string): string {
  const { x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  if (x === undefined || d === undefined) throw new Error("no Ed25519 key was made");
  const [point, seed] = [Buffer.from(x, "base64url"), Buffer.from(d, "base64url")];
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    field(TYPE),
    field(point),
    field(Buffer.concat([seed, point])),
    field(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1));
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([field(TYPE), field(point)])),
    field(Buffer.concat([secret, padding])),
  ]);
  const rows = whole.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...rows, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
