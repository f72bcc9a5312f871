import type { Disposable } from "../../base/clock.ts";
import { Emitter } from "../../base/emitter.ts";
import { messageOf } from "../../base/errors.ts";
import type { ChannelEnd } from "../contract.ts";

/** The end of a channel: told once to everybody, also to those who subscribe afterwards. */
export class EndEvent {
  // An exception that reached ssh2 would corrupt its decoder and take the whole connection down.
  readonly #listeners = new Emitter<ChannelEnd>((error) =>
    process.emitWarning(`a listener of a channel's end failed: ${messageOf(error)}`),
  );
  #end: ChannelEnd | undefined;

  get end(): ChannelEnd | undefined {
    return this.#end;
  }

  /** The first word counts; false: it had ended already. */
  finish(end: ChannelEnd): boolean {
    if (this.#end !== undefined) return false;
    this.#end = end;
    this.#listeners.fire(end);
    this.#listeners.clear();
    return true;
  }

  on(listener: (end: ChannelEnd) => void): Disposable {
    const end = this.#end;
    if (end === undefined) return this.#listeners.event(listener);
    let cancelled = false;
    queueMicrotask(() => {
      if (!cancelled) listener(end);
    });
    return {
      dispose: () => {
        cancelled = true;
      },
    };
  }
}
