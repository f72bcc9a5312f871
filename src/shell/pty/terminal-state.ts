import type { ChannelEnd } from "../../ssh/contract.ts";
import type { State } from "../record/outcome.ts";
import { type BaseState, type PtyState, sameStanding, sameState } from "./state.ts";

/** What the state of a terminal follows from. */
export interface StateParts {
  /** What is under way, as the framing sees it. */
  base(): BaseState;
  /** Text of an order that is not a command yet. */
  order(): string | undefined;
  end(): ChannelEnd | undefined;
  /** Told after each change. */
  moved(standing: State | undefined): void;
}

/** The one state of a terminal and its epoch; both move here and nowhere else. */
export class TerminalState {
  readonly #parts: StateParts;
  #current: PtyState = { at: "starting" };
  /** What holds until something happens. */
  #standing: State | undefined;
  #epoch = 0;

  constructor(parts: StateParts) {
    this.#parts = parts;
  }

  get current(): PtyState {
    return this.#current;
  }

  get standing(): State | undefined {
    return this.#standing;
  }

  /** Raised by every write and every change between named states; output at a prompt does not raise it. */
  get epoch(): number {
    return this.#epoch;
  }

  /** A byte was written. */
  raise(): number {
    return ++this.#epoch;
  }

  /** A state holds until something happens; false: it holds already. */
  stand(state: State): boolean {
    if (this.#standing && sameStanding(this.#standing, state)) return false;
    this.#standing = state;
    this.sync();
    return true;
  }

  /** What held until something happened does not hold any more. */
  release(): void {
    this.#standing = undefined;
  }

  /** Makes the state follow what it depends on. */
  sync(): void {
    const next = this.#next();
    const moves = !sameState(this.#current, next);
    this.#current = next;
    if (!moves) return;
    this.raise();
    this.#parts.moved(this.#standing);
  }

  /** The state there would be with this under way. */
  over(base: BaseState): PtyState {
    const state = this.#standing;
    if (state?.state === "asking" || state?.state === "screen") return { at: state.state, state, over: base };
    return base;
  }

  #next(): PtyState {
    const end = this.#parts.end();
    if (end) return { at: "ended", end };
    const text = this.#parts.order();
    return text === undefined ? this.over(this.#parts.base()) : { at: "clearing", text };
  }
}
