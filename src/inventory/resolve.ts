import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import { type Adhoc, addressUnknown, allowedAdhoc } from "./adhoc.ts";
import type { ResolvedHost } from "./host.ts";
import { firstOf, type HostSources, mergeHost, narrowLayers } from "./merge.ts";
import { hopNames, parseTarget, type Target } from "./names.ts";
import type { Inventory, InventoryEntry } from "./parse.ts";
import { withoutLoosening } from "./policy.ts";
import type { GroupEntry } from "./schema.ts";
import {
  type Commands,
  resolveSshHost,
  type SshConfig,
  type SshHost,
  type Surroundings,
} from "./ssh-config.ts";

/** Enough names to recognise a slip of the finger. */
const NAMES_SHOWN = 10;

/** A consistent view of all sources at one moment. */
export interface Sources {
  /** Hosts given by the program itself, listed first. */
  readonly extra: readonly ResolvedHost[];
  readonly inventory?: Inventory;
  readonly ssh?: SshConfig;
  /** Of the environment, beside the inventory's own setting. */
  readonly adhoc?: Adhoc;
}

/** A host before its jump chain is known. */
interface Found {
  readonly host: Omit<ResolvedHost, "jump">;
  readonly hops: readonly Target[];
  /** Fixed hops of a host that came resolved. */
  readonly jump?: readonly ResolvedHost[];
}

/** Names become hosts: inventory, then ssh alias, then `user@host:port` where the operator allows it. */
export class Resolver {
  readonly #sources: Sources;
  readonly #around: Surroundings;
  readonly #commands: Commands | undefined;

  /** `commands`: for `Match exec`; without them such blocks do not apply. */
  constructor(sources: Sources, around: Surroundings, commands?: Commands) {
    this.#sources = sources;
    this.#around = around;
    this.#commands = commands;
  }

  /** Every name that can be resolved without ad hoc rights, in order of precedence. */
  names(): string[] {
    const { extra, inventory, ssh } = this.#sources;
    return [
      ...new Set([
        ...extra.map((host) => host.name),
        ...(inventory?.hosts.keys() ?? []),
        ...(ssh?.aliases ?? []),
      ]),
    ].filter((name) => inventory?.refused.has(name) !== true);
  }

  /** `via`: in place of the configured hops. @throws SshMcpError `unknown_host`, `denied`, `inventory_invalid`. */
  resolve(name: string, via: readonly string[] = []): ResolvedHost {
    const found = this.#named(name, name, {}) ?? this.#adhoc(name);
    if (via.length === 0) return this.#direct(this.#withJump(found, [name]));
    const { proxyCommand: _, ...host } = found.host;
    for (const hop of via) this.#assertMayPass(host, hop);
    return this.#direct({ ...host, via, jump: this.#chain(parseHops(via), [name]) });
  }

  /** What may only be in certain networks is dialled from here, where its address is seen. */
  #direct(host: ResolvedHost): ResolvedHost {
    if (!addressUnknown(host)) return host;
    throw new SshMcpError(
      "denied",
      `the address of ${visibleLine(host.name, 64)} cannot be checked: another host or a command makes the connection. Nothing was dialled.`,
      "Name it by its address, or ask the operator to describe it in hosts.yaml.",
    );
  }

  /** A way that the operator did not allow is not taken, whoever asks for it. */
  #assertMayPass({ name, ways = [] }: Pick<ResolvedHost, "name" | "ways">, hop: string): void {
    const target = parseTarget(hop);
    if (
      target !== undefined &&
      this.#allowed(target.host)?.within === undefined &&
      this.#allowed(target.host)
    )
      return;
    if (ways.includes(hop)) return;
    const listed = ways.length === 0 ? "lists no host to go through" : `lists ${ways.join(", ")}`;
    throw new SshMcpError(
      "denied",
      `${visibleLine(name, 64)} is not reached through "${visibleLine(hop, 64)}": its entry ${listed}. Nothing was dialled.`,
      "Leave via out to go the configured way. The operator allows another with via in its entry of hosts.yaml, or any with settings.allow_adhoc.",
    );
  }

  /** A host some source knows by this name. */
  #named(name: string, shown: string, given: HostSources["given"]): Found | undefined {
    const { extra, inventory, ssh } = this.#sources;
    const ready = extra.find((host) => host.name === name);
    if (ready !== undefined) {
      return { host: this.#withSettings({ ...ready, ...given, name: shown }), hops: [], jump: ready.jump };
    }
    // Not even by an ssh alias of that name, which knows nothing of what the entry forbids.
    const refused = inventory?.refused.get(name);
    if (refused !== undefined) throw refused;
    const entry = inventory?.hosts.get(name);
    // A project adds hosts and redefines none.
    if (entry !== undefined && !(entry.project === true && ssh?.aliases.includes(name) === true)) {
      const alias = entry.host.host === undefined && ssh?.aliases.includes(name) === true;
      return this.#merge("inventory", name, shown, given, entry, alias ? this.#ask(name, given) : undefined);
    }
    if (ssh?.aliases.includes(name)) {
      return this.#merge("ssh_config", name, shown, given, undefined, this.#ask(name, given));
    }
    return undefined;
  }

  /** A host nobody has described; ssh's configuration applies to it as it would for ssh. */
  #literal(target: Target, shown: string): Found {
    return this.#merge("adhoc", target.host, shown, target, undefined, this.#ask(target.host, target));
  }

  #adhoc(name: string): Found {
    const target = parseTarget(name);
    const allowed = target && this.#allowed(target.host);
    if (target === undefined || allowed === undefined) throw this.#unknown(name, target);
    const found = this.#named(target.host, name, target) ?? this.#literal(target, name);
    return { ...found, host: { ...found.host, ...allowed } };
  }

  #allowed(host: string): { readonly within?: readonly string[] } | undefined {
    const { inventory, adhoc } = this.#sources;
    return allowedAdhoc(inventory?.settings.allow_adhoc === true ? "any" : adhoc, host);
  }

  #ask(name: string, given: HostSources["given"]): SshHost | undefined {
    const { ssh } = this.#sources;
    if (ssh === undefined) return undefined;
    const question = {
      host: name,
      ...(given.user === undefined ? {} : { user: given.user }),
      ...(given.port === undefined ? {} : { port: given.port }),
    };
    return resolveSshHost(ssh, question, this.#around, this.#commands);
  }

  #merge(
    source: HostSources["source"],
    name: string,
    shown: string,
    given: HostSources["given"],
    entry: InventoryEntry | undefined,
    ssh: SshHost | undefined,
  ): Found {
    const { inventory } = this.#sources;
    const defaults = entry?.project === true ? guarded(inventory?.defaults) : (inventory?.defaults ?? {});
    const host = mergeHost(
      {
        name: shown,
        source,
        address: entry?.host.host?.replace(/^\[(.*)\]$/, "$1") ?? ssh?.address ?? name,
        given,
        ...(entry === undefined ? {} : { entry }),
        ...(ssh === undefined ? {} : { ssh }),
        defaults,
        settings: inventory?.settings ?? {},
        folder: inventory?.folder ?? this.#around.home,
      },
      this.#around,
    );
    return { host, hops: hopsOf(name, entry, ssh, defaults) };
  }

  /** What holds for every host of this server holds for given ones too. */
  #withSettings({ jump: _, ...host }: ResolvedHost): Omit<ResolvedHost, "jump"> {
    const wide = this.#sources.inventory?.settings.deny_patterns ?? [];
    return {
      ...host,
      policy: { ...host.policy, denyPatterns: [...new Set([...wide, ...host.policy.denyPatterns])] },
    };
  }

  #withJump(found: Found, trail: readonly string[]): ResolvedHost {
    return { ...found.host, jump: found.jump ?? this.#chain(found.hops, trail) };
  }

  /**
   * The hops as hosts. As with `ssh -J a,b`, only the first one's own way there counts; the others are reached through
   * the hop before them.
   */
  #chain(hops: readonly Target[], trail: readonly string[]): ResolvedHost[] {
    const chain: ResolvedHost[] = [];
    for (const [index, hop] of hops.entries()) {
      if (trail.includes(hop.host)) {
        throw new SshMcpError(
          "inventory_invalid",
          `The jump hosts of "${trail[0]}" run in a circle: ${[...trail, hop.host].join(" → ")}.`,
          `Give one of them jump: none (hosts.yaml) or ProxyJump none (ssh configuration).`,
        );
      }
      const shown = hopName(hop);
      const found = this.#hop(hop, shown, trail) ?? this.#literal(hop, shown);
      if (index === 0) chain.push(...this.#withJump(found, [...trail, hop.host]).jump);
      const { proxyCommand, ...host } = found.host;
      chain.push({ ...host, ...(index > 0 || proxyCommand === undefined ? {} : { proxyCommand }), jump: [] });
    }
    return chain;
  }

  /** A hop by its name; a project's host is a hop to that project's own hosts only. */
  #hop(hop: Target, shown: string, [first = ""]: readonly string[]): Found | undefined {
    const hosts = this.#sources.inventory?.hosts;
    if (hosts?.get(hop.host)?.project === true && hosts.get(first)?.project !== true) return undefined;
    return this.#named(hop.host, shown, hop);
  }

  #unknown(name: string, target: Target | undefined): SshMcpError {
    const names = this.names();
    const shown = visibleLine(name, 100);
    const known =
      names.length === 0
        ? "No hosts are known."
        : `Known, nearest first: ${nearest(name, names).slice(0, NAMES_SHOWN).join(", ")}${names.length > NAMES_SHOWN ? `, … (${names.length} in all)` : ""}.`;
    const adhoc =
      target !== undefined && this.#allowed(target.host) === undefined
        ? " Hosts outside the inventory need settings.allow_adhoc: true in hosts.yaml, which only the operator can set."
        : "";
    return new SshMcpError(
      "unknown_host",
      `There is no host "${shown}". ${known}`,
      names.length === 0
        ? `Describe hosts in hosts.yaml or ~/.ssh/config.${adhoc}`
        : `Use one of these names, or describe the host in hosts.yaml or ~/.ssh/config.${adhoc}`,
    );
  }
}

/** The user's defaults without the secrets and without what weakens a check: a project's host gets none of them. */
function guarded(defaults: GroupEntry = {}): GroupEntry {
  const {
    auth: _auth,
    host_key: _hostKey,
    legacy: _legacy,
    login_answers: _answers,
    enable_env: _ee,
    enable_file: _ef,
    enable_command: _ec,
    sudo_env: _se,
    sudo_file: _sf,
    sudo_command: _sc,
    secrets: _secrets,
    policy,
    ...rest
  } = defaults;
  const strict = withoutLoosening(policy);
  return strict === undefined ? rest : { ...rest, policy: strict };
}

/** The configured hops of one host. An inherited chain that names the host itself ends before it. */
function hopsOf(
  name: string,
  entry: InventoryEntry | undefined,
  ssh: SshHost | undefined,
  defaults: GroupEntry,
): readonly Target[] {
  if (entry?.host.jump !== undefined) return parseHops(entry.host.jump);
  const grouped = firstOf(narrowLayers(entry).slice(1), (layer) => layer.jump);
  if (grouped === undefined && ssh?.jump !== undefined) return ssh.jump === "none" ? [] : ssh.jump;
  if (grouped === undefined && ssh?.proxyCommand !== undefined) return [];
  const inherited = parseHops(grouped ?? defaults.jump ?? []);
  const self = inherited.findIndex((hop) => hop.host === name);
  return self < 0 ? inherited : inherited.slice(0, self);
}

function parseHops(jump: string | readonly string[]): Target[] {
  return hopNames(jump).flatMap((hop) => parseTarget(hop) ?? []);
}

function hopName(hop: Target): string {
  const host = hop.host.includes(":") ? `[${hop.host}]` : hop.host;
  return `${hop.user === undefined ? "" : `${hop.user}@`}${host}${hop.port === undefined ? "" : `:${hop.port}`}`;
}
