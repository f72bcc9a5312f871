import type { Activity } from "./activity.ts";
import type { Key } from "./keys.ts";
import { eraseRow, type Surface } from "./painter.ts";

export const PAGER_ROW = "-- [Q quit|D dump|down]";

/** A long list, a screen at a time: Space or down for the next, D for all of the rest, Q or Ctrl-C to leave it. */
export class Pager implements Activity {
  readonly #rows: readonly string[];
  readonly #surface: Surface;
  readonly #write: (text: string) => void;
  readonly #done: () => void;
  #shown = 0;
  #over = false;

  constructor(options: {
    rows: readonly string[];
    surface: Surface;
    write(text: string): void;
    done(): void;
  }) {
    this.#rows = options.rows;
    this.#surface = options.surface;
    this.#write = options.write;
    this.#done = options.done;
  }

  /** Shows the first page; ends at once when that is all. */
  start(): void {
    this.#showUntil(this.#shown + this.#page);
  }

  key(key: Key): void {
    if (this.#over) return;
    const char = key.kind === "char" ? key.char.toLowerCase() : key.kind;
    if (char === " " || char === "down" || char === "enter") this.#turn(this.#shown + this.#page);
    else if (char === "d") this.#turn(this.#rows.length);
    else if (char === "q" || char === "interrupt") {
      this.#write(eraseRow(this.#surface));
      this.#end();
    }
  }

  dispose(): void {
    this.#over = true;
  }

  get #page(): number {
    return Math.max(1, this.#surface.height - 1);
  }

  #turn(until: number): void {
    this.#write(eraseRow(this.#surface));
    this.#showUntil(until);
  }

  #showUntil(until: number): void {
    const rows = this.#rows.slice(this.#shown, until);
    this.#shown += rows.length;
    this.#write(rows.map((row) => `${row}\r\n`).join(""));
    if (this.#shown < this.#rows.length) this.#write(PAGER_ROW);
    else this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#done();
  }
}
