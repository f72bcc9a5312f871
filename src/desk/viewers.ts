import type { TerminalSize } from "../inventory/host.ts";

/** A person at a session's terminal. */
export interface Viewer {
  readonly id: string;
  /** `jo at pts/3`. */
  readonly name: string;
  readonly session: string;
  readonly readOnly: boolean;
  /** Of the part of the person's terminal that shows the session. */
  size(): TerminalSize;
  /** Ends the attachment; `why` is said to the person. */
  leave(why: string): void;
  /** Somebody came, went, or took the keyboard. */
  refresh(): void;
}

/** Everybody who is attached, by session. */
export class Viewers {
  readonly #viewers = new Set<Viewer>();

  add(viewer: Viewer): void {
    this.#viewers.add(viewer);
    this.#refresh(viewer.session);
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#refresh(viewer.session);
  }

  of(session: string): readonly Viewer[] {
    return [...this.#viewers].filter((viewer) => viewer.session === session);
  }

  get all(): readonly Viewer[] {
    return [...this.#viewers];
  }

  #refresh(session: string): void {
    for (const viewer of this.of(session)) viewer.refresh();
  }
}
