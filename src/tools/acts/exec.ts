import type { ExecRecord, WaitOptions } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";

/** Runs one command on a channel of its own, without a session. @throws SshMcpError. */
export async function execOn(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  { host, command }: { readonly host: string; readonly command: string },
  wait: WaitOptions,
): Promise<ExecRecord> {
  const plan = await multiplexer.planExec(host);
  return access.pass(
    caller,
    { verb: "exec", command },
    { host: plan.facts },
    (permit) => multiplexer.exec(plan, command, permit, caller, wait),
    { notes },
  );
}

/** An ended one, to be read. @throws SshMcpError `unknown_command`. */
export async function lookAtExec(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  id: number,
): Promise<ExecRecord> {
  return access.pass(caller, { verb: "look" }, undefined, async () => multiplexer.execRecord(id), { notes });
}
