import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";

const SESSION_NAME = /^[A-Za-z0-9][\w.@:-]{0,63}$/;

/** @throws SshMcpError `invalid_argument` for what cannot be a session's name. */
export function checkName(name: string): void {
  if (SESSION_NAME.test(name)) return;
  throw new SshMcpError(
    "invalid_argument",
    `"${visibleLine(name, 70)}" cannot be a session name`,
    "Use letters, digits, dot, dash and underscore, at most 64.",
  );
}

/** `web1`, then `web1-2`, `web1-3` …: the first that is free. */
export function freeName(host: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? host : `${host}-${number}`;
    if (isFree(name)) return name;
  }
}

export function unknownSession(name: string, known: Iterable<string>): SshMcpError {
  const names = nearest(name, known);
  const there = names.length > 0 ? `; there are: ${names.slice(0, 20).join(", ")}` : "; none is open";
  return new SshMcpError(
    "unknown_session",
    `there is no session "${visibleLine(name, 70)}"${there}`,
    "ssh_connect opens one, ssh_hosts lists the hosts.",
  );
}

export function nameTaken(message: string, next = "Choose another session name."): SshMcpError {
  return new SshMcpError("name_taken", message, next);
}
