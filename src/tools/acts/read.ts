import { SshMcpError } from "../../base/errors.ts";
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

/** The session that is meant where none is named. @throws SshMcpError `invalid_argument` unless exactly one is open. */
export function onlySession({ multiplexer }: Pick<ToolContext, "multiplexer">): string {
  const open = multiplexer.sessions().filter(({ state }) => state !== "closed");
  const [only] = open;
  if (only !== undefined && open.length === 1) return only.name;
  const names = open.map(({ name }) => name).join(", ");
  throw new SshMcpError(
    "invalid_argument",
    `"session" may be left out only while exactly one is open; ${only === undefined ? "none is" : `open are: ${names}`}.`,
    only === undefined ? "ssh_sessions lists closed ones, which can be read by name." : "Name one of them.",
  );
}
