/** Something a caller has to know once: numbered, about one command or about the session. */
export interface SessionEvent {
  readonly number: number;
  readonly text: string;
  /** Reported with results about this command only; undefined: with the next result, whatever it is about. */
  readonly command?: number;
}

/** Events kept for readers who have not met them; the oldest is dropped. */
const KEPT = 200;

/** The events of one session, in the order in which they happened. */
export class SessionEvents {
  #events: SessionEvent[] = [];
  #last = 0;

  add(text: string, command?: number): void {
    this.#events.push({ number: ++this.#last, text, ...(command === undefined ? {} : { command }) });
    if (this.#events.length > KEPT) this.#events = this.#events.slice(-KEPT);
  }

  /** Number of the oldest event that is kept. */
  get oldest(): number {
    return this.#events[0]?.number ?? this.#last + 1;
  }

  /** Those a result about `command` reports: of that command, and of the session. */
  about(command: number | undefined): readonly SessionEvent[] {
    return this.#events.filter((event) => event.command === undefined || event.command === command);
  }
}
