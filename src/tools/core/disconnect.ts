import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import type { CommandRecord, SessionView } from "../../multiplexer/types.ts";
import type { Answer } from "../../results/result.ts";
import { closeSession } from "../acts/close.ts";
import type { ToolContext } from "../acts/context.ts";
import { cancelExec, cancelFleet } from "../acts/exec.ts";
import { defineTool } from "../tool.ts";

export const sshDisconnect = defineTool({
  name: "ssh_disconnect",
  title: "Close a session",
  description: "Closes a session and everything running in it (a hang-up). Its output stays readable.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    session: z.string().min(1).optional().describe("Session name."),
    exec: z.number().int().min(1).optional().describe("Instead: end the ssh_exec of this #."),
    forget: z.boolean().optional().describe("Not saved, either."),
    all: z.boolean().optional().describe("Instead: close all that you opened."),
  }),
  async handler({ session, exec, all = false, forget = false }, context) {
    if ([session !== undefined, exec !== undefined, all].filter((given) => given).length !== 1)
      throw new SshMcpError(
        "invalid_argument",
        'ssh_disconnect: give either "session", "exec" or "all: true".',
        "ssh_sessions lists the sessions.",
      );
    const fleet = exec === undefined ? undefined : context.multiplexer.execs.findFleet(exec);
    if (fleet !== undefined) return { result: { kind: "fleet", fleet: await cancelFleet(context, fleet) } };
    if (exec !== undefined) return { result: { kind: "exec", record: await cancelExec(context, exec) } };
    if (session === undefined) return closeAll(context);
    const { multiplexer } = context;
    if (forget && multiplexer.find(session) === undefined && (await forgotten(context, session)))
      return {
        result: { kind: "closed_all", closed: [], left: [] },
        notes: [`${session} is not saved any more`],
      };
    const running = unfinished(multiplexer.view(session));
    const view = await closeSession(context, session);
    const notes = forget && (await forgotten(context, session)) ? ["it is not saved any more"] : [];
    return { result: { kind: "closed", session: view, unfinished: running.map(({ id }) => id) }, notes };
  },
});

async function forgotten({ access, caller, multiplexer }: ToolContext, session: string): Promise<boolean> {
  return access.pass(
    caller,
    { verb: "close" },
    undefined,
    async (permit) => multiplexer.past?.forget(session, permit) ?? false,
  );
}

/** Closes the caller's own sessions; those of others stay, and are named. */
async function closeAll(context: ToolContext): Promise<Answer> {
  const { multiplexer, caller } = context;
  const open = multiplexer.sessions().filter(({ state }) => state !== "closed");
  const own = open.filter(({ openedBy }) => openedBy === caller.id);
  const closed = await Promise.all(
    own.map(async (view) => {
      const running = unfinished(view);
      return { session: await closeSession(context, view.name), unfinished: running };
    }),
  );
  const left = open.filter((view) => !own.includes(view)).map(({ name }) => name);
  return { result: { kind: "closed_all", closed, left } };
}

function unfinished(view: SessionView): CommandRecord[] {
  return view.commands().filter(({ to }) => to === undefined);
}
