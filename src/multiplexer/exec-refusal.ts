import { SshMcpError } from "../base/errors.ts";
import { patternOf } from "../base/pattern.ts";
import { visibleLine } from "../base/text.ts";
import type { Catalog } from "../devices/catalog.ts";
import { deviceNames } from "../devices/named.ts";
import type { Profile } from "../devices/profile.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { LinkInfo } from "../ssh/contract.ts";
import { isUnixIdent } from "../ssh/protocol/idents.ts";

/** Does an exec request run a command there? Of a device its profile, or the host's own `device:`, has to say so. */
export function takesExec(host: ResolvedHost, profile: Profile): boolean {
  const own = host.device?.exec_channel;
  return typeof own === "boolean" ? own : profile.framing === "sentinel" || profile.exec_channel === true;
}

/**
 * Refuses what is known to be a network device that takes no exec request: nothing is dialled for it. `shown`: a session
 * on it has shown a network CLI. @throws SshMcpError `channel_refused`.
 */
export function assertTakesExec(host: ResolvedHost, catalog: Catalog | undefined, shown: boolean): void {
  if (host.platform === "posix" || catalog === undefined) return;
  if (host.platform === "auto") {
    if (shown && host.device?.exec_channel !== true)
      throw takesNone(host, "a session on it has shown the command line of a network device");
    return;
  }
  if (takesExec(host, catalog.profile(host.platform))) return;
  throw takesNone(host, `its platform is ${host.platform}, whose profile does not allow them (exec_channel)`);
}

/**
 * The same by what the server says of itself, for a host of unknown platform: an exec request is a command line to a device,
 * and may end its connection. What is no Unix system's by its identification is refused, unless all profiles that have
 * it take exec requests. Undefined: nothing is to be asked.
 */
export async function admission(
  host: ResolvedHost,
  catalog: Catalog | undefined,
): Promise<((info: LinkInfo) => void) | undefined> {
  if (host.platform !== "auto" || catalog === undefined) return undefined;
  if (host.device?.exec_channel === true) return undefined;
  return admissionBy(host, catalog, { takes: takesExec, refuse: takesNone });
}

/** `takes`: by a profile that has its identification; `refuse`: the error, with the reason. */
export async function admissionBy(
  host: ResolvedHost,
  catalog: Catalog,
  {
    takes,
    refuse,
  }: {
    readonly takes: (host: ResolvedHost, profile: Profile) => boolean;
    readonly refuse: (host: ResolvedHost, why: string) => SshMcpError;
  },
): Promise<(info: LinkInfo) => void> {
  const names = await deviceNames(catalog);
  return ({ ident, banner }) => {
    const said = banner.split("\n").find((row) => names.banner(row.trimEnd()));
    if (said !== undefined)
      throw refuse(host, `its banner is a network device's: ${visibleLine(said.trim(), 80)}`);
    const meant = catalog
      .ids()
      .map((id) => catalog.profile(id))
      .filter(({ detect }) => detect?.ssh_ident?.some((one) => patternOf(one).find(ident) !== undefined));
    if (meant.length === 0 ? isUnixIdent(ident) : meant.every((profile) => takes(host, profile))) return;
    const whose =
      meant.length === 0
        ? "which is no Unix system's that is known"
        : meant
            .slice(0, 3)
            .map(({ id }) => id)
            .join(", ");
    throw refuse(host, `its server calls itself ${visibleLine(ident, 60)} (${whose})`);
  };
}

/** What is there takes no exec requests; nothing was sent. */
export class TakesNoExec extends SshMcpError {}

export function takesNone(host: ResolvedHost, why: string): SshMcpError {
  return new TakesNoExec(
    "channel_refused",
    `${host.name} takes no exec requests: ${why}. Nothing was sent`,
    "ssh_shell runs the command in a session, and once that has shown a Unix shell, ssh_exec goes too. Where the host does take them, the operator sets platform: posix, or device: {exec_channel: true}.",
  );
}
