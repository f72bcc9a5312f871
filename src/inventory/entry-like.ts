/** Keys by which an entry of a host is known, those of other tools among them. */
export const ENTRY_KEYS = [
  "host",
  "hostname",
  "ip",
  "user",
  "username",
  "port",
  "platform",
  "auth",
  "jump",
  "groups",
  "device_type",
];

/** Does this read like the entry of a host? */
export function isEntry(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).some((key) => ENTRY_KEYS.includes(key) || key === "name")
  );
}
