import type { Multiplexer } from "../multiplexer/types.ts";
import type { Result } from "../results/result.ts";
import type { Redact } from "../secrets/redactor.ts";

/** The masking of what a host shows by itself; undefined: its operator wants none. */
export type MaskingOf = (host: string) => Promise<Redact | undefined>;

type Sessions = Pick<Multiplexer, "find" | "sessions">;

/** `known` and, where one of these hosts is masked, its masking behind it. */
export async function redactFor(
  hosts: Iterable<string>,
  known: Redact | undefined,
  maskingOf: MaskingOf | undefined,
): Promise<Redact | undefined> {
  for (const host of new Set(hosts)) {
    const mask = await maskingOf?.(host);
    if (mask !== undefined)
      return (text, around) => mask(known === undefined ? text : known(text, around), around);
  }
  return known;
}

/** The hosts that a call names; where it names none, those of all sessions. */
export function hostsOfCall(args: unknown, sessions: Sessions): ReadonlySet<string> {
  const given = new Map(typeof args === "object" && args !== null ? Object.entries(args) : []);
  const names = ["host", "hosts", "to_host", "session"].flatMap((key) => {
    const named = [given.get(key)].flat().filter((one) => typeof one === "string");
    return named.flatMap((name) => [name, ...hostOf(sessions, name)]);
  });
  return new Set(names.length > 0 ? names : sessions.sessions().map((session) => session.hostFacts.name));
}

/** The hosts that a result is of. */
export function hostsOfResult(result: Result, sessions: Sessions): readonly string[] {
  switch (result.kind) {
    case "wait":
      return [result.reply.session.hostFacts.name];
    case "screen":
    case "search":
    case "closed":
    case "present":
      return [result.session.hostFacts.name];
    case "output":
      return hostOf(sessions, result.selection.session);
    case "exec":
      return [result.record.host];
    case "exec_output":
      return [result.selection.record.host];
    case "fleet":
      return result.fleet.members.map(({ host }) => host);
    case "file":
    case "recipe":
      return [result.report.host];
    case "sessions":
      return [
        ...result.sessions.map((session) => session.hostFacts.name),
        ...(result.execs ?? []).map(({ host }) => host),
      ];
    case "closed_all":
      return result.closed.map(({ session }) => session.hostFacts.name);
    default:
      return [];
  }
}

function hostOf(sessions: Sessions, session: string): string[] {
  const found = sessions.find(session);
  return found === undefined ? [] : [found.hostFacts.name];
}
