import { auditFailure } from "./failure.ts";
import type { AuditLog } from "./log.ts";

/**
 * A log that could not be opened: each entry tries anew, and until one succeeds none is recorded, so that nothing that
 * changes state is done. @throws in `record` what `open` throws.
 */
export function openLater(path: string, open: () => AuditLog): AuditLog {
  let opened: AuditLog | undefined;
  let closed = false;
  let missed = 0;
  return {
    record(event) {
      if (closed) throw auditFailure(path, new Error("the log is closed"), true);
      if (opened === undefined) {
        missed++;
        opened = open();
        if (--missed > 0) opened.record({ event: "missed", entries: missed });
      }
      opened.record(event);
    },
    get last() {
      return opened?.last;
    },
    close() {
      closed = true;
      opened?.close();
    },
  };
}
