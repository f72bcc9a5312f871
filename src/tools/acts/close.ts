import type { SessionView } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";

/** What is said of a session that was opened for one call. */
export const BY_ITS_CALL = "closed by the call that opened it";

/** Closes a session; `why`: what is said of it where no caller asked for it, and it is not saved then. @throws SshMcpError. */
export async function closeSession(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  session: string,
  why?: string,
): Promise<SessionView> {
  return access.pass(
    caller,
    { verb: "close" },
    multiplexer.target(session),
    async (permit) => {
      const view = await multiplexer.disconnect(session, permit, why);
      if (why !== undefined) multiplexer.past?.forget(session, permit);
      return view;
    },
    { notes },
  );
}
