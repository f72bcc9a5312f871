import { z } from "zod";
import { idleSession, openSession } from "../acts/open.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshConnect = defineTool({
  name: "ssh_connect",
  title: "Open a session",
  description:
    "Opens a shell session on a host and waits until it is ready; without session, your own idle one there is used. It keeps " +
    "directory, environment and running programs until ssh_disconnect, the idle timeout or a lost link.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).describe("Name from ssh_hosts or ~/.ssh/config; user@host:port where allowed."),
    session: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Name for a new session; default: the host's name, then host-2, host-3."),
    new: z.boolean().optional().describe("Open another one in any case."),
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
  }),
  async handler({ timeout_s, new: another = false, ...order }, context) {
    if (order.session === undefined && !another) {
      const session = await idleSession(context, order);
      if (session !== undefined) return { result: { kind: "present", session, notes: [USED] } };
    }
    const wait = waitOptions({ timeout_s });
    const reply = await openSession(context, order, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes } };
  },
});

const USED = "this session was open already, and idle: it is used; new: true opens another";
