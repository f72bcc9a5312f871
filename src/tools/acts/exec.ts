import type { ExecRecord, ExecWait, FleetRecord } from "../../multiplexer/types.ts";
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

/** A fleet of that number; undefined: it is none. `waitMs`: for its end. */
export async function lookAtFleet(
  { multiplexer: { execs }, access, caller, notes = [], doing }: Omit<ToolContext, "clock">,
  id: number,
  waitMs?: number,
): Promise<FleetRecord | undefined> {
  const fleet = execs.findFleet(id);
  if (fleet === undefined) return undefined;
  if (doing !== undefined) doing.says = () => progressOf(fleet);
  const act = async () => (waitMs === undefined ? fleet : execs.waitFleet(fleet, caller, waitMs));
  return access.pass(caller, { verb: "look" }, undefined, act, { notes });
}

/** How far a fleet is, in words. */
export function progressOf({ members }: FleetRecord): string {
  const over = members.filter(({ state }) => state === "ended" || state === "failed").length;
  return `${over} of ${members.length} hosts`;
}

/** Ends all that runs of a fleet. */
export async function cancelFleet(
  { multiplexer: { execs }, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  fleet: FleetRecord,
): Promise<FleetRecord> {
  return access.pass(caller, { verb: "close" }, undefined, (permit) => execs.cancelFleet(fleet, permit), {
    notes,
  });
}
