import { z } from "zod";
import { finish } from "../../results/reply.ts";
import { statusLine } from "../../results/status-line.ts";
import { parameters } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshDisconnect = defineTool({
  name: "ssh_disconnect",
  title: "Close a session",
  description:
    "Closes a session and everything running in it (as a hang-up does). Its output stays readable with ssh_read.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({ session: parameters.openSession }),
  async handler({ session }, { multiplexer, gate }) {
    const running = multiplexer
      .view(session)
      .commands()
      .filter((command) => command.to === undefined);
    const view = await gate.pass({ tool: "ssh_disconnect", session, changes: true }, () =>
      multiplexer.disconnect(session),
    );
    const last = view.commands().at(-1);
    const notes = running.map(
      (command) => `command #${command.id} had not ended when the session was closed`,
    );
    return finish([], notes, statusLine([view.name, `#${last?.id ?? 0}`, "closed", "disconnect"], notes));
  },
});
