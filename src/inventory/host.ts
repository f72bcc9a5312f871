import type { Durability, HostPolicy } from "../base/contract/policy.ts";
import type { SecretRef } from "../secrets/reference.ts";

export type { HostPolicy };

/** One way to prove who we are. The order in `ResolvedHost.auth` is the order of the attempts. */
export type AuthMethod =
  | {
      readonly method: "agent";
      /** Socket path; undefined: `SSH_AUTH_SOCK`. */ readonly socket?: string;
      /** Offer only these keys of the agent (public or private key file paths); undefined: all. */ readonly onlyKeys?: readonly string[];
      /** Certificate files, offered with the keys of the agent that they certify. */ readonly certificates?: readonly string[];
    }
  | {
      readonly method: "key";
      /** Of one that is in a variable, what it is called where it is named. */
      readonly path: string;
      /** The environment variable that holds the key itself. */
      readonly env?: string;
      readonly passphrase?: SecretRef;
      /** Certificate files, offered if they certify this key; `PATH-cert.pub` is looked for in any case. */
      readonly certificates?: readonly string[];
      /** It is the server's own, which may not have been made yet. */ readonly identity?: true;
      /** True for ssh's default key files: a missing one is skipped silently. */ readonly optional?: boolean;
    }
  | {
      /** Answers both the `password` and the `keyboard-interactive` method of RFC 4252/4256. */
      readonly method: "password";
      readonly secret?: SecretRef;
      /** Where a one-time code comes from; asked once per login, for a question that wants one. */
      readonly otp?: SecretRef;
      /** Questions (RE2, regardless of case) that ask for one of the two in words that are not known to. */
      readonly prompts?: readonly { readonly match: string; readonly answer: "password" | "code" }[];
    };

export interface HostKeyPolicy {
  /** `strict`: only known keys. `accept-new`: an unknown key is recorded and accepted; a changed one never is. */
  readonly mode: "strict" | "accept-new";
  /** known_hosts files to read, in order; new keys are appended to the first. */
  readonly files: readonly string[];
  /** The name looked up instead of the address (ssh's HostKeyAlias). */
  readonly alias?: string;
  /** Prints further known_hosts lines (ssh's KnownHostsCommand); `tokens` are those known before the server's key. */
  readonly command?: { readonly argv: readonly string[]; readonly tokens: Readonly<Record<string, string>> };
  /** Pinned fingerprints (`SHA256:…`); when present nothing else is consulted. */
  readonly pinned?: readonly string[];
}

/** Algorithms beyond the safe defaults, opted into per host. */
export interface LegacyAlgorithms {
  readonly kex?: readonly string[];
  readonly hostKey?: readonly string[];
  readonly cipher?: readonly string[];
  readonly mac?: readonly string[];
}

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** One host, fully resolved: what `ssh/` needs to dial it and `shell/` to speak to it. Holds no secret. */
export interface ResolvedHost {
  /** The name sessions and messages use. */
  readonly name: string;
  readonly source: "inventory" | "ssh_config" | "adhoc" | "lab";
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly auth: readonly AuthMethod[];
  /** Hosts to go through, the first hop first. Their own `jump` is empty. */
  readonly jump: readonly ResolvedHost[];
  /** Hosts that a caller may name to be gone through instead. */
  readonly ways?: readonly string[];
  /** The hosts that a caller named: they are the jump hosts. */
  readonly via?: readonly string[];
  /** It is dialled over connections of its own, which nothing else uses, on each hop: whoever has the same word shares them. */
  readonly anew?: string;
  readonly hostKey: HostKeyPolicy;
  /** A command whose input and output are the connection (ssh's ProxyCommand); the operator allows to execute it. */
  readonly proxyCommand?: string;
  /** Networks in which its address has to be: it is no host of the inventory's. */
  readonly within?: readonly string[];
  /** Lines of the ssh configuration that were left aside and might have mattered; shown where a connection fails. */
  readonly unheeded?: readonly string[];
  /** `all`: every legacy algorithm ssh2 knows. */
  readonly legacy?: "all" | LegacyAlgorithms;
  /** `posix`, `auto`, or a profile id of `devices/`. */
  readonly platform: string;
  readonly promptRegex?: string;
  /** Fields of the device profile that this host has otherwise, checked against its schema. */
  readonly device?: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  /** Location, by which ssh_run bounds what is done at once. */
  readonly site?: string;
  readonly description?: string;
  /** A network device's privileged-mode password. */
  readonly enable?: SecretRef;
  /** The password for a mode that a profile reaches by sudo. */
  readonly sudo?: SecretRef;
  /** Secrets that a command may be given by name. */
  readonly secrets?: Readonly<Record<string, NamedSecret>>;
  /** Secrets that it shows by itself are masked in results. */
  readonly masksSecrets?: true;
  /** Its sessions are recorded. */
  readonly records?: true;
  readonly terminal: TerminalSize & {
    readonly term: string;
    /** What the inventory says itself; the rest may follow the platform. */
    readonly fixed?: readonly ("cols" | "rows" | "term")[];
  };
  readonly limits: HostLimits;
  readonly policy: HostPolicy;
  /** How a connection is bounded, all in milliseconds. */
  readonly timing: HostTiming;
  /** What the device's SSH server wants otherwise; filled in from its profile. */
  readonly login?: LoginQuirks;
  /** Questions at login that are no secrets (RE2, regardless of case), with what the operator answers to them. */
  readonly loginAnswers?: readonly { readonly match: string; readonly answer: string }[];
}

/** A secret for the hidden prompt of one program. */
export interface NamedSecret {
  readonly ref: SecretRef;
  /** Name of the program, as the host's kernel has it, or its absolute path. */
  readonly program: string;
}

/** Peculiarities of a device's login. */
export interface LoginQuirks {
  /** Appended to the user name, already filled in (`+ct200w50h`). */
  readonly usernameSuffix?: string;
  /** RE2 pattern: the suffix goes only to a server whose identification line matches. */
  readonly suffixIdent?: string;
  /** Questions of keyboard-interactive (RE2 patterns) that are part of the login itself, and what answers them. */
  readonly interactive?: readonly {
    readonly match: string;
    readonly answer: "password" | "username" | { readonly text: string };
  }[];
  /** Methods in the order they are tried; left out: keys, then passwords. */
  readonly order?: readonly ("none" | "publickey" | "keyboard-interactive" | "password")[];
  readonly keepalive?: "off";
}

export interface HostLimits {
  readonly sessions: number;
  /** Bytes of transcript kept per session. */
  readonly transcriptBytes: number;
  /** PTY channels opened on one connection before a second connection is dialled (sshd's MaxSessions, default 10). */
  readonly channelsPerConnection: number;
  /** No channel beyond these is ever tried: where it is one too many the device ends the connection with all on it. */
  readonly exact?: boolean;
  /** What the inventory says itself; the rest may follow the platform. */
  readonly fixed?: readonly ("sessions" | "channelsPerConnection")[];
}

export interface HostTiming {
  readonly connectTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveCount: number;
  /** How long a session may be idle before it is closed; 0: forever. */
  readonly idleTimeoutMs: number;
  /** Default `timeout_s` of a wait on this host. */
  readonly commandTimeoutMs: number;
}

/** What the tools show of a host. */
export interface HostSummary {
  readonly name: string;
  readonly source: ResolvedHost["source"];
  /** `user@address:port`. */
  readonly target: string;
  readonly platform: string;
  readonly jump: readonly string[];
  /** Hosts that a caller may name to be gone through instead. */
  readonly ways?: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  /** Location, by which ssh_run bounds what is done at once. */
  readonly site?: string;
  readonly description?: string;
}

/** Hosts by name, whatever they come from; the multiplexer knows nothing more of the inventory. */
export interface HostDirectory {
  /**
   * `via`: hosts to go through, the first hop first, in place of what is configured.
   * @throws SshMcpError `unknown_host` naming the known ones, nearest first; `denied` for a hop that is not allowed;
   * `inventory_invalid`.
   */
  resolve(name: string, via?: readonly string[]): Promise<ResolvedHost>;
  list(): Promise<{ hosts: readonly HostSummary[]; notes: readonly string[] }>;
  /** Why what is resolved is not what the files say now, as a sentence; undefined: it is. */
  readonly outdated?: string | undefined;
  readonly settings: DirectorySettings;
  dispose(): void;
}

/** The inventory's file was read again. */
export interface Reloaded {
  readonly path: string;
  /** Why it is not what is in use now. */
  readonly error?: Error;
}

export interface DirectorySettings {
  /** A file, or `off`; left out: the one of the state folder. */
  readonly auditLog?: string;
  readonly auditDurability?: Durability;
  /** When it goes on in a new file, and which old ones are kept; in bytes, files and milliseconds. */
  readonly auditRotation?: {
    readonly size?: number;
    readonly ageMs?: number;
    readonly keep?: number;
    readonly keepMs?: number;
  };
  /** How long recordings are kept, in milliseconds and bytes; what is left out has no limit. */
  readonly recordings?: { readonly ms?: number; readonly bytes?: number };
  /** Some host, group or default says that secrets are masked. */
  readonly masksSome?: boolean;
  /** Shell command that is started when something waits for an approval. */
  readonly approvalHook?: string;
  /** Sessions open at once, over all hosts. */
  readonly maxSessions: number;
  /** Hosts outside the inventory and the ssh configuration may be opened. */
  readonly allowAdhoc?: boolean;
  /** Folder with the operator's own device profiles. */
  readonly devicesDir?: string;
  /** Environment variables that the inventory reads secrets from. */
  readonly secretVariables?: readonly string[];
  /** Folders here that transfers may use; left out: the operator names none. */
  readonly localRoots?: readonly string[];
  /** Files and folders here that no transfer touches: what the inventory's references name, and the program's own. */
  readonly withheld?: readonly string[];
}
