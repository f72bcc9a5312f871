import { nearest } from "../base/text.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { Profile } from "../devices/profile.ts";
import type { HostLimits, HostSummary, LoginQuirks, ResolvedHost, TerminalSize } from "../inventory/host.ts";

/** A device's terminal lines are few, and a second channel on its connection may end the first. */
const DEVICE_LIMITS = { sessions: 2, channelsPerConnection: 1 } as const;

/**
 * A host with what its platform needs before the first byte: terminal, order of authentication, user-name suffix. What
 * the inventory says itself stays. `isDevice`: a session on it has shown a network CLI. @throws SshMcpError `inventory_invalid` for an unknown platform.
 */
export function equip(host: ResolvedHost, catalog: Catalog | undefined, isDevice = false): ResolvedHost {
  if (catalog === undefined || host.platform === "posix") return host;
  if (host.platform === "auto") {
    const login = catalog.loginHint();
    const limits = isDevice ? limitsOf({}, host.limits) : host.limits;
    return { ...host, limits, ...(login === undefined ? {} : { login: suffixOf(login, host.terminal) }) };
  }
  const profile = catalog.profile(host.platform);
  const { fixed = [] } = host.terminal;
  const { pty = {} } = profile;
  const terminal = {
    ...host.terminal,
    ...(pty.cols === undefined || fixed.includes("cols") ? {} : { cols: pty.cols }),
    ...(pty.rows === undefined || fixed.includes("rows") ? {} : { rows: pty.rows }),
    ...(pty.term === undefined || fixed.includes("term") ? {} : { term: pty.term }),
  };
  const login = loginOf(profile, terminal);
  const limits = profile.framing === "sentinel" ? host.limits : limitsOf(profile, host.limits);
  return { ...host, terminal, limits, ...(Object.keys(login).length === 0 ? {} : { login }) };
}

function limitsOf({ limits = {} }: Pick<Profile, "limits">, own: HostLimits): HostLimits {
  const { fixed = [] } = own;
  const { sessions, channelsPerConnection } = DEVICE_LIMITS;
  return {
    ...own,
    exact: true,
    ...(fixed.includes("sessions") ? {} : { sessions: limits.sessions ?? Math.min(own.sessions, sessions) }),
    ...(fixed.includes("channelsPerConnection")
      ? {}
      : { channelsPerConnection: limits.channels_per_connection ?? channelsPerConnection }),
  };
}

function loginOf({ auth = {}, ssh = {} }: Profile, size: TerminalSize): LoginQuirks {
  return {
    ...(auth.order === undefined ? {} : { order: auth.order }),
    ...(auth.interactive === undefined ? {} : { interactive: auth.interactive }),
    ...(auth.username_suffix === undefined ? {} : { usernameSuffix: filled(auth.username_suffix, size) }),
    ...(ssh.keepalive === "off" ? { keepalive: "off" } : {}),
  };
}

/** For a host of unknown platform: the suffix goes only to a server that identifies itself as the one that wants it. */
function suffixOf(
  hint: { readonly ident: string; readonly suffix: string },
  size: TerminalSize,
): LoginQuirks {
  return { usernameSuffix: filled(hint.suffix, size), suffixIdent: hint.ident };
}

function filled(suffix: string, { cols, rows }: TerminalSize): string {
  return suffix.replaceAll("{cols}", String(cols)).replaceAll("{rows}", String(rows));
}

/** One sentence for each platform of the inventory that no profile has. */
export function unknownPlatforms(hosts: readonly HostSummary[], catalog: Catalog | undefined): string[] {
  if (catalog === undefined) return [];
  const known = ["posix", "auto", ...catalog.ids()];
  const unknown = new Set(
    hosts.map(({ platform }) => platform).filter((platform) => !known.includes(platform)),
  );
  return [...unknown].map((platform) => {
    const names = hosts.filter((host) => host.platform === platform).map(({ name }) => name);
    const near = nearest(platform, known).slice(0, 3).join(", ");
    return `there is no platform "${platform}" (${names.slice(0, 5).join(", ")}); nearest: ${near}`;
  });
}

/** The same host, and the hosts on the way to it, over connections that nothing else uses. */
export function onItsOwn(host: ResolvedHost, anew: string): ResolvedHost {
  return { ...host, anew, jump: host.jump.map((hop) => ({ ...hop, anew })) };
}
