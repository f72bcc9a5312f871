import { fileTrouble, SshMcpError } from "../base/errors.ts";

/** Why nothing is recorded and so nothing is changed, and what the operator can do. `lasting`: not before a restart. */
export function auditFailure(path: string, cause: unknown, lasting: boolean): SshMcpError {
  const then = lasting ? "then restart the server" : "then give the call again: no restart is needed";
  return new SshMcpError(
    "audit_failed",
    `the audit log ${path} cannot be written (${fileTrouble(cause, "write")}), so nothing that changes state is done. Reading, interrupting and closing go on.`,
    `The operator has to make the file writable, or name another one (settings.audit_log in hosts.yaml), or say that none is kept (audit_log: off); ${then}.`,
    { cause },
  );
}
