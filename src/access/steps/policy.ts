import { type Clock, systemClock } from "../../base/clock.ts";
import type { Action, Target, Verb } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { HostDirectory, HostPolicy } from "../../inventory/host.ts";
import { ALLOW, type Judge, strictest } from "../../policy/verdict.ts";
import type { Step } from "../step.ts";

/** What the policy reads of the inventory. */
export type PolicyDirectory = Pick<HostDirectory, "resolve" | "outdated">;

/**
 * These pass whatever the inventory says now: whoever has a session open must be able to see what runs in it, to stop it
 * and to leave.
 */
const ALWAYS: ReadonlySet<Verb> = new Set(["look", "interrupt", "close"]);

/** Files on a disk that hangs (a network mount) must not hold a session's line of calls for ever. */
const INVENTORY_MS = 5_000;

/** May this be done on this host? The policy at the session's opening and the one of now both have to agree. */
export function policy(
  directory: PolicyDirectory,
  judges: readonly Judge[],
  clock: Clock = systemClock,
): Step {
  return {
    name: "policy",
    async before(passage) {
      const { action, target, notes } = passage;
      passage.verdict = ALLOW;
      if (target === undefined || ALWAYS.has(action.verb)) return;
      const now = await policyNow(directory, action, target, clock);
      const { outdated } = directory;
      if (outdated !== undefined && !notes.includes(outdated)) notes.push(outdated);
      const policies = [target.host.policy, now];
      passage.verdict = strictest(judges.flatMap((judge) => policies.map((one) => judge(action, one))));
    },
  };
}

async function policyNow(
  directory: PolicyDirectory,
  action: Action,
  { host, session }: Target,
  clock: Clock,
): Promise<HostPolicy> {
  try {
    return (await inTime(directory.resolve(host.name), clock)).policy;
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
