import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { Session } from "../shell/session/session.ts";

/** @throws SshMcpError `limit_reached`. `open`: sessions that are open or being opened, by name, and their hosts. */
export function assertRoom(host: ResolvedHost, open: ReadonlyMap<string, string>, maxSessions: number): void {
  const here = [...open].flatMap(([name, at]) => (at === host.name ? [name] : []));
  if (here.length >= host.limits.sessions)
    throw new SshMcpError(
      "limit_reached",
      `${host.name} has ${here.length} open sessions, its limit: ${here.join(", ")}`,
      "Use one of them or ssh_disconnect one.",
    );
  if (open.size >= maxSessions)
    throw new SshMcpError(
      "limit_reached",
      `${open.size} sessions are open, the limit of settings.max_sessions`,
      "ssh_disconnect those no longer needed.",
    );
}

/** Closed sessions kept for reading. */
const KEPT_CLOSED = 20;

/** Those beyond it, the ones unused longest. */
export function closedTooMany(sessions: readonly Session[]): readonly Session[] {
  const closed = sessions.filter((session) => session.closed).sort((a, b) => b.idleMs - a.idleMs);
  return closed.slice(0, Math.max(0, closed.length - KEPT_CLOSED));
}
