import type { Target } from "../names.ts";

/** The options we take from a configuration, named as in ssh_config(5). Unset ones are absent. */
export interface SshOptions {
  hostname?: string;
  user?: string;
  port?: number;
  identityfile?: string[];
  certificatefile?: string[];
  identitiesonly?: boolean;
  identityagent?: string;
  /** The hops, first hop first; `none` forbids later ones. */
  proxyjump?: readonly Target[] | "none";
  proxycommand?: Located;
  knownhostscommand?: Located;
  userknownhostsfile?: readonly string[];
  globalknownhostsfile?: readonly string[];
  stricthostkeychecking?: "yes" | "no" | "ask" | "accept-new";
  hostkeyalias?: string;
  /** Seconds. */
  connecttimeout?: number;
  serveraliveinterval?: number;
  serveralivecountmax?: number;
  kexalgorithms?: string;
  hostkeyalgorithms?: string;
  pubkeyacceptedalgorithms?: string;
  ciphers?: string;
  macs?: string;
}

/** A value and the `file:line` it stands at. */
export interface Located {
  readonly value: string;
  readonly at: string;
}

/** One condition of a `Match` line, where it stands; `never` is for every criterion we do not evaluate. */
export type Criterion =
  | { readonly kind: "all"; readonly negated: boolean }
  | { readonly kind: "host" | "originalhost" | "user"; readonly negated: boolean; readonly list: string }
  | { readonly kind: "exec"; readonly negated: boolean; readonly command: string; readonly at: string }
  | { readonly kind: "never"; readonly what: string; readonly at: string };

/** A configuration file, read and checked, in the order of its lines. */
export type Directive =
  | { readonly kind: "host"; readonly patterns: readonly string[] }
  | { readonly kind: "match"; readonly criteria: readonly Criterion[] }
  | { readonly kind: "include"; readonly files: readonly (readonly Directive[])[] }
  | { readonly kind: "set"; readonly apply: (options: SshOptions) => void };

export interface SshConfig {
  readonly directives: readonly Directive[];
  /** Its commands may be executed. */
  readonly exec: boolean;
  /** Every literal name on a `Host` or `Match originalhost` line, in file order. */
  readonly aliases: readonly string[];
  /** What was left aside and why, with `file:line`. */
  readonly notes: readonly string[];
  /** Mistakes for which ssh itself would refuse the whole configuration, with `file:line`. */
  readonly problems: readonly string[];
}
