import type { ExecWait, FleetMember, FleetRecord } from "../../multiplexer/types.ts";
import { execLine } from "../../remote/exec-line.ts";
import type { ToolContext } from "./context.ts";
import { type ExecWanted, execOn, progressOf } from "./exec.ts";
import { hostsMeant, isSetOfHosts, listIn } from "./hosts-meant.ts";

/**
 * The hosts that are meant by names, `group:NAME`, `tag:NAME` and `site:NAME`, each once; a string that is one name: that name
 * alone. @throws SshMcpError `invalid_argument` where a set has no host, or there are none at all.
 */
export async function hostsOf(
  context: ToolContext,
  host: string | readonly string[],
): Promise<string | readonly string[]> {
  const given = typeof host === "string" ? (listIn(host) ?? [host]) : host;
  const [only] = given;
  if (typeof host === "string" && only !== undefined && given.length === 1 && !isSetOfHosts(only))
    return only;
  return (await hostsMeant(context, given, { tool: "ssh_exec" })).names;
}

/** Has a person to approve it on one of them? Of a host that cannot be planned for, its own turn tells. */
async function asksHuman(
  { multiplexer, access }: ToolContext,
  hosts: readonly string[],
  { command, cwd, env, stdin }: ExecWanted,
): Promise<boolean> {
  const action = {
    verb: "exec" as const,
    command,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(stdin === undefined ? {} : { stdin }),
  };
  for (const host of hosts) {
    const verdict = await multiplexer
      .plan({ host })
      .then(({ facts }) => access.check(action, { host: facts }))
      .catch(() => undefined);
    if (verdict?.is === "ask") return true;
  }
  return false;
}

/**
 * Runs one command on many hosts: each passes the gate for itself, and what is refused on one stops no other. What a person has
 * to approve goes to the first host alone, and to no further one once one did not come to a good end.
 */
export async function execOnMany(
  context: ToolContext,
  hosts: readonly string[],
  wanted: ExecWanted,
  { timeoutMs, limitMs }: ExecWait,
): Promise<FleetRecord> {
  const { caller, doing } = context;
  const { execs } = context.multiplexer;
  // What cannot be sent to anybody is refused before anybody is asked.
  execLine(wanted.command, wanted);
  const start = ({ id, host }: FleetMember, signal: AbortSignal) =>
    execOn(
      { ...context, caller: { ...caller, signal }, notes: [] },
      host,
      wanted,
      {
        limitMs,
        member: { id },
      },
      { among: hosts },
    );
  const careful = await asksHuman(context, hosts, wanted);
  const terms = careful ? { first: true, stop: { error: true } } : {};
  const fleet = execs.fleet(wanted.command, hosts, start, terms);
  if (doing !== undefined) doing.says = () => progressOf(fleet);
  return execs.waitFleet(fleet, caller, timeoutMs, true);
}
