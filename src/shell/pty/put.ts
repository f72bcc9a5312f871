import type { Permit, Reason } from "../../base/contract/permit.ts";
import type { PtyState } from "./state.ts";

/** One write, as tests see it. A secret's bytes are not in it. */
export interface Put {
  /** Clock time, milliseconds. */
  readonly at: number;
  /** The epoch it was written in, and the one in which what led to it was seen. */
  readonly epoch: number;
  readonly decidedIn: number;
  readonly state: PtyState["at"];
  readonly permit: Permit;
  readonly reason: Reason;
  readonly bytes: Buffer | undefined;
}

/** Told of every write. */
export type OnPut = (put: Put) => void;
