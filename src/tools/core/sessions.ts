import { z } from "zod";
import { defineTool } from "../tool.ts";

export const sshSessions = defineTool({
  name: "ssh_sessions",
  title: "List sessions",
  description:
    "Lists the sessions: host, state, directory, how commands are framed, idle time, last commands.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({}),
  async handler(_params, { multiplexer, access, caller }) {
    const sessions = await access.pass(caller, { verb: "look" }, undefined, async () =>
      multiplexer.sessions(),
    );
    return { result: { kind: "sessions", sessions } };
  },
});
