import type { Action } from "../../base/contract/action.ts";
import { TakesNoExec } from "../../multiplexer/exec-refusal.ts";
import { assertSecret } from "../../multiplexer/secret-line.ts";
import type { ExecRecord, ExecWait, FleetRecord } from "../../multiplexer/types.ts";
import { execLine } from "../../remote/exec-line.ts";
import type { ToolContext } from "./context.ts";
import { type Ask, assertPlain, type ExecWanted, execInSession } from "./exec-in-session.ts";

export type { ExecWanted };

/** What is known of a command besides its text. */
export type ExecKnown = Pick<Extract<Action, { verb: "exec" }>, "declared" | "subject" | "among">;

/** What an end by `limitMs` may take until it is known what became of the command. */
const ENDING_MS = 3_000;

/** A wait for a command that is ended when its time is over, until it is known how it ended. */
export function endedBy(limitMs: number): ExecWait {
  return { limitMs, timeoutMs: limitMs + ENDING_MS };
}

/**
 * Runs one command on a channel of its own, without a session. `ask`: puts what it asks on a device, in the session that was
 * opened for it. @throws SshMcpError.
 */
export async function execOn(
  context: ToolContext,
  host: string,
  wanted: ExecWanted,
  wait: ExecWait,
  known: ExecKnown = {},
  ask?: Ask,
): Promise<ExecRecord> {
  const { multiplexer, access, caller, notes = [] } = context;
  const { execs } = multiplexer;
  const { command, cwd, env, stdin, secret, pty } = wanted;
  const sent = execLine(command, { cwd, env });
  const plan = await execs.plan(host).catch((error: unknown) => {
    if (error instanceof TakesNoExec) return undefined;
    throw error;
  });
  if (plan === undefined)
    return execInSession(context, await multiplexer.plan({ host }), wanted, wait, known, ask);
  if (plan.host.limits.exact === true) assertPlain(plan.host, { cwd, env, secret, pty });
  assertSecret(plan.host, secret);
  const setting = {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(secret === undefined ? {} : { secret: secret.name }),
    ...(pty === undefined ? {} : { pty }),
  };
  return access.pass(
    caller,
    { verb: "exec", command, line: sent.line, ...setting, ...known },
    { host: plan.facts },
    (permit) => execs.run(plan, { command, ...sent, stdin, secret, pty }, permit, caller, wait),
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
