import type { Disposable } from "../base/clock.ts";

/** Something that was done to a device. */
export interface Entry {
  /** Milliseconds of the device's wall clock. */
  readonly at: number;
  readonly kind: "armed" | "line" | "confirmed" | "undone" | "saved" | "down" | "up";
  /** Who did it; the device itself where a timer ran out. */
  readonly by: string;
  readonly text?: string;
}

const ENTRIES = 2000;

/** What was really done to a device, oldest first; the oldest are forgotten first. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > ENTRIES) this.#entries.shift();
    for (const listener of [...this.#listeners]) listener(entry);
  }

  listen(listener: (entry: Entry) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
