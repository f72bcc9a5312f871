import type { SessionView } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";

/** Closes a session. @throws SshMcpError. */
export async function closeSession(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  session: string,
): Promise<SessionView> {
  return access.pass(
    caller,
    { verb: "close" },
    multiplexer.target(session),
    (permit) => multiplexer.disconnect(session, permit),
    { notes },
  );
}
