import type { ResolvedHost } from "../../inventory/host.ts";
import { MIN_CHARS } from "../../secrets/redactor.ts";
import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import { type Finding, finding } from "./finding.ts";

/**
 * A warning where a secret is too short to be taken out of what a device prints. Commands are not run for this: they may
 * ask for a touch or a PIN. A secret that cannot be read is the login's affair.
 */
export async function shortSecrets(host: ResolvedHost, read: ReadSecret): Promise<Finding[]> {
  const short: string[] = [];
  for (const [what, ref] of refsOf(host)) {
    if (ref.from === "command") continue;
    const value = await read(ref).then(
      (secret) => secret.reveal(),
      () => undefined,
    );
    if (value !== undefined && value.length < MIN_CHARS) short.push(what);
  }
  if (short.length === 0) return [];
  const text = `${short.join(" and ")} ${short.length === 1 ? "has" : "have"} fewer than ${MIN_CHARS} characters`;
  const details = [
    "its echo is masked where it is typed, but not where the device prints it elsewhere: ordinary words contain it, too",
    "use a longer one",
  ];
  return [finding("warn", "secrets", text, { details })];
}

function refsOf({ auth, enable, sudo, secrets = {} }: ResolvedHost): [string, SecretRef][] {
  const login = auth.flatMap((method) =>
    method.method === "password" && method.secret !== undefined ? [method.secret] : [],
  );
  return [
    ...login.map((ref): [string, SecretRef] => ["the password", ref]),
    ...(enable === undefined ? [] : [["the enable secret", enable] satisfies [string, SecretRef]]),
    ...(sudo === undefined ? [] : [["the password for sudo", sudo] satisfies [string, SecretRef]]),
    ...Object.entries(secrets).map(([name, { ref }]): [string, SecretRef] => [`the secret ${name}`, ref]),
  ];
}
