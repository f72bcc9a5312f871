import { SshMcpError } from "../../base/errors.ts";
import { nearest, visibleLine } from "../../base/text.ts";
import type { HostSummary } from "../../inventory/host.ts";
import type { ExecWait, FleetMember, FleetRecord } from "../../multiplexer/types.ts";
import { execLine } from "../../remote/exec-line.ts";
import type { ToolContext } from "./context.ts";
import { type ExecWanted, execOn, progressOf } from "./exec.ts";

/** Hosts of one call. */
const MOST_HOSTS = 2_000;

/**
 * The hosts that are meant by names, `group:NAME` and `tag:NAME`, each once; a string that is one name: that name alone.
 * @throws SshMcpError `invalid_argument` where a group or a tag has no host, or there are none at all.
 */
export async function hostsOf(
  { multiplexer, access, caller }: ToolContext,
  host: string | readonly string[],
): Promise<string | readonly string[]> {
  const given = typeof host === "string" ? (listIn(host) ?? [host]) : host;
  const [only] = given;
  if (typeof host === "string" && only !== undefined && given.length === 1 && !SET.test(only)) return only;
  const sets = given.some((name) => SET.test(name));
  const { hosts } = sets
    ? await access.pass(caller, { verb: "look" }, undefined, () => multiplexer.hosts())
    : { hosts: [] };
  const names = [...new Set(given.flatMap((name) => (SET.test(name) ? inSet(name, hosts) : [name])))];
  if (names.length === 0) throw none("the list of hosts is empty", "ssh_hosts lists all hosts.");
  if (names.length > MOST_HOSTS)
    throw none(
      `${names.length} hosts are meant, at most ${MOST_HOSTS} go in one call`,
      "Give them in parts.",
    );
  return names;
}

const SET = /^(group|tag):(.+)$/;

/** Models write a list as a string now and then. */
function listIn(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.filter((name) => typeof name === "string");
  } catch {
    return undefined;
  }
}

function inSet(name: string, hosts: readonly HostSummary[]): string[] {
  const [, kind = "", wanted = ""] = SET.exec(name) ?? [];
  const setsOf = ({ groups, tags }: HostSummary) => (kind === "group" ? groups : tags);
  const found = hosts.filter((host) => setsOf(host).includes(wanted));
  if (found.length > 0) return found.map((host) => host.name);
  const near = nearest(wanted, new Set(hosts.flatMap(setsOf))).slice(0, 10);
  throw none(
    `no host is of the ${kind} "${visibleLine(wanted, 60)}"`,
    near.length === 0 ? `There are no ${kind}s.` : `There are: ${near.join(", ")}.`,
  );
}

function none(what: string, next: string): SshMcpError {
  return new SshMcpError("invalid_argument", `ssh_exec: ${what}; nothing was sent.`, next);
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
  const fleet = execs.fleet(wanted.command, hosts, start, await asksHuman(context, hosts, wanted));
  if (doing !== undefined) doing.says = () => progressOf(fleet);
  return execs.waitFleet(fleet, caller, timeoutMs, true);
}
