import type { Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";

/** Waits for news of a session without typing. @throws SshMcpError. */
export async function readOn(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  session: string,
  cursor: number | undefined,
  wait: WaitOptions,
): Promise<Reply> {
  return access.pass(
    caller,
    { verb: "look" },
    multiplexer.target(session),
    () => multiplexer.read(session, cursor, caller, wait),
    { notes },
  );
}

/** What a session holds, without waiting for anything. @throws SshMcpError `unknown_session`. */
export async function look(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  session: string,
): Promise<SessionView> {
  return access.pass(
    caller,
    { verb: "look" },
    multiplexer.target(session),
    async () => multiplexer.view(session),
    { notes },
  );
}
