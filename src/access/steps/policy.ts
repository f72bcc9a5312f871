import { type Clock, systemClock } from "../../base/clock.ts";
import type { Action, Target, Verb } from "../../base/contract/action.ts";
import type { HostPolicy } from "../../base/contract/policy.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { HostDirectory, ResolvedHost } from "../../inventory/host.ts";
import type { Classified } from "../../policy/classify.ts";
import type { Guard } from "../../policy/guard.ts";
import { ALLOW, type Judge, strictest, type Verdict } from "../../policy/verdict.ts";
import type { Passage, Step } from "../step.ts";

/** What the policy reads of the inventory. */
export type PolicyDirectory = Pick<HostDirectory, "resolve" | "outdated">;

/**
 * These pass whatever the inventory says now: whoever has a session open must be able to see what runs in it, to stop it
 * and to leave.
 */
const ALWAYS: ReadonlySet<Verb> = new Set(["hold", "look", "interrupt", "close"]);

/** Files on a disk that hangs (a network mount) must not hold a session's line of calls for ever. */
const INVENTORY_MS = 5_000;

export interface PolicyParts {
  readonly directory: PolicyDirectory;
  readonly judges: readonly Judge[];
  /** Reads what an action does; left out: the judges alone decide. */
  readonly guard?: Guard | undefined;
  readonly clock?: Clock;
  /** Is this the permit of an act that is carried out now? */
  readonly isUnderWay?: (permit: number) => boolean;
}

/** What is known of an action before anything is done about it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The host's at the session's opening and as it is now. */
  readonly policies: readonly HostPolicy[];
  readonly found?: Classified;
  /** An agent's own word is enough, as the operator allows it there. */
  readonly mayConfirm?: boolean;
  /** The host as the inventory has it now. */
  readonly place: Pick<ResolvedHost, "name" | "groups" | "tags">;
}

/** May this be done on this host? The policy at the session's opening and the one of now both have to agree. */
export function policy(parts: PolicyParts): Step {
  const { directory, guard } = parts;
  const happened = ({ action, target, found }: Passage) => {
    if (target !== undefined) guard?.happened(action, target, found);
  };
  return {
    name: "policy",
    async before(passage) {
      const { action, target, notes } = passage;
      passage.verdict = ALLOW;
      if (target === undefined || ALWAYS.has(action.verb)) return;
      const judgement = await judged(parts, action, target);
      const { outdated } = directory;
      if (outdated !== undefined && !notes.includes(outdated)) notes.push(outdated);
      Object.assign(passage, judgement);
    },
    done: happened,
    // What failed may have been typed in part.
    failed: happened,
  };
}

/** The verdict on an action; nothing is done about it. @throws SshMcpError as `policy`'s step does. */
export async function judged(
  { directory, judges, guard, clock = systemClock, isUnderWay }: PolicyParts,
  action: Action,
  target: Target,
): Promise<Judgement> {
  const place = await hostNow(directory, action, target, clock);
  const policies = [target.host.policy, place.policy];
  const verdicts = judges.flatMap((judge) => policies.map((one) => judge(action, one)));
  const within = action.verb === "run" || action.verb === "type" ? action.under : undefined;
  const passed = within !== undefined && isUnderWay?.(within) === true;
  if (guard === undefined || passed) return { verdict: strictest(verdicts), policies, place };
  const found = await guard.classify(read(action, target), target);
  const decided = policies.map((one) => guard.decide(found, one));
  // Nothing is opened for what would be refused; what has to be approved is, once it is known what reads it.
  const counted = action.verb === "open" ? decided.filter(({ is }) => is === "deny") : decided;
  const verdict = strictest([...verdicts, ...counted]);
  const mayConfirm =
    found.risk !== "irreversible" &&
    policies.every((one) => one.agentMayConfirm === true) &&
    [...verdicts, ...counted].every((one) => one.is === "allow" || (one.is === "ask" && one.by === "level"));
  return {
    verdict: { ...verdict, risk: found.risk, judged: found.judged, ...armedIn(found) },
    policies,
    found,
    place,
    mayConfirm,
  };
}

function armedIn({ armed }: Classified): { readonly armed?: string } {
  return armed === undefined ? {} : { armed };
}

/** A session that is opened for a command on a host whose platform is known: the command as it will be run there. */
function read(action: Action, { host }: Target): Action {
  if (action.verb !== "open" || action.lines === undefined || host.platform === "auto") return action;
  return { verb: "run", command: action.lines.map(({ text }) => text).join("\n"), lines: action.lines };
}

async function hostNow(
  directory: PolicyDirectory,
  action: Action,
  { host, session }: Target,
  clock: Clock,
): Promise<ResolvedHost> {
  try {
    return await inTime(directory.resolve(host.name), clock);
  } catch (error) {
    if (!(error instanceof SshMcpError) || error.code !== "unknown_host" || session === undefined)
      throw error;
    throw new SshMcpError(
      "unknown_host",
      `host "${visibleLine(host.name, 70)}" is no longer in the inventory, so nothing is ${DONE[action.verb] ?? "done"} there; ` +
        `session ${session.name} stays open for reading, interrupting and closing.`,
      "ssh_read reads it, ssh_send with the interrupt key alone stops what runs, ssh_disconnect closes it; the operator can put the host back.",
      { cause: error },
    );
  }
}

const DONE: Partial<Record<Verb, string>> = {
  run: "run",
  type: "typed",
  exec: "run",
  open: "opened",
  file: "done with files",
};

function inTime<T>(reading: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(INVENTORY_MS, () => reject(slowInventory()));
    reading.then(resolve, reject).finally(() => timer.dispose());
  });
}

function slowInventory(): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `the inventory could not be read within ${INVENTORY_MS / 1000} s, so it is unknown what is allowed; nothing was sent`,
    "Try again; the operator can look at the disk hosts.yaml and ~/.ssh/config are on. Reading, interrupting and closing go on.",
  );
}
