import type { Action, SessionFacts } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";

/** An act on a session, at the moment it arrives. */
export interface Arrival {
  readonly caller: Caller;
  readonly session: string;
  /** What it is about to do, as far as that is known before its turn. */
  readonly draft: Action;
  /** The session's facts now; undefined: it is not open. */
  readonly facts: () => SessionFacts | undefined;
}
