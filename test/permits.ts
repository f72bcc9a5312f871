import type { Action, SessionFacts } from "../src/base/contract/action.ts";
import type { Caller } from "../src/base/contract/caller.ts";
import { mint } from "../src/base/contract/mint.ts";
import type { Permit } from "../src/base/contract/permit.ts";

/** A caller of the tests. */
export function caller(id = "test", signal: AbortSignal = new AbortController().signal): Caller {
  return { id, kind: "agent", signal };
}

/** A permit as the gate would mint it. */
export function permit(action: Action, at?: SessionFacts): Permit {
  return mint(caller(), action, at);
}
