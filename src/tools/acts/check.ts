import type { Action, Target } from "../../base/contract/action.ts";
import type { OpenPlan } from "../../multiplexer/types.ts";
import type { CheckReport } from "../../results/check-page.ts";
import type { ToolContext } from "./context.ts";

export interface CheckOrder {
  /** A host, or an open session. */
  readonly host: string;
  readonly command: string;
  readonly mode?: string | undefined;
}

/** What the policy would say of a command: nothing is sent, opened or recorded. @throws SshMcpError. */
export async function checkCommand(
  { multiplexer, access }: Pick<ToolContext, "multiplexer" | "access">,
  { host: name, command, mode }: CheckOrder,
): Promise<CheckReport> {
  const view = multiplexer.find(name);
  const open = view !== undefined && view.closedBecause === undefined;
  const target = open
    ? multiplexer.target(name)
    : targetOf(await multiplexer.plan({ host: name, join: true }));
  return checked(access, target, command, mode);
}

function targetOf({ facts }: Pick<OpenPlan, "facts">): Target {
  return { host: facts };
}

/** The same for a target that is known. */
export async function checked(
  access: Pick<ToolContext["access"], "check">,
  target: Target,
  command: string,
  mode?: string,
): Promise<CheckReport> {
  const { host, session } = target;
  const lines = command
    .replace(/[\r\n]+$/, "")
    .split(/\r\n?|\n/)
    .map((text) => ({ text, why: "command" as const }));
  const action: Action = { verb: "run", command, lines, ...(mode === undefined ? {} : { mode }) };
  const verdict = await access.check(action, target);
  const platform = session?.platform ?? host.platform;
  return {
    name: session?.name ?? host.name,
    level: host.policy.level,
    verdict,
    ...(platform === "auto" ? { assumed: true } : {}),
  };
}
