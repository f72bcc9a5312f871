import { z } from "zod";
import { closeSession } from "../acts/close.ts";
import { parameters } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshDisconnect = defineTool({
  name: "ssh_disconnect",
  title: "Close a session",
  description:
    "Closes a session and everything running in it (as a hang-up does). Its output stays readable with ssh_read.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({ session: parameters.openSession }),
  async handler({ session }, context) {
    const running = context.multiplexer
      .view(session)
      .commands()
      .filter((command) => command.to === undefined);
    const view = await closeSession(context, session);
    return { result: { kind: "closed", session: view, unfinished: running.map(({ id }) => id) } };
  },
});
