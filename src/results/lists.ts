import { visibleLine } from "../base/text.ts";
import type { HostSummary } from "../inventory/host.ts";
import type { SessionView } from "../multiplexer/types.ts";
import type { Redact } from "../secrets/redactor.ts";

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

/** `redact`: for what the far side had a say in; names and addresses are ours. */
export function sessionListLines(sessions: readonly SessionView[], redact: Redact): string[] {
  if (sessions.length === 0) return ["No session is open; ssh_connect opens one."];
  return sessions.flatMap((session) => sessionLines(session, redact));
}

function sessionLines(session: SessionView, redact: Redact): string[] {
  const commands = session.commands();
  const left = commands.length - COMMANDS_SHOWN;
  return [
    `${session.name}  ${session.state} · ${joined(sessionFacts(session, redact))}`,
    ...(left > 0 ? [`  … ${left} earlier commands`] : []),
    ...commands.slice(-COMMANDS_SHOWN).map((command) => {
      const exit = command.exit === undefined ? "" : ` exit=${command.exit}`;
      return `  #${command.id} ${command.state}${exit}  ${visibleLine(redact(command.text), 80)}`;
    }),
  ];
}

function sessionFacts(session: SessionView, redact: Redact): (string | undefined)[] {
  const idle = `idle ${Math.round(session.idleMs / 1000)}s`;
  const pruned = session.start > 0 ? `oldest ${session.start} bytes pruned` : undefined;
  // Where a closed session was, and how its commands were framed, is of no use any more; why it is closed is.
  if (session.closedBecause !== undefined)
    return [session.target, visibleLine(redact(session.closedBecause), 120), idle, pruned];
  return [
    session.target,
    session.cwd === undefined ? undefined : `cwd ${visibleLine(redact(session.cwd))}`,
    session.place === undefined ? undefined : `mode ${session.place.mode}`,
    session.place?.host === undefined ? undefined : `host ${visibleLine(redact(session.place.host), 80)}`,
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
