import type { Workspace } from "../desk/contract.ts";
import type { Viewers } from "../desk/viewers.ts";
import type { Rights } from "./words.ts";

/** One set of sessions, as people may look at it. */
export interface Place {
  /** Says nothing of its caller's key. */
  readonly id: string;
  /** Whose; left out: there is one. */
  readonly owner?: string;
  /** Is it one of the callers that share it? Left out: its owner is the only one. */
  readonly by?: (caller: string) => boolean;
  readonly workspace: Pick<Workspace, "multiplexer" | "access" | "redact" | "maskingOf" | "note">;
  readonly viewers: Viewers;
}

/** Somebody who was let in. What they may is asked at each use: it may be taken back. */
export interface Guest {
  /** `jo over the web`. */
  readonly name: string;
  /** Undefined: they may not even look any more. */
  rights(): Rights | undefined;
  places(): readonly Place[];
  /** May they see what is done on this host? */
  sees(host: string): boolean;
}

/** Who may come in. The same answer, in the same time, for whatever is no token. */
export type Doorkeeper = (token: string) => Guest | undefined;
