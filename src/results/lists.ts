import { visibleLine } from "../base/text.ts";
import type { HostSummary } from "../inventory/host.ts";
import type { CommandRecord, ExecRecord, SavedSession, SessionView } from "../multiplexer/types.ts";
import type { Redact } from "../secrets/redactor.ts";
import { sizeText } from "./excerpt.ts";
import type { Result } from "./result.ts";

/** Commands shown of one session; ssh_read reaches the others by id. */
const COMMANDS_SHOWN = 10;
/** A closed session is listed for this long. */
const CLOSED_LISTED_MS = 10 * 60_000;
const NONE = "(no group)";

/** The hosts, or beyond `budget` characters how many each group has. `of`: hosts there are. */
export function hostLines(hosts: readonly HostSummary[], of: number, budget: number): string[] {
  if (of === 0)
    return [
      "No hosts are configured: write a hosts.yaml, use ~/.ssh/config, or start the server with --lab.",
    ];
  if (hosts.length === 0) return [`None of the ${of} hosts matches.`];
  const lines = hosts.map(hostLine);
  if (lines.reduce((sum, line) => sum + line.length + 1, 0) <= budget) return lines;
  return [
    `${hosts.length} hosts are too many to list; narrow them with match, tag or group. By group:`,
    ...withinBudget(
      counts(hosts, ({ groups }) => (groups.length === 0 ? [NONE] : groups)),
      budget / 2,
    ),
    "By tag:",
    ...withinBudget(
      counts(hosts, ({ tags }) => tags),
      budget / 2,
    ),
  ];
}

function counts(hosts: readonly HostSummary[], namesOf: (host: HostSummary) => readonly string[]): string[] {
  const found = new Map<string, number>();
  for (const host of hosts) for (const name of namesOf(host)) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found]
    .sort(([a, one], [b, other]) => other - one || a.localeCompare(b))
    .map(([name, count]) => `  ${name}  ${count}`);
}

function withinBudget(lines: readonly string[], budget: number): string[] {
  let room = budget;
  const shown = lines.filter((line) => {
    room -= line.length + 1;
    return room >= 0;
  });
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `  … and ${left} more`];
}

function hostLine(host: HostSummary): string {
  const facts = [
    host.target,
    host.platform,
    host.source === "inventory" ? undefined : `from ${host.source}`,
    host.jump.length === 0 ? undefined : `via ${host.jump.join(" → ")}`,
    host.ways === undefined ? undefined : `or via ${host.ways.join(", ")}`,
    host.tags.length === 0 ? undefined : `tags ${host.tags.join(", ")}`,
    host.groups.length === 0 ? undefined : `groups ${host.groups.join(", ")}`,
    host.description,
  ];
  return `${host.name}  ${joined(facts)}`;
}

/** One line for each session, or everything about one. `redact`: for what the far side had a say in; names are ours. */
export function sessionListLines(
  {
    sessions,
    detail = false,
    closed = false,
    execs = [],
    saved = [],
    lost = [],
    armed = [],
    owner = () => undefined,
  }: Extract<Result, { kind: "sessions" }>,
  redact: Redact,
): string[] {
  if (detail) return sessions.flatMap((session) => detailLines(session, redact, owner(session)));
  const listed = sessions.filter(
    (session) => session.closedBecause === undefined || closed || session.closedMs <= CLOSED_LISTED_MS,
  );
  const open = listed.some((session) => session.closedBecause === undefined);
  const left = sessions.length - listed.length;
  return [
    ...(open ? [] : ["No session is open; ssh_connect opens one."]),
    ...listed.map((session) => shortLine(session, redact, owner(session))),
    ...(left > 0 ? [`${left} closed earlier; ssh_sessions(closed: true) lists them`] : []),
    ...execs.map((record) => execLineOf(record, redact)),
    ...armed.map((what) => `armed change: ${visibleLine(redact(what), 300)}`),
    ...lost.map((what) => `lost, the daemon was killed: ${visibleLine(redact(what), 200)}`),
    ...savedLines(saved),
  ];
}

/** Saved sessions listed by name; further ones are counted. */
const SAVED_SHOWN = 12;

function savedLines(saved: readonly SavedSession[]): string[] {
  if (saved.length === 0) return [];
  const named = saved
    .slice(0, SAVED_SHOWN)
    .map(({ name, host }) => (host === name ? name : `${name} (on ${host})`));
  const left = saved.length - named.length;
  const more = left > 0 ? `, … and ${left} more` : "";
  return [`saved, ssh_connect(session: NAME) opens it anew: ${named.join(", ")}${more}`];
}

/** A command without a session that runs. */
function execLineOf({ id, host, command, durationMs, stdout, stderr }: ExecRecord, redact: Redact): string {
  const printed = sizeText(stdout.bytes + stderr.bytes);
  return `ssh_exec #${id}  on ${host} · running ${ago(durationMs)} · ${printed} · ${visibleLine(redact(command), 80)}`;
}

function shortLine(session: SessionView, redact: Redact, owner?: string): string {
  const last = session.commands().at(-1);
  const command = last === undefined ? undefined : commandLine(last, redact, 40);
  if (session.closedBecause !== undefined)
    return `${session.name}  ${joined([
      `closed ${ago(session.closedMs)} ago`,
      visibleLine(redact(session.closedBecause), 120),
      command,
    ])}`;
  return `${session.name}  ${joined([
    session.state,
    session.host === session.name ? undefined : `on ${session.host}`,
    wayOf(session),
    owner === undefined ? undefined : `of ${owner}`,
    ...placeFacts(session, redact),
    session.level > 1 ? `level ${session.level}` : undefined,
    `idle ${ago(session.idleMs)}`,
    command,
  ])}`;
}

/** Hosts gone through that are not the configured ones. */
function wayOf({ hostFacts: { via } }: SessionView): string | undefined {
  return via === undefined ? undefined : `via ${via.join(" → ")}`;
}

function detailLines(session: SessionView, redact: Redact, owner?: string): string[] {
  const commands = session.commands();
  const left = commands.length - COMMANDS_SHOWN;
  return [
    `${session.name}  ${session.state} · ${joined([...sessionFacts(session, redact), owner === undefined ? undefined : `of ${owner}`])}`,
    ...(left > 0 ? [`  … ${left} earlier commands`] : []),
    ...commands.slice(-COMMANDS_SHOWN).map((command) => `  ${commandLine(command, redact, 80)}`),
  ];
}

function commandLine({ id, state, exit, text }: CommandRecord, redact: Redact, limit: number): string {
  const code = exit === undefined ? "" : ` exit=${exit}`;
  return `#${id} ${state}${code}  ${visibleLine(redact(text), limit)}`;
}

function sessionFacts(session: SessionView, redact: Redact): (string | undefined)[] {
  const idle = `idle ${ago(session.idleMs)}`;
  const pruned = session.start > 0 ? `oldest ${session.start} bytes pruned` : undefined;
  // Where a closed session was, and how its commands were framed, is of no use any more; why it is closed is.
  if (session.closedBecause !== undefined)
    return [
      session.target,
      `closed ${ago(session.closedMs)} ago`,
      visibleLine(redact(session.closedBecause), 120),
      pruned,
    ];
  return [
    session.target,
    wayOf(session),
    ...placeFacts(session, redact),
    visibleLine(session.framing, 120),
    session.level > 1 ? `level ${session.level}` : undefined,
    session.sharesWith?.length ? `one connection with ${session.sharesWith.join(", ")}` : undefined,
    `${session.size.cols}x${session.size.rows}`,
    idle,
    pruned,
  ];
}

function placeFacts({ cwd, place }: SessionView, redact: Redact): (string | undefined)[] {
  return [
    cwd === undefined ? undefined : `cwd ${visibleLine(redact(cwd))}`,
    place === undefined ? undefined : `mode ${place.mode}`,
    place?.host === undefined ? undefined : `host ${visibleLine(redact(place.host), 80)}`,
  ];
}

/** What was closed, and what had not ended in it. */
export function closedAllLines(
  { closed, left }: Extract<Result, { kind: "closed_all" }>,
  redact: Redact,
): string[] {
  return [
    ...(closed.length === 0 ? ["No session of yours was open."] : []),
    ...closed.flatMap(({ session, unfinished }) => [
      `${session.name}  closed`,
      ...unfinished.map(({ id, text }) => `  #${id} had not ended  ${visibleLine(redact(text), 80)}`),
    ]),
    ...(left.length === 0 ? [] : [`left open, another caller's: ${left.join(", ")}`]),
  ];
}

/** `40s`, `12m`, `3h`. */
function ago(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
}

function joined(facts: readonly (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined).join(" · ");
}
