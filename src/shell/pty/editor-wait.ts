import type { Clock } from "../../base/clock.ts";

/** What is waited for a prompt's line editor at most: hooks in front of it may be slow, or read keys themselves. */
const MOST_MS = 1_000;

/**
 * Keys wait for the line editor of a prompt that is being printed. Until it reads, the terminal takes some of them for its own:
 * an end of input becomes a NUL for the editor, which says nothing to it.
 */
export class EditorWait {
  readonly #clock: Clock;
  readonly #due: () => boolean;
  readonly #waiting = new Set<() => void>();

  /** `due`: such a prompt is being printed. */
  constructor(clock: Clock, due: () => boolean) {
    this.#clock = clock;
    this.#due = due;
  }

  /** Resolves once the editor reads, and within a second. */
  reads(): Promise<void> {
    if (!this.#due()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        timer.dispose();
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (!this.#due()) end();
      };
      const timer = this.#clock.after(MOST_MS, end);
      this.#waiting.add(look);
    });
  }

  /** Something has come, or the terminal has gone. */
  looks(): void {
    for (const look of [...this.#waiting]) look();
  }
}
