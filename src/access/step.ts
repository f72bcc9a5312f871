import type { Approved } from "../approval/approvals.ts";
import type { HostPlace } from "../approval/grant.ts";
import type { Action, Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { HostPolicy } from "../base/contract/policy.ts";
import type { Classified } from "../policy/classify.ts";
import type { Verdict } from "../policy/verdict.ts";

/** One act passing the gate. The steps fill in what those behind them need. */
export interface Passage {
  readonly caller: Caller;
  readonly action: Action;
  /** Undefined where no host is meant: the lists of hosts and sessions. */
  readonly target: Target | undefined;
  /** Name of the session, where there is no target yet. */
  readonly session?: string;
  /** Sentences about the decision that belong into the act's result. */
  readonly notes: string[];
  /** What of the typed text may be recorded, as far as is known at this moment; set by the step `redaction`. */
  recordable?: () => string;
  /** The text that was not recorded at first and that the far side then showed itself. */
  echoed?: string;
  /** Set by the step `policy`. */
  verdict?: Verdict;
  policies?: readonly HostPolicy[];
  found?: Classified;
  place?: HostPlace;
  mayConfirm?: boolean;
  /** Set by the step `approval`, where a human was asked. */
  approved?: Approved;
}

/** One step of the gate. All steps see the same passage, in the order of the list. */
export interface Step {
  readonly name: string;
  /** Before the act; what it throws refuses it. */
  before?(passage: Passage): Promise<void> | void;
  /** A step refused the act: nothing was done. */
  refused?(passage: Passage, error: unknown): void;
  /** The act is done. */
  done?(passage: Passage, result: unknown): Promise<void> | void;
  /** The act itself failed. */
  failed?(passage: Passage, error: unknown): void;
}
