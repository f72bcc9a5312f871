import type { Action } from "../base/contract/action.ts";
import type { HostPolicy } from "../base/contract/policy.ts";
import type { Judged } from "./classify.ts";
import type { Risk } from "./risk.ts";

/** What was read of an action, for who asks why. */
export interface Read {
  readonly risk?: Risk;
  readonly judged?: readonly Judged[];
  /** How a change is made there so that it undoes itself unless it is confirmed. */
  readonly armed?: string;
}

/** What the policy says of one action. */
export type Verdict = Read &
  (
    | { readonly is: "allow" }
    /** A human has to agree first. `by`: what asks, where it is the level alone. */
    | { readonly is: "ask"; readonly why: string; readonly wouldPass?: string; readonly by?: "level" }
    /** `wouldPass`: what the caller could do instead. */
    | { readonly is: "deny"; readonly why: string; readonly wouldPass?: string }
  );

export const ALLOW: Verdict = { is: "allow" };

/** One rule of the policy over an action on a host whose policy is given. @throws SshMcpError `inventory_invalid`. */
export type Judge = (action: Action, policy: HostPolicy) => Verdict;

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const;

/** The strictest of several verdicts; the first of those that are equally strict. */
export function strictest(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict | undefined;
  for (const verdict of verdicts)
    if (worst === undefined || STRICTNESS[verdict.is] > STRICTNESS[worst.is]) worst = verdict;
  return worst ?? ALLOW;
}
