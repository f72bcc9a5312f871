import { SshMcpError } from "../base/errors.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { Profile } from "../devices/profile.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { LinkInfo } from "../ssh/contract.ts";
import { admissionBy, takesExec } from "./exec-refusal.ts";

/** Has it files to be reached by SFTP? Of a device its profile, or the host's own `device:`, has to say so. */
function takesFiles(host: ResolvedHost, profile: Profile): boolean {
  const own = host.device?.sftp;
  return typeof own === "boolean" ? own : (profile.sftp ?? takesExec(host, profile));
}

/**
 * Refuses what is known to be a network device without SFTP: nothing is dialled for it, as the request alone may end its
 * connection. `shown`: a session on it has shown a network CLI. @throws SshMcpError `channel_refused`.
 */
export function assertTakesFiles(host: ResolvedHost, catalog: Catalog | undefined, shown: boolean): void {
  if (host.platform === "posix" || catalog === undefined) return;
  if (host.platform === "auto") {
    if (shown && host.device?.sftp !== true)
      throw hasNone(host, "a session on it has shown the command line of a network device");
    return;
  }
  if (takesFiles(host, catalog.profile(host.platform))) return;
  throw hasNone(host, `its platform is ${host.platform}, whose profile names no SFTP (sftp)`);
}

/** The same by what the server says of itself, for a host of unknown platform. */
export async function filesAdmission(
  host: ResolvedHost,
  catalog: Catalog | undefined,
): Promise<((info: LinkInfo) => void) | undefined> {
  if (host.platform !== "auto" || catalog === undefined || host.device?.sftp === true) return undefined;
  return admissionBy(host, catalog, { takes: takesFiles, refuse: hasNone });
}

function hasNone(host: ResolvedHost, why: string): SshMcpError {
  return new SshMcpError(
    "channel_refused",
    `${host.name} is not asked for SFTP: ${why}. Nothing was sent`,
    "ssh_shell shows files in a session. Where the host does have SFTP, the operator sets platform: posix, or device: {sftp: true}.",
  );
}
