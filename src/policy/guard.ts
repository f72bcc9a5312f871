import type { Clock } from "../base/clock.ts";
import type { Action, Target } from "../base/contract/action.ts";
import type { HostPolicy } from "../base/contract/policy.ts";
import { type Classified, classify, type GrammarOf } from "./classify.ts";
import { decide } from "./decide.ts";
import { SessionMemory } from "./session-memory.ts";
import type { Verdict } from "./verdict.ts";

/** Judges actions by what they do, session by session. */
export class Guard {
  readonly #grammarOf: GrammarOf;
  readonly #clock: Clock;
  readonly #memory = new SessionMemory();

  constructor(grammarOf: GrammarOf, clock: Clock) {
    this.#grammarOf = grammarOf;
    this.#clock = clock;
  }

  /** What it comes to, by what its session was given before. */
  classify(action: Action, target: Target): Promise<Classified> {
    return classify(action, target, this.#grammarOf, this.#memory);
  }

  decide(found: Classified, policy: HostPolicy): Verdict {
    return decide(found, policy, new Date(this.#clock.wallTime()));
  }

  /** It passed, and may have been typed: what it leaves behind is remembered. */
  happened(action: Action, { session }: Target, found: Classified | undefined): void {
    if (session === undefined) return;
    if (action.verb === "close") this.#memory.forget(session.name);
    else if (found?.after !== undefined) this.#memory.keep(session, found.after);
  }
}
