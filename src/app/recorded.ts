import type { AuditEvent, AuditLog } from "../audit/log.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import type { Reloaded } from "../inventory/host.ts";
import { formatTarget } from "../inventory/names.ts";
import type { Trace } from "../ssh/trace.ts";

/** What happens beside the acts of callers and is in the log all the same; the acts behind it are refused where it cannot be. */
export function recordedBy(log: Pick<AuditLog, "record">) {
  const record = (event: AuditEvent) => {
    try {
      log.record(event);
    } catch {
      // Of something that has happened: the next act is refused for it.
    }
  };
  const trace: Trace = (host, step) => {
    const subject = { host: host.name, address: formatTarget(host) };
    switch (step.step) {
      case "host_key": {
        const { type, fingerprint, where, verdict, approval } = step;
        const isNew = verdict === "unknown" && (host.hostKey.mode === "accept-new" || approval !== undefined);
        const state = isNew || verdict === "known" || verdict === "pinned" ? "accepted" : "refused";
        const key = `${type} ${fingerprint}`;
        record({ event: "host_key", ...subject, verdict, state, key, where, approval });
        return;
      }
      case "logged_in":
        record({ event: "login", ...subject, state: "done", method: step.method });
        return;
      case "failed":
        record({ event: "login", ...subject, state: "failed", ...faultOf(step.error) });
        return;
    }
  };
  const reloaded = ({ path, error }: Reloaded): void =>
    record({
      event: "inventory",
      path,
      ...(error === undefined ? { state: "loaded" } : { state: "refused", ...faultOf(error) }),
    });
  return { trace, reloaded };
}

function faultOf(error: unknown): AuditEvent {
  return { code: error instanceof SshMcpError ? error.code : "internal", message: messageOf(error) };
}
