import { SshMcpError } from "../../base/errors.ts";
import { TakesNoExec } from "../../multiplexer/exec-refusal.ts";
import type {
  Alike,
  ExecRecord,
  ExecWait,
  FleetMember,
  FleetRecord,
  FleetTerms,
  StopRules,
} from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";
import { execOn, progressOf } from "./exec.ts";
import { type Ask, execInSession } from "./exec-in-session.ts";
import { hostsMeant } from "./hosts-meant.ts";

/** One call of ssh_run. */
export interface RunWanted {
  /** Lines for a device, commands for a shell. */
  readonly commands: readonly string[];
  readonly mode?: string | undefined;
  readonly keepGoing?: boolean | undefined;
  readonly first?: boolean | undefined;
  readonly stopOn?: readonly string[] | undefined;
  readonly atOnce?: number | undefined;
  readonly perSite?: number | undefined;
  readonly alike: readonly Alike[];
}

/** Ends a host's work that nobody has ended by then; longer than a question waits. */
const LIMIT_MS = 20 * 60_000;

/**
 * Runs lines on many hosts, in a session of each device and in a shell of each Unix host. Each passes the gate for itself; no
 * host is touched that was not named. What may change anything goes to the first host alone and stops at the first error or
 * question, where the caller does not say otherwise. @throws SshMcpError `invalid_argument`.
 */
export async function runOnMany(
  context: ToolContext,
  given: readonly string[],
  wanted: RunWanted,
  { timeoutMs, limitMs = LIMIT_MS }: ExecWait,
): Promise<FleetRecord> {
  const { caller, doing, multiplexer } = context;
  const stop = stopRules(wanted.stopOn);
  const { names, listed } = await hostsMeant(context, given, {
    tool: "ssh_run",
    patterns: true,
    list: wanted.perSite !== undefined,
  });
  const only = await onlyReads(context, names, wanted);
  const sites = new Map(listed.flatMap(({ name, site }) => (site === undefined ? [] : [[name, site]])));
  const terms: FleetTerms = {
    first: wanted.first ?? !only,
    stop: stop ?? (only ? {} : { error: true, question: true }),
    alike: wanted.alike,
    ...(wanted.atOnce === undefined ? {} : { atOnce: wanted.atOnce }),
    ...(wanted.perSite === undefined
      ? {}
      : { perSite: wanted.perSite, site: (host: string) => sites.get(host) }),
  };
  const start = ({ id, host }: FleetMember, signal: AbortSignal, ask: Ask) =>
    runOn({ ...context, caller: { ...caller, signal }, notes: [] }, host, wanted, {
      wait: { limitMs, member: { id } },
      among: names,
      ask,
    });
  const fleet = multiplexer.execs.fleet(wanted.commands.join("\n"), names, start, terms);
  if (doing !== undefined) doing.says = () => progressOf(fleet);
  return multiplexer.execs.waitFleet(fleet, caller, timeoutMs, true);
}

interface Start {
  readonly wait: ExecWait;
  readonly among: readonly string[];
  readonly ask: Ask;
}

async function runOn(
  context: ToolContext,
  host: string,
  { commands, mode, keepGoing }: RunWanted,
  { wait, among, ask }: Start,
): Promise<ExecRecord> {
  if (!(await isUnix(context, host))) {
    const wanted = { command: commands.join("\n"), mode, keepGoing };
    return execInSession(context, await context.multiplexer.plan({ host }), wanted, wait, { among }, ask);
  }
  if (mode !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      `ssh_run: ${host} is a Unix host, and "mode" is for network devices; nothing was sent`,
      "Leave it out, or name the devices alone.",
    );
  return execOn(context, host, { command: inShell(commands, keepGoing === true) }, wait, { among }, ask);
}

/** Does a shell take exec requests there? Of a host whose platform has to be found out, the inventory and what was seen. */
async function isUnix({ multiplexer }: ToolContext, host: string): Promise<boolean> {
  try {
    const plan = await multiplexer.execs.plan(host);
    return plan.host.platform === "posix" || plan.unix === true || plan.host.limits.exact !== true;
  } catch (error) {
    if (error instanceof TakesNoExec) return false;
    throw error;
  }
}

/** Several commands for one shell: each behind one that worked, or whatever came of it. */
function inShell(commands: readonly string[], keepGoing: boolean): string {
  const [only, ...more] = commands;
  if (only !== undefined && more.length === 0) return only;
  return commands.map((command) => `{ ${command}\n}`).join(keepGoing ? "\n" : " &&\n");
}

/** Does the policy read it as something that only looks, on every host? Hosts of one policy and platform are asked about once. */
async function onlyReads(
  { multiplexer, access }: ToolContext,
  hosts: readonly string[],
  { commands, mode }: RunWanted,
): Promise<boolean> {
  if (mode !== undefined && mode !== "exec" && mode !== "enable") return false;
  const seen = new Map<string, Promise<boolean>>();
  const reads = async (host: string) => {
    const plan = await multiplexer.plan({ host });
    const { platform, policy } = plan.facts;
    const key = JSON.stringify([platform, policy]);
    const command = platform === "posix" ? inShell(commands, false) : commands.join("\n");
    const found =
      seen.get(key) ??
      access
        .check({ verb: "exec", command, ...(mode === undefined ? {} : { mode }) }, { host: plan.facts })
        .then(({ is, risk }) => is !== "ask" && risk === "read");
    seen.set(key, found);
    return found;
  };
  for (const host of hosts) if (!(await reads(host).catch(() => true))) return false;
  return true;
}

/** @throws SshMcpError `invalid_argument` for a rule there is not. Undefined: nothing was said. */
function stopRules(given: readonly string[] | undefined): StopRules | undefined {
  if (given === undefined) return undefined;
  let rules: StopRules = {};
  for (const one of given) {
    const percent = /^(\d{1,3}(?:\.\d+)?) ?%$/.exec(one.trim())?.[1];
    if (one === "error") rules = { ...rules, error: true };
    else if (one === "question") rules = { ...rules, question: true };
    else if (percent !== undefined && Number(percent) <= 100) rules = { ...rules, percent: Number(percent) };
    else
      throw new SshMcpError(
        "invalid_argument",
        `ssh_run: stop_on knows no ${JSON.stringify(one.slice(0, 40))}; nothing was sent.`,
        'It is a list of "error", "question" and a share such as "10%"; empty: never.',
      );
  }
  return rules;
}
