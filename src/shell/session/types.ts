import type { Key } from "../../terminal/keys.ts";

/** How long and for what a call waits. */
export interface WaitRequest {
  readonly timeoutMs: number;
  /** RE2 pattern over new output. */
  readonly waitFor?: string;
  /** Takes secrets out of what the pattern is held against: whether it matched would tell them piece by piece. */
  readonly hide?: (text: string) => string;
}

/** Where a session is, for lists. */
export type SessionState = "starting" | "ready" | "busy" | "asking" | "screen" | "unframed" | "closed";

/** Keys or text, still to be encoded. */
export type TypedInput =
  | { readonly kind: "keys"; readonly keys: readonly Key[] }
  | { readonly kind: "text"; readonly text: string; readonly enter: boolean };
