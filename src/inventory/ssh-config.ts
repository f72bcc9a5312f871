import { SshMcpError } from "../base/errors.ts";
import type { LegacyAlgorithms } from "./host.ts";
import { isValidHostName, isValidUserName, type Target } from "./names.ts";
import { type Commands, evaluate, type Question } from "./ssh-config/evaluate.ts";
import type { SshConfig, SshOptions } from "./ssh-config/model.ts";
import { expandPath, expandTokens, fileTokens, type Tokens } from "./ssh-config/tokens.ts";
import { splitArguments } from "./ssh-config/words.ts";

export type { Commands } from "./ssh-config/evaluate.ts";
export type { SshConfig } from "./ssh-config/model.ts";
export { readSshConfig } from "./ssh-config/read.ts";

/** Where `~` and `${…}` lead, and who we are without a `User` line. */
export interface Surroundings {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly localUser: string;
}

/** One host as the ssh configuration describes it, every token expanded. Absent: it says nothing. */
export interface SshHost {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles?: readonly string[];
  /** Certificate files, for whichever key each certifies. */
  readonly certificateFiles?: readonly string[];
  readonly identitiesOnly: boolean;
  /** `none`: IdentityAgent none; absent: the environment's agent. */
  readonly agent?: "none" | { readonly socket: string };
  readonly jump?: readonly Target[] | "none";
  readonly hostKeyMode?: "strict" | "accept-new";
  /** In the order they are read, the first is the one written to; absent: ssh's own. */
  readonly knownHosts?: readonly string[];
  readonly hostKeyAlias?: string;
  readonly connectTimeoutMs?: number;
  readonly keepaliveIntervalMs?: number;
  readonly keepaliveCount?: number;
  readonly legacy?: LegacyAlgorithms;
  /** The command that connects, every token expanded; only where commands may be executed. */
  readonly proxyCommand?: string;
  readonly knownHostsCommand?: { readonly argv: readonly string[]; readonly tokens: Tokens };
  /** Lines that were left aside and might have mattered for this host. */
  readonly unheeded: readonly string[];
}

/**
 * What the configuration says of `question.host`, equal to `ssh -G` on the keywords we take.
 * @throws SshMcpError `inventory_invalid` when the file has mistakes or the host needs a ProxyCommand.
 */
export function resolveSshHost(
  config: SshConfig,
  question: Omit<Question, "localUser">,
  around: Surroundings,
  commands?: Commands,
): SshHost {
  if (config.problems.length > 0) {
    throw new SshMcpError(
      "inventory_invalid",
      `The ssh configuration has mistakes: ${config.problems.slice(0, 3).join("; ")}.`,
      "Correct them (ssh refuses such a file too), or set settings.ssh_config: false in hosts.yaml.",
    );
  }
  const { localUser, home } = around;
  const tokens = fileTokens({ home, host: "", alias: question.host, port: 22, user: "", localUser });
  const { options, unheeded } = evaluate(config, {
    ...question,
    localUser,
    tokens,
    commands: config.exec ? commands : undefined,
  });
  const proxy = options.proxycommand;
  if (!config.exec && proxy !== undefined && proxy.value.toLowerCase() !== "none") {
    throw new SshMcpError(
      "inventory_invalid",
      `Host "${question.host}" needs a ProxyCommand (${proxy.at}), and nothing in an ssh configuration is executed unless the operator allows it.`,
      "Use ProxyJump there, describe the host in hosts.yaml with jump, or allow it there: settings.ssh_config: {exec: true}.",
    );
  }
  return expand(options, question.host, around, config.exec, unheeded);
}

function expand(
  options: SshOptions,
  alias: string,
  around: Surroundings,
  exec: boolean,
  skipped: readonly string[],
): SshHost {
  const address = checkedHost(
    (options.hostname === undefined ? alias : expandTokens(options.hostname, { h: alias })).toLowerCase(),
    alias,
  );
  const user = options.user ?? around.localUser;
  if (!isValidUserName(user)) throw invalidName("user", alias);
  const port = options.port ?? 22;
  const keyAlias = options.hostkeyalias?.toLowerCase();
  const tokens = fileTokens({
    home: around.home,
    host: address,
    alias,
    port,
    user,
    localUser: around.localUser,
    ...(keyAlias === undefined ? {} : { keyAlias }),
  });
  const path = (text: string) => expandPath(text, around.home, tokens, around.env);
  const host: { -readonly [K in keyof SshHost]: SshHost[K] } = {
    address,
    identitiesOnly: options.identitiesonly ?? false,
    unheeded: [...skipped, ...unusedLines(options, exec)],
  };
  const proxy = options.proxycommand?.value;
  if (exec && proxy !== undefined && proxy.toLowerCase() !== "none")
    host.proxyCommand = expandTokens(proxy, executable({ ...tokens, "%": "%" }, alias));
  const known = options.knownhostscommand?.value;
  if (exec && known !== undefined && known.toLowerCase() !== "none")
    host.knownHostsCommand = { argv: splitArguments(known) ?? [], tokens: executable(tokens, alias) };
  if (options.user !== undefined) host.user = options.user;
  if (options.port !== undefined) host.port = options.port;
  if (options.identityfile !== undefined) {
    host.identityFiles = options.identityfile.filter((file) => file.toLowerCase() !== "none").map(path);
  }
  const certificates = (options.certificatefile ?? []).filter((file) => file.toLowerCase() !== "none");
  if (certificates.length > 0) host.certificateFiles = certificates.map(path);
  const agent = agentOf(options.identityagent, around.env, path);
  if (agent !== undefined) host.agent = agent;
  if (options.proxyjump === "none") host.jump = "none";
  else if (options.proxyjump !== undefined) {
    const own = { h: address, n: alias, p: String(port), r: user };
    host.jump = options.proxyjump.map((hop) => ({
      ...hop,
      host: checkedHost(expandTokens(hop.host, own), alias),
      ...(hop.user === undefined ? {} : { user: expandTokens(hop.user, own) }),
    }));
  }
  if (options.stricthostkeychecking !== undefined) {
    host.hostKeyMode = options.stricthostkeychecking === "accept-new" ? "accept-new" : "strict";
  }
  if (options.userknownhostsfile !== undefined || options.globalknownhostsfile !== undefined) {
    host.knownHosts = knownHosts(options, around.home, path);
  }
  if (keyAlias !== undefined) host.hostKeyAlias = keyAlias;
  if (options.connecttimeout !== undefined && options.connecttimeout > 0) {
    host.connectTimeoutMs = options.connecttimeout * 1000;
  }
  if (options.serveraliveinterval !== undefined)
    host.keepaliveIntervalMs = options.serveraliveinterval * 1000;
  if (options.serveralivecountmax !== undefined) host.keepaliveCount = options.serveralivecountmax;
  const legacy = legacyOf(options);
  if (legacy !== undefined) host.legacy = legacy;
  return host;
}

function unusedLines(options: SshOptions, exec: boolean): string[] {
  const known = options.knownhostscommand;
  return exec || known === undefined || known.value.toLowerCase() === "none"
    ? []
    : [`${known.at}: KnownHostsCommand (settings.ssh_config: {exec: true} in hosts.yaml allows it)`];
}

/** Tokens for a command line: a name that a shell would read otherwise never gets into one. */
function executable(tokens: Tokens, alias: string): Tokens {
  for (const value of [tokens.h, tokens.n, tokens.r])
    if (value !== undefined && !/^[\w.@%+:=,\\/-]*$/.test(value.replaceAll("\\", "")))
      throw invalidName("user", alias);
  return tokens;
}

/** ssh's defaults, user files before system files. `none` becomes /dev/null, so that nothing is recorded elsewhere. */
function knownHosts(options: SshOptions, home: string, path: (text: string) => string): string[] {
  const user = options.userknownhostsfile ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
  const system = options.globalknownhostsfile ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
  const isNone = (files: readonly string[]) => files[0]?.toLowerCase() === "none";
  return [
    ...(isNone(user) ? ["/dev/null"] : user.map(path)),
    // Only `~` is expanded here: GlobalKnownHostsFile takes no tokens.
    ...(isNone(system) ? [] : system.map((file) => file.replace(/^~(?=\/)/, () => home))),
  ];
}

function agentOf(
  value: string | undefined,
  env: NodeJS.ProcessEnv,
  path: (text: string) => string,
): SshHost["agent"] {
  if (value === undefined || value === "SSH_AUTH_SOCK") return undefined;
  if (value.toLowerCase() === "none") return "none";
  const variable = /^\$(\w+)$/.exec(value)?.[1];
  if (variable === undefined) return { socket: path(value) };
  const socket = env[variable];
  return socket === undefined || socket === "" ? "none" : { socket };
}

/** The weak algorithms an operator may have switched on for old devices; everything else is left to our defaults. */
const LEGACY = {
  kex: ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"],
  hostKey: ["ssh-rsa", "ssh-dss"],
  cipher: ["3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc"],
  mac: ["hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96"],
} as const;

function legacyOf(options: SshOptions): LegacyAlgorithms | undefined {
  const chosen = (known: readonly string[], ...lists: (string | undefined)[]) => {
    const named = new Set(
      lists.flatMap((list) =>
        list === undefined || list.startsWith("-") ? [] : list.replace(/^[+^]/, "").split(","),
      ),
    );
    return known.filter((name) => named.has(name));
  };
  const kex = chosen(LEGACY.kex, options.kexalgorithms);
  const hostKey = chosen(LEGACY.hostKey, options.hostkeyalgorithms, options.pubkeyacceptedalgorithms);
  const cipher = chosen(LEGACY.cipher, options.ciphers);
  const mac = chosen(LEGACY.mac, options.macs);
  if (kex.length + hostKey.length + cipher.length + mac.length === 0) return undefined;
  return {
    ...(kex.length === 0 ? {} : { kex }),
    ...(hostKey.length === 0 ? {} : { hostKey }),
    ...(cipher.length === 0 ? {} : { cipher }),
    ...(mac.length === 0 ? {} : { mac }),
  };
}

function checkedHost(name: string, alias: string): string {
  if (!isValidHostName(name)) throw invalidName("host", alias);
  return name;
}

function invalidName(what: "host" | "user", alias: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `The ssh configuration gives "${alias}" a ${what} name with characters that are not allowed.`,
    "Names must not begin with a dash or hold blanks or shell metacharacters.",
  );
}
