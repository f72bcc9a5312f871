import { SshMcpError } from "../../base/errors.ts";

/** The session a relative path is taken from. */
interface Where {
  readonly name: string;
  readonly cwd: string | undefined;
  /** 1: its login shell; more: a shell within, which may be another user's, or on another host. */
  readonly level: number;
}

/**
 * A caller's path as the server is asked for it: `~/x` from the login's directory, a relative one from the session's, or
 * from the login's where no session is named. Nothing else is expanded. @throws SshMcpError `invalid_argument`, `not_ready`.
 */
export function pathOn(given: string, session: Where | undefined): string {
  if (given === "") throw new SshMcpError("invalid_argument", "the path is empty");
  if (given.includes("\0"))
    throw new SshMcpError("invalid_argument", "the path holds a NUL character, which no file's name has");
  if (given === "~" || given === "~/") return ".";
  if (given.startsWith("~/")) return given.slice(2).replace(/^\/+/, "") || ".";
  if (given.startsWith("/") || session === undefined) return given;
  const { name, cwd, level } = session;
  if (level > 1)
    throw new SshMcpError(
      "not_ready",
      `session ${name} is in a shell within its login shell (level ${level}), which may be another user's or on another host: a relative path means nothing sure`,
      "Give an absolute path: it is the login user's, on the session's own host.",
    );
  if (cwd === undefined)
    throw new SshMcpError(
      "not_ready",
      `the directory of session ${name} is not known, so a relative path means nothing sure`,
      "Give an absolute path.",
    );
  return cwd.endsWith("/") ? `${cwd}${given}` : `${cwd}/${given}`;
}
