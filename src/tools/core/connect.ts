import { z } from "zod";
import { openSession } from "../acts/open.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshConnect = defineTool({
  name: "ssh_connect",
  title: "Open a session",
  description:
    "Opens a shell session on a host and waits until it is ready. The session keeps its directory, environment and " +
    "running programs between calls until ssh_disconnect, the host's idle timeout or a lost link. A host may have " +
    "several sessions. Connecting again under the name of a closed session opens a new shell and says so.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).describe("Name from ssh_hosts or ~/.ssh/config; user@host:port where allowed."),
    session: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Name for the session; default: the host's name, then host-2, host-3."),
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
  }),
  async handler({ timeout_s, ...order }, context) {
    const wait = waitOptions({ timeout_s });
    const reply = await openSession(context, order, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes } };
  },
});
