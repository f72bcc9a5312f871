import { hostname } from "node:os";
import { SshMcpError } from "../base/errors.ts";
import { fingerprintOf, makeIdentity } from "../secrets/identity.ts";
import { publicBlob } from "./auth/private-key.ts";
import { loadSsh2 } from "./protocol/ssh2.ts";

/** The server's own key, without its secret half. */
export interface Identity {
  readonly path: string;
  /** The line of an authorized_keys file. */
  readonly line: string;
  readonly fingerprint: string;
  /** It was made just now. */
  readonly made: boolean;
}

/** The server's own key; made where there is none. @throws SshMcpError where it cannot be made or read. */
export async function identityAt(path: string): Promise<Identity> {
  const ssh2 = await loadSsh2();
  const known = await publicBlob(ssh2, path);
  const made = known === undefined && (await makeIdentity(path));
  const blob = known ?? (await publicBlob(ssh2, path));
  if (blob === undefined)
    throw new SshMcpError(
      "secret_unavailable",
      `The server's own key ${path} cannot be read: it is encrypted, no private key, or not readable for this user.`,
      "Put its public half beside it (.pub), or move the file away: a new key is made then.",
    );
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  return {
    path,
    line: `${type} ${blob.toString("base64")} ssh-mcp@${hostname()}`,
    fingerprint: fingerprintOf(blob),
    made,
  };
}
