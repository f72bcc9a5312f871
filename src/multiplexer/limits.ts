import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { SharedBudget } from "../remote/output-budget.ts";
import type { Session } from "../shell/session/session.ts";

/** Sessions that are open or being opened, by name, and their hosts. */
type Open = ReadonlyMap<string, string>;

/** @throws SshMcpError `limit_reached`. `elsewhere`: hosts of what other callers have open, who are not named. */
export function assertRoom(
  host: ResolvedHost,
  open: Open,
  maxSessions: number,
  elsewhere: readonly string[] = [],
): void {
  const here = [...open].flatMap(([name, at]) => (at === host.name ? [name] : []));
  const others = elsewhere.filter((at) => at === host.name).length;
  if (here.length + others >= host.limits.sessions)
    throw new SshMcpError(
      "limit_reached",
      `${host.name} has ${here.length + others} open sessions, its limit: ${namedWith(here, others)}`,
      here.length === 0 ? "Try again once one of them is closed." : "Use one of them or ssh_disconnect one.",
    );
  if (open.size + elsewhere.length >= maxSessions)
    throw new SshMcpError(
      "limit_reached",
      `${open.size + elsewhere.length} sessions are open, the limit of settings.max_sessions`,
      open.size === 0 ? "Try again once others are closed." : "ssh_disconnect those no longer needed.",
    );
}

function namedWith(here: readonly string[], others: number): string {
  const theirs = others === 0 ? [] : [`${others} of other callers`];
  return [...here, ...theirs].join(", ");
}

/** Memory of what commands without sessions printed, over all callers. */
const OUTPUTS_BYTES = 256 * 1024 * 1024;

/** What several owners of sessions have together: a host's terminal lines and this program's memory are there once. */
export class Room {
  readonly outputs = new SharedBudget(OUTPUTS_BYTES);
  readonly #open = new Map<object, () => Open>();

  /** `open`: asked whenever another wants to know. The function returned leaves. */
  enter(owner: object, open: () => Open): () => void {
    this.#open.set(owner, open);
    return () => this.#open.delete(owner);
  }

  /** Hosts of what all others have open. */
  elsewhere(owner: object): string[] {
    const hosts: string[] = [];
    for (const [other, open] of this.#open) if (other !== owner) hosts.push(...open().values());
    return hosts;
  }

  get owners(): number {
    return this.#open.size;
  }
}

/** Closed sessions kept for reading: by one owner, and by many together. */
const KEPT_CLOSED = 20;
const KEPT_TOGETHER = 200;

/** Those beyond it, the ones unused longest. */
export function closedTooMany(sessions: readonly Session[], owners = 1): readonly Session[] {
  const kept = Math.min(KEPT_CLOSED, Math.max(2, Math.floor(KEPT_TOGETHER / Math.max(1, owners))));
  const closed = sessions.filter((session) => session.closed).sort((a, b) => b.idleMs - a.idleMs);
  return closed.slice(0, Math.max(0, closed.length - kept));
}
