import type { Action, Target, Verb } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { HostDirectory, HostPolicy } from "../../inventory/host.ts";
import { ALLOW, type Judge, strictest } from "../../policy/verdict.ts";
import type { Step } from "../step.ts";

/**
 * These pass whatever the inventory says now: whoever has a session open must be able to see what runs in it, to stop it
 * and to leave.
 */
const ALWAYS: ReadonlySet<Verb> = new Set(["look", "interrupt", "close"]);

/** May this be done on this host? The policy at the session's opening and the one of now both have to agree. */
export function policy(directory: Pick<HostDirectory, "resolve">, judges: readonly Judge[]): Step {
  return {
    name: "policy",
    async before(passage) {
      const { action, target } = passage;
      passage.verdict = ALLOW;
      if (target === undefined || ALWAYS.has(action.verb)) return;
      const now = await policyNow(directory, action, target);
      const policies = [target.host.policy, now];
      passage.verdict = strictest(judges.flatMap((judge) => policies.map((one) => judge(action, one))));
    },
  };
}

async function policyNow(
  directory: Pick<HostDirectory, "resolve">,
  action: Action,
  { host, session }: Target,
): Promise<HostPolicy> {
  try {
    return (await directory.resolve(host.name)).policy;
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

const DONE: Partial<Record<Verb, string>> = { run: "run", type: "typed", exec: "run", open: "opened" };
