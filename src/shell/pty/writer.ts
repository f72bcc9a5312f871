import type { Clock } from "../../base/clock.ts";
import { holds, type Permit, type Reason } from "../../base/contract/permit.ts";
import type { PtyChannel } from "../../ssh/contract.ts";
import { noPermit } from "./decided.ts";
import type { OnPut } from "./put.ts";
import type { TerminalState } from "./terminal-state.ts";

/** The only place that writes to a terminal: what a permit holds, in the epoch it was decided on in. */
export class Writer {
  readonly #channel: PtyChannel;
  readonly #clock: Clock;
  readonly #state: TerminalState;
  readonly #onPut: OnPut | undefined;
  /** The epoch in which what is acted on now was seen. */
  #decidedIn = 0;

  constructor(channel: PtyChannel, clock: Clock, state: TerminalState, onPut: OnPut | undefined) {
    this.#channel = channel;
    this.#clock = clock;
    this.#state = state;
    this.#onPut = onPut;
  }

  /** What is written from here on was decided on now. */
  decides(): void {
    this.#decidedIn = this.#state.epoch;
  }

  /** @throws SshMcpError where the permit does not hold these bytes. */
  write(bytes: Buffer, reason: Reason, permit: Permit): void {
    if (!holds(permit, bytes, reason)) throw noPermit(reason);
    this.#onPut?.({
      at: this.#clock.now(),
      epoch: this.#state.epoch,
      decidedIn: this.#decidedIn,
      state: this.#state.current.at,
      permit,
      reason,
      bytes: reason.as === "secret" ? undefined : bytes,
    });
    // Several writes of one act are one decision.
    this.#decidedIn = this.#state.raise();
    this.#channel.write(bytes);
  }
}
