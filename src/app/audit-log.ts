import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openLater } from "../audit/later.ts";
import { type AuditLog, openAuditLog } from "../audit/log.ts";
import { fileTrouble, messageOf } from "../base/errors.ts";
import { stateFolder } from "../base/state-folder.ts";
import type { DirectorySettings } from "../inventory/host.ts";
import { expandHome } from "../inventory/locate.ts";
import type { Place } from "./surroundings.ts";

type Settings = Pick<DirectorySettings, "auditLog" | "auditDurability" | "auditRotation">;

/** A file goes into a new one before it is too large to look at; what was rotated away is kept until the operator says. */
const DEFAULT_ROTATION = { size: 64 * 1024 * 1024 };

/** The file of the audit log: MCP_AUDIT_LOG counts before the inventory. Undefined: the operator wants none. */
export function auditPath({ auditLog }: Settings, place: Pick<Place, "env" | "home">): string | undefined {
  const { MCP_AUDIT_LOG: given = "" } = place.env;
  const named = given === "" ? auditLog : given === "off" ? given : resolve(expandHome(given, place.home));
  if (named === "off") return undefined;
  return named ?? join(stateFolder(place), "audit.jsonl");
}

/**
 * Opens the log; undefined: the operator wants none. One that cannot be opened (a container without a volume) is said on
 * stderr, and refuses whatever changes state until it can.
 */
export function openAudit(
  settings: Settings,
  place: Pick<Place, "env" | "home">,
  { wallTime, redact }: { readonly wallTime: () => number; readonly redact: (text: string) => string },
): AuditLog | undefined {
  const path = auditPath(settings, place);
  if (path === undefined) return undefined;
  const { auditDurability: durability, auditRotation } = settings;
  const rotation = { ...DEFAULT_ROTATION, ...auditRotation };
  const open = () => openAuditLog(path, wallTime, redact, { durability, rotation });
  try {
    return open();
  } catch (error) {
    process.stderr.write(`ssh-mcp: ${messageOf(error)} ${HOW}\n`);
    return openLater(path, open);
  }
}

const HOW =
  "settings.audit_log in hosts.yaml names another file, or is off; a container needs a writable volume for its state folder.";

/** Why no line could be written, as a sentence; none is, and no file is created. Undefined: one could, or none is wanted. */
export function auditTrouble(settings: Settings, place: Pick<Place, "env" | "home">): string | undefined {
  const path = auditPath(settings, place);
  if (path === undefined) return undefined;
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    if (there === path || statSync(there).isDirectory()) return undefined;
    return unwritable(path, "a part of its path is no folder");
  } catch (error) {
    return unwritable(path, fileTrouble(error, "write"));
  }
}

function unwritable(path: string, why: string): string {
  return `the audit log ${path} cannot be written (${why}), so nothing that changes state will be done. ${HOW}`;
}
