import type { ExecRecord, ExecWait } from "../../multiplexer/types.ts";
import { type ExecSetting, execLine } from "../../remote/exec-line.ts";
import type { ToolContext } from "./context.ts";

/** What a caller wants to have run. */
export interface ExecWanted extends ExecSetting {
  readonly command: string;
  readonly stdin?: string | undefined;
  readonly pty?: boolean | undefined;
}

/** Runs one command on a channel of its own, without a session. @throws SshMcpError. */
export async function execOn(
  { multiplexer: { execs }, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  host: string,
  { command, cwd, env, stdin, pty }: ExecWanted,
  wait: ExecWait,
): Promise<ExecRecord> {
  const sent = execLine(command, { cwd, env });
  const plan = await execs.plan(host);
  const setting = {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(pty === undefined ? {} : { pty }),
  };
  return access.pass(
    caller,
    { verb: "exec", command, line: sent.line, ...setting },
    { host: plan.facts },
    (permit) => execs.run(plan, { command, ...sent, stdin, pty }, permit, caller, wait),
    { notes },
  );
}

/** One that runs or has ended, to be read; `waitMs`: for its end. @throws SshMcpError `unknown_command`. */
export async function lookAtExec(
  { multiplexer: { execs }, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  id: number,
  waitMs?: number,
): Promise<ExecRecord> {
  const act = async () => (waitMs === undefined ? execs.known(id) : execs.wait(id, caller, waitMs));
  return access.pass(caller, { verb: "look" }, undefined, act, { notes });
}

/** Ends one that runs. @throws SshMcpError `unknown_command`. */
export async function cancelExec(
  { multiplexer: { execs }, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  id: number,
): Promise<ExecRecord> {
  return access.pass(caller, { verb: "close" }, undefined, (permit) => execs.cancel(id, permit), { notes });
}
