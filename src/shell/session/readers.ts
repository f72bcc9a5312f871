import type { SessionEvents } from "../record/events.ts";

/** Callers remembered per session; the one that acted longest ago is forgotten first. */
const REMEMBERED = 32;

/** What one caller has been shown of a session. */
export class Reader {
  /** Everything before this transcript cursor has been shown. */
  #shownTo: number;
  readonly #met = new Set<number>();

  constructor(shownTo: number) {
    this.#shownTo = shownTo;
  }

  get shownTo(): number {
    return this.#shownTo;
  }

  /** The output up to this cursor has been shown; reading older output again takes nothing back. */
  show(to: number): void {
    this.#shownTo = Math.max(this.#shownTo, to);
  }

  /** The events a result about `command` reports that this caller has not seen; from now on it has seen them. */
  meet(events: SessionEvents, command: number | undefined): string[] {
    for (const number of this.#met) if (number < events.oldest) this.#met.delete(number);
    const fresh = events.about(command).filter(({ number }) => !this.#met.has(number));
    for (const { number } of fresh) this.#met.add(number);
    return fresh.map(({ text }) => text);
  }
}

/** The readers of one session by caller id. */
export class Readers {
  readonly #readers = new Map<string, Reader>();

  /** The caller's reader. A caller who is new here begins at `start`. */
  of(caller: string, start: number): Reader {
    const reader = this.#readers.get(caller) ?? new Reader(start);
    // Newest last.
    this.#readers.delete(caller);
    this.#readers.set(caller, reader);
    const [oldest] = this.#readers.keys();
    if (this.#readers.size > REMEMBERED && oldest !== undefined) this.#readers.delete(oldest);
    return reader;
  }
}
