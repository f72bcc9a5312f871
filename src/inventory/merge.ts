import { isAbsolute, join, resolve } from "node:path";
import { authMethods, secretRef } from "./auth.ts";
import type { HostKeyPolicy, LegacyAlgorithms, NamedSecret, ResolvedHost } from "./host.ts";
import { expandHome } from "./locate.ts";
import { hopNames } from "./names.ts";
import type { InventoryEntry, Settings } from "./parse.ts";
import { policyOf } from "./policy.ts";
import type { GroupEntry } from "./schema.ts";
import type { SshHost, Surroundings } from "./ssh-config.ts";
import { parseDuration, parseSize } from "./units.ts";

/** Detection decides; `posix` is not assumed, since its framing types into the session. */
export const DEFAULT_PLATFORM = "auto";

const DEFAULTS = {
  /** Above the sixty sessions a fleet task opens at once, below what would exhaust a small host. */
  sessions: 64,
  transcriptBytes: 8 * 1024 * 1024,
  /** sshd's MaxSessions is 10; one stays free for exec and SFTP. */
  channelsPerConnection: 9,
  /** Wide, so that device tables do not wrap. */
  cols: 200,
  rows: 50,
  term: "xterm-256color",
  connectMs: 20_000,
  keepaliveMs: 15_000,
  keepaliveCount: 3,
  idleMs: 30 * 60_000,
  commandMs: 30_000,
} as const;

/** Everything that may say something about one host. */
export interface HostSources {
  readonly name: string;
  readonly source: ResolvedHost["source"];
  readonly address: string;
  /** What stands beside the name itself, as in `user@name:port`; it goes before all else. */
  readonly given: { readonly user?: string; readonly port?: number };
  readonly entry?: InventoryEntry;
  readonly ssh?: SshHost;
  readonly defaults: GroupEntry;
  readonly settings: Settings;
  /** The inventory's folder; relative paths start there. */
  readonly folder: string;
}

/** The narrowest value of a setting; ssh's configuration stands between the groups and `defaults`. */
type Pick = <T>(get: (entry: GroupEntry) => T | undefined, ssh?: T) => T | undefined;

/** One host without its jump chain. The order: given, entry, groups in order, ssh's configuration, `defaults`, built in. */
export function mergeHost(from: HostSources, around: Surroundings): Omit<ResolvedHost, "jump"> {
  const narrow = narrowLayers(from.entry);
  const { ssh, settings } = from;
  const pick: Pick = (get, fromSsh) => firstOf(narrow, get) ?? fromSsh ?? get(from.defaults);
  const path = (file: string) => resolvePath(file, from.folder, around.home);
  const ms = (value: number | string | undefined) => (value === undefined ? undefined : parseDuration(value));

  const promptRegex = pick((entry) => entry.prompt_regex);
  const device = pick((entry) => entry.device);
  const fixed = (["cols", "rows", "term"] as const).filter(
    (field) => pick((entry) => entry.terminal?.[field]) !== undefined,
  );
  const legacy = pick<"all" | "none" | LegacyAlgorithms>((entry) => legacyOf(entry.legacy), ssh?.legacy);
  const description = from.entry?.host.description;
  const site = pick((entry) => entry.site);
  const enable = pick((entry) =>
    secretRef({ env: entry.enable_env, file: entry.enable_file, command: entry.enable_command }, path),
  );
  const loginAnswers = pick((entry) => entry.login_answers);
  const sudo = pick((entry) =>
    secretRef({ env: entry.sudo_env, file: entry.sudo_file, command: entry.sudo_command }, path),
  );
  return {
    name: from.name,
    source: from.source,
    address: from.address,
    port: from.given.port ?? pick((entry) => entry.port, ssh?.port) ?? 22,
    user: from.given.user ?? pick((entry) => entry.user, ssh?.user) ?? around.localUser,
    auth: authMethods(
      { own: firstOf(narrow, (entry) => entry.auth), ssh, fallback: from.defaults.auth },
      around,
      path,
    ),
    hostKey: hostKeyPolicy(pick, ssh, path, around.home),
    ...(ssh?.proxyCommand === undefined || saysJump(narrow) ? {} : { proxyCommand: ssh.proxyCommand }),
    ...(ssh === undefined || ssh.unheeded.length === 0 ? {} : { unheeded: ssh.unheeded }),
    ...(legacy === undefined || legacy === "none" ? {} : { legacy }),
    platform: pick(platformOf) ?? DEFAULT_PLATFORM,
    ...(promptRegex === undefined ? {} : { promptRegex }),
    ...(device === undefined ? {} : { device }),
    ...waysOf(pick((entry) => entry.via)),
    tags: [...new Set([...narrow, from.defaults].flatMap((entry) => entry.tags ?? []))],
    groups: from.entry?.groupNames ?? [],
    ...(site === undefined ? {} : { site }),
    ...(description === undefined ? {} : { description }),
    ...(enable === undefined ? {} : { enable }),
    ...(sudo === undefined ? {} : { sudo }),
    ...(pick(masksOf) === true ? { masksSecrets: true } : {}),
    ...(pick((entry) => entry.record) === true ? { records: true } : {}),
    ...secretsOf([from.defaults, ...[...narrow].reverse()], path),
    ...(loginAnswers === undefined ? {} : { loginAnswers }),
    terminal: {
      cols: pick((entry) => entry.terminal?.cols) ?? DEFAULTS.cols,
      rows: pick((entry) => entry.terminal?.rows) ?? DEFAULTS.rows,
      term: pick((entry) => entry.terminal?.term) ?? DEFAULTS.term,
      ...(fixed.length === 0 ? {} : { fixed }),
    },
    limits: {
      ...fixedLimits(pick),
      sessions: pick((entry) => entry.limits?.sessions) ?? DEFAULTS.sessions,
      transcriptBytes: pick((entry) => sizeOf(entry.limits?.transcript_bytes)) ?? DEFAULTS.transcriptBytes,
      channelsPerConnection:
        pick((entry) => entry.limits?.channels_per_connection) ?? DEFAULTS.channelsPerConnection,
    },
    policy: policyOf([...narrow, from.defaults], denyPatterns(settings, from.defaults, narrow)),
    timing: {
      connectTimeoutMs:
        pick((entry) => ms(entry.timeouts?.connect), ssh?.connectTimeoutMs) ?? DEFAULTS.connectMs,
      keepaliveIntervalMs:
        pick((entry) => ms(entry.timeouts?.keepalive), ssh?.keepaliveIntervalMs) ?? DEFAULTS.keepaliveMs,
      keepaliveCount:
        pick((entry) => entry.timeouts?.keepalive_count, ssh?.keepaliveCount) ?? DEFAULTS.keepaliveCount,
      idleTimeoutMs:
        pick((entry) => ms(entry.timeouts?.idle)) ?? ms(settings.idle_timeout) ?? DEFAULTS.idleMs,
      commandTimeoutMs:
        pick((entry) => ms(entry.timeouts?.command)) ?? ms(settings.command_timeout) ?? DEFAULTS.commandMs,
    },
  };
}

/** Are the secrets masked that a host shows by itself? Undefined: nothing is said. */
export function masksOf({ mask_secrets: masks, secrets }: GroupEntry): boolean | undefined {
  return masks ?? (secrets === "mask" ? true : undefined);
}

/** The widest layer first: a name that a narrower one has as well is that one's. */
function secretsOf(
  layers: readonly GroupEntry[],
  path: (file: string) => string,
): { readonly secrets?: Readonly<Record<string, NamedSecret>> } {
  const named = layers.flatMap(({ secrets = {} }) =>
    (secrets === "mask" ? [] : Object.entries(secrets)).flatMap(([name, { program = name, ...where }]) => {
      const ref = secretRef(where, path);
      return ref === undefined ? [] : [[name, { ref, program }] as const];
    }),
  );
  return named.length === 0 ? {} : { secrets: Object.fromEntries(named) };
}

/** The limits that the inventory itself names. */
function fixedLimits(pick: Pick): { fixed?: NonNullable<ResolvedHost["limits"]["fixed"]> } {
  const sessions = pick((entry) => entry.limits?.sessions);
  const channels = pick((entry) => entry.limits?.channels_per_connection);
  const fixed = [
    ...(sessions === undefined ? [] : (["sessions"] as const)),
    ...(channels === undefined ? [] : (["channelsPerConnection"] as const)),
  ];
  return fixed.length === 0 ? {} : { fixed };
}

/** Refused commands only ever add up: a narrower layer cannot lift what a wider one refuses. */
function denyPatterns(settings: Settings, defaults: GroupEntry, narrow: readonly GroupEntry[]): string[] {
  const layers = [settings, defaults, ...[...narrow].reverse()];
  return [...new Set(layers.flatMap((layer) => layer.deny_patterns ?? []))];
}

function hostKeyPolicy(
  pick: Pick,
  ssh: SshHost | undefined,
  path: (file: string) => string,
  home: string,
): HostKeyPolicy {
  const mode = pick((entry) => {
    const value = entry.host_key;
    if (value === "strict" || value === "accept-new") return value;
    return typeof value === "object" ? value.mode : undefined;
  }, ssh?.hostKeyMode);
  const pinned = pick((entry) => {
    const value = entry.host_key;
    if (typeof value === "object") return typeof value.pin === "string" ? [value.pin] : value.pin;
    return value?.startsWith("SHA256:") ? [value] : undefined;
  });
  const files = pick((entry) => {
    const value = typeof entry.host_key === "object" ? entry.host_key.known_hosts : undefined;
    return typeof value === "string" ? [path(value)] : value?.map(path);
  }, ssh?.knownHosts);
  const alias = pick(
    (entry) => (typeof entry.host_key === "object" ? entry.host_key.alias : undefined),
    ssh?.hostKeyAlias,
  );
  return {
    mode: mode ?? "strict",
    files: files ?? [
      join(home, ".ssh", "known_hosts"),
      join(home, ".ssh", "known_hosts2"),
      "/etc/ssh/ssh_known_hosts",
      "/etc/ssh/ssh_known_hosts2",
    ],
    ...(alias === undefined ? {} : { alias }),
    ...(ssh?.knownHostsCommand === undefined ? {} : { command: ssh.knownHostsCommand }),
    ...(pinned === undefined ? {} : { pinned: pinned.map((pin) => pin.replace(/=$/, "")) }),
  };
}

/** The inventory's own word on the way to a host goes before ssh's. */
export function saysJump(narrow: readonly GroupEntry[]): boolean {
  return firstOf(narrow, (entry) => entry.jump) !== undefined;
}

function waysOf(via: string | readonly string[] | undefined): { readonly ways?: readonly string[] } {
  return via === undefined ? {} : { ways: hopNames(via) };
}

/** The host's own settings and its groups', narrowest first. */
export function narrowLayers(entry: InventoryEntry | undefined): readonly GroupEntry[] {
  return entry === undefined ? [] : [entry.host, ...entry.groups];
}

export function firstOf<T>(
  layers: readonly GroupEntry[],
  get: (entry: GroupEntry) => T | undefined,
): T | undefined {
  for (const layer of layers) {
    const value = get(layer);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function resolvePath(file: string, folder: string, home: string): string {
  const expanded = expandHome(file, home);
  return isAbsolute(expanded) ? expanded : resolve(folder, expanded);
}

function platformOf(entry: GroupEntry): string | undefined {
  if (entry.platform !== undefined) return entry.platform;
  return entry.shell === undefined ? undefined : entry.shell === "cli" ? "auto" : "posix";
}

function sizeOf(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : parseSize(value);
}

function legacyOf(value: GroupEntry["legacy"]): "all" | "none" | LegacyAlgorithms | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "boolean") return value ? "all" : "none";
  return {
    ...(value.kex === undefined ? {} : { kex: value.kex }),
    ...(value.host_key === undefined ? {} : { hostKey: value.host_key }),
    ...(value.cipher === undefined ? {} : { cipher: value.cipher }),
    ...(value.mac === undefined ? {} : { mac: value.mac }),
  };
}
