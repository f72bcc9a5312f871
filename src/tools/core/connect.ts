import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { hopNames } from "../../inventory/names.ts";
import { idleSession, openSession } from "../acts/open.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshConnect = defineTool({
  name: "ssh_connect",
  title: "Open a session",
  description:
    "Opens a shell session on a host and waits until it is ready; without session, your own idle one there is used. It keeps " +
    "directory, environment and programs.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).describe("Name from ssh_hosts; user@host:port where allowed."),
    session: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Name for a new session; default: the host's, then host-2."),
    via: z.string().min(1).optional().describe("Hosts to go through, with commas."),
    new: z.boolean().optional().describe("Always open another."),
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
  }),
  async handler({ timeout_s, new: another = false, via, ...wanted }, context) {
    const order = { ...wanted, ...(via === undefined ? {} : { via: hopsIn(via) }) };
    if (order.session === undefined && !another) {
      const session = await idleSession(context, order);
      if (session !== undefined) return { result: { kind: "present", session, notes: [USED] } };
    }
    const wait = waitOptions({ timeout_s });
    const reply = await openSession(context, order, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes } };
  },
});

/** No hop is no way round the configured one. */
function hopsIn(via: string): string[] {
  const hops = hopNames(via);
  if (hops.length > 0) return hops;
  throw new SshMcpError(
    "invalid_argument",
    `via names no host: "${visibleLine(via, 40)}". Nothing was dialled.`,
    "Name the hosts to go through, the first hop first; without via the configured way is taken.",
  );
}

const USED = "this session was open already, and idle: it is used; new: true opens another";
