import { reaches, type Scope } from "../base/contract/scope.ts";
import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import type { HostDirectory, HostSummary, ResolvedHost } from "./host.ts";
import { parseTarget } from "./names.ts";

/**
 * The directory as a caller of this scope sees it. A host beyond it is answered exactly as one that does not exist, and the
 * names of such hosts are in no list, no way and no error. The files behind it stay with their owner: disposing it does nothing.
 */
export function scopedDirectory(whole: HostDirectory, scopeNow: () => Scope): HostDirectory {
  return {
    get settings() {
      return whole.settings;
    },
    dispose() {},
    async resolve(name, via) {
      const scope = scopeNow();
      const host = await whole.resolve(name, via).catch(async (error: unknown) => {
        if (scope.hosts === undefined) throw error;
        if (error instanceof SshMcpError && error.code === "unknown_host")
          throw await unknown(whole, scope, name);
        // Why it cannot be opened is nobody's business who may not see it.
        if (!mayName(scope, name)) throw await unknown(whole, scope, name);
        throw error;
      });
      if (!mayName(scope, name, host.source)) throw await unknown(whole, scope, name);
      for (const hop of via ?? []) if (!mayName(scope, hop)) throw await unknown(whole, scope, hop);
      return limited(host, scope);
    },
    async list() {
      const scope = scopeNow();
      const { hosts, notes } = await whole.list();
      if (scope.hosts === undefined) return { hosts, notes };
      // Notes name files and hosts of the whole inventory.
      return {
        hosts: hosts.filter(({ name }) => reaches(scope, name)).map((host) => shown(host, scope)),
        notes: [],
      };
    },
    get outdated() {
      return scopeNow().hosts === undefined ? whole.outdated : undefined;
    },
  };
}

/**
 * A pattern is for names of the inventory and the ssh configuration. `web@core1` would match `web*` and reach core1: what names
 * a user, a port or an address of its own has to be in the scope word for word.
 */
function mayName(scope: Scope, name: string, source?: ResolvedHost["source"]): boolean {
  if (scope.hosts?.includes(name) !== false) return true;
  const target = parseTarget(name);
  const plainName = target?.host === name && target.user === undefined && target.port === undefined;
  return plainName && source !== "adhoc" && reaches(scope, name);
}

function limited(host: ResolvedHost, scope: Scope): ResolvedHost {
  const ways = host.ways?.filter((name) => reaches(scope, name));
  const policy = scope.level === undefined ? host.policy : { ...host.policy, ceiling: scope.level };
  return { ...host, policy, ...(ways === undefined ? {} : { ways }) };
}

function shown(host: HostSummary, scope: Scope): HostSummary {
  const ways = host.ways?.filter((name) => reaches(scope, name));
  return {
    ...host,
    jump: host.jump.filter((name) => reaches(scope, name)),
    ...(ways === undefined ? {} : { ways }),
  };
}

/** Names tried for a suggestion. */
const NAMED = 20;

async function unknown(whole: HostDirectory, scope: Scope, name: string): Promise<SshMcpError> {
  const { hosts } = await whole.list();
  const names = nearest(
    name,
    hosts.map((host) => host.name).filter((one) => reaches(scope, one)),
  );
  const there = names.length === 0 ? "" : `; there are: ${names.slice(0, NAMED).join(", ")}`;
  return new SshMcpError(
    "unknown_host",
    `There is no host "${visibleLine(name, 70)}"${there}.`,
    "ssh_hosts lists the hosts.",
  );
}
