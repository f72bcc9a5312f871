/** Who acts: an agent, a person at a terminal, or a recipe that runs on somebody's behalf. */
export interface Caller {
  /** Stable for as long as the caller is connected; what was shown to it is remembered under this id. */
  readonly id: string;
  readonly kind: "agent" | "human" | "recipe";
  /** The client program's own name, where it gave one. */
  readonly client?: string;
  /** Aborted when the caller gives this call up: ends its wait, never a session. */
  readonly signal: AbortSignal;
  /** The tool of this call, for the audit log. */
  readonly tool?: string;
}
