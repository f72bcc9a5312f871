import type { Session } from "../shell/session/session.ts";
import { type OpeningFacts, viewOf } from "./session-view.ts";
import type { Sharing } from "./sharing.ts";
import { TypedLine } from "./typed-line.ts";
import type { SessionView } from "./types.ts";

/** What is kept beside each session for those who look at it: one view, the line in the making, how it was opened. */
export class SessionViews {
  readonly #now: () => number;
  readonly #sharing: Sharing;
  readonly #views = new WeakMap<Session, SessionView>();
  readonly #lines = new WeakMap<Session, TypedLine>();
  readonly #opened = new WeakMap<Session, OpeningFacts>();

  constructor(now: () => number, sharing: Sharing) {
    this.#now = now;
    this.#sharing = sharing;
  }

  of(session: Session): SessionView {
    let view = this.#views.get(session);
    if (!view) {
      view = viewOf(session, this.#now, this.lineOf(session), () => this.#opened.get(session), this.#sharing);
      this.#views.set(session, view);
    }
    return view;
  }

  lineOf(session: Session): TypedLine {
    const line = this.#lines.get(session) ?? new TypedLine();
    this.#lines.set(session, line);
    return line;
  }

  opened(session: Session, facts: OpeningFacts): void {
    this.#opened.set(session, facts);
  }

  openingOf(session: Session): OpeningFacts | undefined {
    return this.#opened.get(session);
  }
}
