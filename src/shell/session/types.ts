import type { Key } from "../../terminal/keys.ts";

/** How long and for what a call waits. */
export interface WaitRequest {
  readonly timeoutMs: number;
  /** RE2 pattern over new output. */
  readonly waitFor?: string;
}

/** Where a session is, for lists. */
export type SessionState = "starting" | "ready" | "busy" | "asking" | "screen" | "unframed" | "closed";

/** Keys or text, still to be encoded. */
export type TypedInput =
  | { readonly kind: "keys"; readonly keys: readonly Key[] }
  | { readonly kind: "text"; readonly text: string; readonly enter: boolean };
