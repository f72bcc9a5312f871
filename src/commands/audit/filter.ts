import { SshMcpError } from "../../base/errors.ts";
import { matchesWildcards } from "../../base/wildcards.ts";

/** One line of the log: what it says, where it can be read. */
export interface Entry {
  readonly line: string;
  readonly fields: ReadonlyMap<string, unknown> | undefined;
}

/** Which entries are shown; what is left out does not matter. */
export interface Filter {
  /** Name of a host, `*` and `?` stand for others. */
  readonly host?: string;
  readonly session?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  readonly verdict?: VerdictWord;
}

/** What became of an act, as the log says it. */
export const VERDICT_WORDS = ["allowed", "approved", "refused", "failed"] as const;
export type VerdictWord = (typeof VERDICT_WORDS)[number];

/** A line that is no entry passes where nothing is asked for: it is a sign of a broken chain. */
export function passes(fields: ReadonlyMap<string, unknown> | undefined, filter: Filter): boolean {
  const { host, session, since, until, verdict } = filter;
  if (fields === undefined) return Object.keys(filter).length === 0;
  const time = Date.parse(String(fields.get("time")));
  if (since !== undefined && !(time >= since)) return false;
  if (until !== undefined && !(time <= until)) return false;
  if (host !== undefined && !named(host, fields.get("host"))) return false;
  if (session !== undefined && !named(session, fields.get("session"))) return false;
  return verdict === undefined || verdictOf(fields) === verdict;
}

function named(pattern: string, value: unknown): boolean {
  return typeof value === "string" && matchesWildcards(value, pattern);
}

/** Of entries about an act; undefined for its outcome and for what is no act. */
export function verdictOf(fields: ReadonlyMap<string, unknown>): VerdictWord | undefined {
  switch (fields.get("event")) {
    case "action":
      return fields.has("approval") ? "approved" : "allowed";
    case "refused":
      return "refused";
    case "error":
      return "failed";
    case "host_key":
      return fields.get("state") === "refused" ? "refused" : "allowed";
    case "login":
      return fields.get("state") === "failed" ? "failed" : "allowed";
    default:
      return undefined;
  }
}

const AGO_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2026-11-30`, `2026-11-30T12:00`, `2h`, `3d` (ago). @throws SshMcpError `invalid_argument` */
export function timeOf(text: string, option: string, now: number): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : now - Number(count) * (AGO_MS[unit] ?? 0);
  if (Number.isFinite(time) && (count !== undefined || /^\d{4}-\d\d-\d\d/.test(text))) return time;
  throw new SshMcpError(
    "invalid_argument",
    `${option} takes a time, not ${JSON.stringify(text)}`,
    `For example ${option} 2h (ago), 3d, 2026-11-30, 2026-11-30T12:00Z.`,
  );
}
