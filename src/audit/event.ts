/** One entry; undefined values are left out. Never holds output, never holds a secret. */
export type AuditEvent = Readonly<Record<string, string | number | boolean | undefined>>;

/** The entry with secrets taken out of every text that somebody else had a say in. */
export function redacted(event: AuditEvent, redact: (text: string) => string): AuditEvent {
  const masked = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === "string" && !NAMES.has(name) ? redact(value) : value,
  ]);
  return Object.fromEntries(masked);
}

/** Fields that hold our own words and names, by which an entry is found; a password may be as poor as one of them. */
const NAMES: ReadonlySet<string> = new Set([
  "event",
  "tool",
  "verb",
  "session",
  "host",
  "caller",
  "kind",
  "state",
  "evidence",
  "mode",
  "errors",
  "warnings",
  "code",
  "verdict",
  "hash",
  "fingerprint",
]);
