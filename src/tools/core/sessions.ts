import { z } from "zod";
import { look } from "../acts/read.ts";
import { defineTool } from "../tool.ts";

export const sshSessions = defineTool({
  name: "ssh_sessions",
  title: "List sessions",
  description: "Lists the sessions in a line each; with session everything about that one.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({
    session: z.string().min(1).optional().describe("Session name."),
    closed: z.boolean().optional().describe("Also those closed over 10 minutes ago."),
  }),
  async handler({ session, closed = false }, context) {
    const { multiplexer, access, caller } = context;
    if (session !== undefined)
      return { result: { kind: "sessions", sessions: [await look(context, session)], detail: true } };
    const sessions = await access.pass(caller, { verb: "look" }, undefined, async () =>
      multiplexer.sessions(),
    );
    return { result: { kind: "sessions", sessions, closed, execs: multiplexer.execs.running() } };
  },
});
