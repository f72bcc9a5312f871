import { join } from "node:path";
import { type AuditLog, openAuditLog } from "../audit/log.ts";
import { messageOf } from "../base/errors.ts";
import { stateFolder } from "../base/state-folder.ts";
import type { DirectorySettings } from "../inventory/host.ts";
import type { Place } from "./surroundings.ts";

type Settings = Pick<DirectorySettings, "auditLog" | "auditDurability">;

/** The file of the audit log; undefined: the operator wants none. */
export function auditPath({ auditLog }: Settings, place: Pick<Place, "env" | "home">): string | undefined {
  if (auditLog === "off") return undefined;
  return auditLog ?? join(stateFolder(place), "audit.jsonl");
}

/**
 * Opens the log. Where nobody named one and none can be kept (a container without a volume), that is said on stderr, and the
 * program works without. @throws SshMcpError `audit_failed` for a log that the operator named.
 */
export function openAudit(
  settings: Settings,
  place: Pick<Place, "env" | "home">,
  { wallTime, redact }: { readonly wallTime: () => number; readonly redact: (text: string) => string },
): AuditLog | undefined {
  const path = auditPath(settings, place);
  if (path === undefined) return undefined;
  try {
    return openAuditLog(path, wallTime, redact, settings.auditDurability);
  } catch (error) {
    if (settings.auditLog !== undefined) throw error;
    process.stderr.write(
      `ssh-mcp: nothing is recorded: ${messageOf(error)} settings.audit_log in hosts.yaml names another file, or is off.\n`,
    );
    return undefined;
  }
}
