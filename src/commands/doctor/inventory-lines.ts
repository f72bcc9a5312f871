import type { LegacyAlgorithms, ResolvedHost } from "../../inventory/host.ts";
import { type AlgorithmKind, KINDS, legacyLine, shortfall } from "../../ssh/protocol/algorithms.ts";
import type { InventoryLines } from "./finding.ts";
import type { Trail } from "./timeline.ts";

/** The lines that let this hop's connection through, as far as lines can; undefined: none would help. */
export function linesForHop(trail: Trail): InventoryLines | undefined {
  const { host } = trail;
  const weaker = algorithmLines(trail);
  const lines = [...weaker, ...loginLines(trail)];
  if (lines.length === 0) return undefined;
  const purpose = weaker.length > 0 ? "make it work if its SSH server cannot be updated" : "make it work";
  return { host: host.name, lines, purpose };
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

function loginLines(trail: Trail): string[] {
  const accepts = trail.all("accepts").at(-1)?.methods;
  if (accepts === undefined || trail.first("logged_in") !== undefined) return [];
  const methods = trail.host.auth.map(({ method }) => method);
  const takesPassword = accepts.includes("password") || accepts.includes("keyboard-interactive");
  if (takesPassword && !methods.includes("password")) return [passwordLine(trail.host)];
  if (accepts.includes("publickey") && !methods.includes("key") && !methods.includes("agent"))
    return ["auth: {method: key, key_path: ~/.ssh/id_ed25519}"];
  return [];
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
