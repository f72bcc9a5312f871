import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { hopNames } from "../../inventory/names.ts";
import type { Multiplexer } from "../../multiplexer/types.ts";
import type { ToolContext } from "../acts/context.ts";
import { idleSession, type OpenOrder, openSession } from "../acts/open.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshConnect = defineTool({
  name: "ssh_connect",
  title: "Open a session",
  description:
    "Opens a shell session on a host and waits until it is ready; without session, your idle one there is used. It keeps " +
    "directory, environment, programs.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).optional().describe("Name from ssh_hosts; user@host:port where allowed."),
    session: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Its name; default: the host's, then host-2. Saved: no host."),
    via: z.string().min(1).optional().describe("Hosts to go through, with commas."),
    new: z.boolean().optional().describe("Always open another."),
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
  }),
  async handler({ timeout_s, new: another = false, via, ...wanted }, context) {
    const order = orderOf(context, { ...wanted, ...(via === undefined ? {} : { via: hopsIn(via) }) });
    if (order.session === undefined && !another) {
      const session = await idleSession(context, order);
      if (session !== undefined) return { result: { kind: "present", session, notes: [USED] } };
    }
    const wait = waitOptions({ timeout_s });
    const reply = await openSession(context, order, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes } };
  },
});

type Wanted = { readonly [Key in keyof OpenOrder]?: OpenOrder[Key] | undefined };

/** What is left out of a saved session is as it was; a host always has to be known. */
function orderOf({ multiplexer }: ToolContext, wanted: Wanted): OpenOrder {
  const { host, session } = wanted;
  if (host !== undefined) return { ...wanted, host };
  const before = session === undefined ? undefined : remembered(multiplexer, session);
  if (before !== undefined) return { ...before, ...given(wanted), host: before.host };
  throw new SshMcpError(
    "invalid_argument",
    session === undefined
      ? "ssh_connect: host is missing. Nothing was dialled."
      : `ssh_connect: host is missing, and no session "${visibleLine(session, 64)}" is saved. Nothing was dialled.`,
    "ssh_hosts lists the hosts, ssh_sessions the saved sessions.",
  );
}

function remembered(multiplexer: Multiplexer, session: string): OpenOrder | undefined {
  const known = multiplexer.find(session);
  if (known !== undefined) return { host: known.host, ...known.size };
  const { host, via, cols, rows } = multiplexer.past?.saved().find(({ name }) => name === session) ?? {};
  return host === undefined ? undefined : { host, via, cols, rows };
}

function given(wanted: Wanted): Wanted {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

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
