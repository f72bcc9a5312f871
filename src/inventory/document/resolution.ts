import { userInfo } from "node:os";
import { SshMcpError } from "../../base/errors.ts";
import { sshConfigOf } from "../directory.ts";
import type { ResolvedHost } from "../host.ts";
import type { SearchPlace } from "../locate.ts";
import { formatTarget } from "../names.ts";
import type { Inventory } from "../parse.ts";
import { Resolver } from "../resolve.ts";

/** An inventory's hosts as they would be opened. */
export interface Resolution {
  readonly hosts: ReadonlyMap<string, ResolvedHost>;
  /** Hosts that cannot be opened as they are described: jump hosts that run in a circle, for one. */
  readonly faults: ReadonlyMap<string, SshMcpError>;
  /** Hosts that are reached in the same way, as sentences. */
  readonly twins: readonly string[];
}

/** Resolves names as a server would, but for `Match exec`: it runs no command. */
export async function resolverOf(inventory: Inventory | undefined, place: SearchPlace): Promise<Resolver> {
  const ssh = await sshConfigOf(inventory, place);
  return new Resolver(
    { extra: [], ...(inventory === undefined ? {} : { inventory }), ...(ssh === undefined ? {} : { ssh }) },
    { home: place.home, env: place.env, localUser: userInfo().username },
  );
}

/** Resolves every host that an inventory describes. Runs no command and connects to nothing. */
export async function resolutionOf(inventory: Inventory, place: SearchPlace): Promise<Resolution> {
  const resolver = await resolverOf(inventory, place);
  const hosts = new Map<string, ResolvedHost>();
  const faults = new Map<string, SshMcpError>();
  for (const name of inventory.hosts.keys()) {
    try {
      hosts.set(name, resolver.resolve(name));
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      faults.set(name, error);
    }
  }
  return { hosts, faults, twins: twinsAmong(hosts) };
}

function twinsAmong(hosts: ReadonlyMap<string, ResolvedHost>): string[] {
  const known = new Map<string, string>();
  return [...hosts].flatMap(([name, host]) => {
    const way = [...host.jump, host].map(formatTarget).join(" ");
    const other = known.get(way);
    known.set(way, other ?? name);
    return other === undefined ? [] : [`${name} and ${other} are the same: ${formatTarget(host)}.`];
  });
}
