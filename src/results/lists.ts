import { visibleLine } from "../base/text.ts";
import type { HostSummary } from "../inventory/host.ts";
import type { SessionView } from "../multiplexer/types.ts";

/** Commands shown per session; ssh_read reaches the others by id. */
const COMMANDS_SHOWN = 3;

export function hostLines(hosts: readonly HostSummary[]): string[] {
  if (hosts.length > 0) return hosts.map(hostLine);
  return ["No hosts are configured: write a hosts.yaml, use ~/.ssh/config, or start the server with --lab."];
}

function hostLine(host: HostSummary): string {
  const facts = [
    host.target,
    host.platform,
    host.source === "inventory" ? undefined : `from ${host.source}`,
    host.jump.length === 0 ? undefined : `via ${host.jump.join(" → ")}`,
    host.tags.length === 0 ? undefined : `tags ${host.tags.join(", ")}`,
    host.groups.length === 0 ? undefined : `groups ${host.groups.join(", ")}`,
    host.description,
  ];
  return `${host.name}  ${joined(facts)}`;
}

export function sessionListLines(sessions: readonly SessionView[]): string[] {
  if (sessions.length === 0) return ["No session is open; ssh_connect opens one."];
  return sessions.flatMap(sessionLines);
}

function sessionLines(session: SessionView): string[] {
  const commands = session.commands();
  const left = commands.length - COMMANDS_SHOWN;
  return [
    `${session.name}  ${session.state} · ${joined(sessionFacts(session))}`,
    ...(left > 0 ? [`  … ${left} earlier commands`] : []),
    ...commands.slice(-COMMANDS_SHOWN).map((command) => {
      const exit = command.exit === undefined ? "" : ` exit=${command.exit}`;
      return `  #${command.id} ${command.state}${exit}  ${visibleLine(command.text, 80)}`;
    }),
  ];
}

function sessionFacts(session: SessionView): (string | undefined)[] {
  const idle = `idle ${Math.round(session.idleMs / 1000)}s`;
  const pruned = session.start > 0 ? `oldest ${session.start} bytes pruned` : undefined;
  // Where a closed session was, and how its commands were framed, is of no use any more; why it is closed is.
  if (session.closedBecause !== undefined)
    return [session.target, visibleLine(session.closedBecause, 120), idle, pruned];
  return [
    session.target,
    session.cwd === undefined ? undefined : `cwd ${visibleLine(session.cwd)}`,
    session.place === undefined ? undefined : `mode ${session.place.mode}`,
    session.place?.host === undefined ? undefined : `host ${visibleLine(session.place.host, 80)}`,
    visibleLine(session.framing, 120),
    session.level > 1 ? `level ${session.level}` : undefined,
    `${session.size.cols}x${session.size.rows}`,
    idle,
    pruned,
  ];
}

function joined(facts: readonly (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined).join(" · ");
}
