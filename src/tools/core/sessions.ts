import { z } from "zod";
import type { SessionView } from "../../multiplexer/types.ts";
import { armedElsewhere } from "../acts/change/armed.ts";
import { look } from "../acts/read.ts";
import { defineTool } from "../tool.ts";

export const sshSessions = defineTool({
  name: "ssh_sessions",
  title: "List sessions",
  description: "Lists the sessions, a line each; with session all about that one.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({
    session: z.string().min(1).optional().describe("Session name."),
    closed: z.boolean().optional().describe("Also those closed long ago."),
  }),
  async handler({ session, closed = false }, context) {
    const { multiplexer, access, caller, who } = context;
    const owner = ({ openedBy }: SessionView) =>
      openedBy === undefined || openedBy === caller.id ? undefined : who?.(openedBy);
    if (session !== undefined)
      return { result: { kind: "sessions", sessions: [await look(context, session)], detail: true, owner } };
    const sessions = await access.pass(caller, { verb: "look" }, undefined, async () =>
      multiplexer.sessions(),
    );
    const armed = await armedElsewhere(context);
    const before = { armed, saved: multiplexer.past?.saved() ?? [], lost: multiplexer.past?.lost() ?? [] };
    return {
      result: { kind: "sessions", sessions, closed, execs: multiplexer.execs.running(), owner, ...before },
    };
  },
});
