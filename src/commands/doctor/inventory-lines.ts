import { SshMcpError } from "../../base/errors.ts";
import type { AuthMethod, LegacyAlgorithms, ResolvedHost } from "../../inventory/host.ts";
import { parseTarget } from "../../inventory/names.ts";
import { type AlgorithmKind, KINDS, legacyLine, shortfall } from "../../ssh/protocol/algorithms.ts";
import type { InventoryLines } from "./finding.ts";
import type { Trail } from "./timeline.ts";

/**
 * The lines that mend what ended the way at this hop, as far as lines can; undefined: none would. Where the cause is
 * another than missing lines (an unset variable, a refused password), there are none.
 */
export function linesForHop(trail: Trail, error: SshMcpError): InventoryLines | undefined {
  const { host } = trail;
  // A hop that no entry describes has none to write lines into.
  if (host.source === "adhoc") return undefined;
  const weaker = algorithmLines(trail);
  const lines = weaker.length > 0 ? weaker : loginLines(trail, error);
  if (lines.length === 0) return undefined;
  const purpose = weaker.length > 0 ? "make it work if its SSH server cannot be updated" : "make it work";
  return { host: parseTarget(host.name)?.host ?? host.name, lines, purpose };
}

function algorithmLines(trail: Trail): string[] {
  const { legacy } = trail.host;
  const offer = trail.first("offer")?.offer;
  const missing = offer && shortfall(offer, legacy);
  const weakKey = trail.first("host_key")?.verdict === "weak";
  if (legacy === "all" || missing?.hopeless === true) return [];
  const needed: Partial<Record<AlgorithmKind, readonly string[]>> = {
    ...missing?.needed,
    ...(weakKey ? { hostKey: ["ssh-rsa"] } : {}),
  };
  if (Object.keys(needed).length === 0) return [];
  return [legacyLine(together(legacy ?? {}, needed))];
}

/** What is allowed already stays, or the new line would take it away. */
function together(now: LegacyAlgorithms, more: LegacyAlgorithms): LegacyAlgorithms {
  const both: Partial<Record<AlgorithmKind, readonly string[]>> = {};
  for (const kind of KINDS) both[kind] = [...new Set([...(now[kind] ?? []), ...(more[kind] ?? [])])];
  return both;
}

/** Only where nothing that the entry names could even be tried: what was tried and refused is wrong in itself. */
function loginLines(trail: Trail, error: SshMcpError): string[] {
  if (error.code !== "auth_failed" || isAboutSecret(error)) return [];
  const accepts = trail.all("accepts").at(-1)?.methods;
  const tried = trail.all("trying").some(({ method }) => method !== "none");
  if (accepts === undefined || tried) return [];
  // A key that the entry names and that could not be offered is the cause; the error says what is wrong with it.
  const named = trail.host.auth.some((method) => method.method === "key" && method.optional !== true);
  if (named && accepts.includes("publickey")) return [];
  const has = (...wanted: AuthMethod["method"][]) =>
    trail.host.auth.some(({ method }) => wanted.includes(method));
  const takesPassword = accepts.includes("password") || accepts.includes("keyboard-interactive");
  if (takesPassword && !has("password")) return [passwordLine(trail.host)];
  if (accepts.includes("publickey") && !has("key", "agent"))
    return ["auth: {method: key, key_path: ~/.ssh/id_ed25519}"];
  return [];
}

/** A secret that could not be read is the cause, or a part of it. */
function isAboutSecret(error: SshMcpError): boolean {
  const { cause } = error;
  return (
    error.code === "secret_unavailable" ||
    (cause instanceof SshMcpError && cause.code === "secret_unavailable")
  );
}

function passwordLine({ name }: ResolvedHost): string {
  const variable = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return `auth: {method: password, password_env: ${/^[0-9]/.test(variable) ? "HOST_" : ""}${variable}_PASSWORD}`;
}

/** The pattern of a prompt that nothing recognised, as a line of the inventory. */
export function promptLine(row: string): string {
  const pattern = `^${row.trim().replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
  return `prompt_regex: '${pattern.replaceAll("'", "''")}'`;
}
