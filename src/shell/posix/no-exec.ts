import { SshMcpError } from "../../base/errors.ts";

/** Told of the command behind which a shell runs nothing any more. */
export const RUNS_NOTHING =
  "`set -n`: this shell reads commands from here on and runs none of them, `set +n` neither. ssh_send keys <C-d> ends it; where it ignores that, ssh_disconnect closes the session, and the next command opens a new shell";

/** Why no command is typed into such a shell. */
export function runsNothing(): SshMcpError {
  return new SshMcpError(
    "not_ready",
    "`set -n` is on in this shell: it reads commands and runs none of them. Your command was NOT run",
    "ssh_send keys <C-d> ends the shell; where it ignores that, ssh_disconnect closes the session. A command given then opens a new shell.",
  );
}
