/** How much an agent may do on a host without asking a human; set by the operator alone. */
export const LEVELS = ["read_only", "guarded", "unrestricted"] as const;

export type Level = (typeof LEVELS)[number];

/** What holds for a host whose operator says nothing. */
export const DEFAULT_LEVEL: Level = "guarded";

/** How an "ask" may be answered: `any`: by a form of the client, too; `out_of_band`: by `ssh-mcp approve` alone. */
export const APPROVALS = ["any", "out_of_band"] as const;

export type Approval = (typeof APPROVALS)[number];

/** One rule of the operator's own. */
export interface PolicyRule {
  readonly is: "allow" | "ask" | "deny";
  /** RE2, regardless of case; it has to match a whole line, or a whole command of it. */
  readonly pattern: string;
  /** `hosts.yaml:12`: where it was read. */
  readonly at: string;
  readonly why?: string;
}

/** Times of the week in this machine's own time, when changes may be made without asking more than the level does. */
export interface ChangeWindow {
  /** 0: Sunday … 6: Saturday. */
  readonly days: readonly number[];
  /** Minutes since midnight; `to` at or below `from` ends on the next day. */
  readonly from: number;
  readonly to: number;
}

/** What the operator allows on one host. */
export interface HostPolicy {
  /** Case-insensitive RE2 patterns; a command that matches one is refused. */
  readonly denyPatterns: readonly string[];
  readonly level: Level;
  /** The caller's own level, where it has one: no rule lifts it. */
  readonly ceiling?: Level;
  /** The strictest one that matches counts; an `allow` lifts what the level alone asks or denies. */
  readonly rules: readonly PolicyRule[];
  readonly approval: Approval;
  /** An agent's own word counts for what the level asks, and is not irreversible. */
  readonly agentMayConfirm?: true;
  /** Left out: at any time. */
  readonly windows?: readonly ChangeWindow[];
  /** Commands, keys and file changes within a minute; left out: no limit. */
  readonly perMinute?: number;
  /** Hosts that one call may go to; left out: no limit of the operator's. */
  readonly hostsPerCall?: number;
  /** Hosts that may be changed within ten minutes; left out: no limit. */
  readonly hostsPerWindow?: number;
}

/** How sure a line of the audit log is: `write`: it survives this program, however that ends; `fdatasync`: also a loss of power. */
export const DURABILITIES = ["write", "fdatasync"] as const;

export type Durability = (typeof DURABILITIES)[number];
