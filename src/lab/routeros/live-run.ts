import type { Clock, Disposable } from "../../base/clock.ts";
import type { Activity } from "./activity.ts";
import { ERASE_RIGHT, ESC } from "./ansi.ts";
import type { Key } from "./keys.ts";
import { eraseRow, type Surface } from "./painter.ts";
import type { Frame, LiveView } from "./reply.ts";

export const LIVE_ROW = "-- [Q quit|D dump|C-z pause]";
export const PAUSED_ROW = "-- [Q quit|D dump|C-z continue]";
/** Unsent bytes above which a frame is left out. */
const BEHIND = 64 * 1024;

export interface LiveRunOptions {
  readonly view: LiveView;
  readonly surface: Surface;
  readonly clock: Clock;
  write(text: string): void;
  waiting(): number;
  done(): void;
}

/** A live view on the terminal: Q or Ctrl-C leaves it, D keeps the picture and goes on below, Ctrl-Z pauses. */
export class LiveRun implements Activity {
  readonly #options: LiveRunOptions;
  #timer: Disposable | undefined;
  #frames = 0;
  /** Rows of the picture above the cursor, to be painted over. */
  #height = 0;
  #paused = false;
  #over = false;

  constructor(options: LiveRunOptions) {
    this.#options = options;
  }

  start(): void {
    this.#next();
  }

  key(key: Key): void {
    if (this.#over) return;
    const char = key.kind === "char" ? key.char.toLowerCase() : key.kind;
    if (char === "q" || char === "interrupt") this.#end();
    else if (char === "d") this.#dump();
    else if (char === "pause") this.#pause();
  }

  dispose(): void {
    this.#over = true;
    this.#timer?.dispose();
  }

  #next(): void {
    const { view, clock, waiting } = this.#options;
    if (waiting() < BEHIND) {
      const frame = view.frame(this.#frames++);
      this.#show(frame);
      if (frame.last === true) {
        this.#end();
        return;
      }
    }
    this.#timer = clock.after(view.everyMs, () => this.#next());
  }

  #show({ rows }: Frame): void {
    const { view, write } = this.#options;
    this.#eraseFooter();
    if (view.mode === "append") write(rows.map((row) => `${row}\r\n`).join(""));
    else this.#paint(rows);
    this.#showFooter();
  }

  /** A picture is cut to the screen: the cursor can go up no further than its first row. */
  #paint(rows: readonly string[]): void {
    const { surface, write } = this.#options;
    const shown = rows.slice(0, surface.height - 1).map((row) => row.slice(0, surface.width - 1));
    if (this.#height > 0 && !surface.dumb) write(`${ESC}[${this.#height}A`);
    write(shown.map((row) => `${row}${surface.dumb ? "" : ERASE_RIGHT}\r\n`).join(""));
    this.#height = shown.length;
  }

  #showFooter(): void {
    if (this.#options.view.footer) this.#options.write(this.#paused ? PAUSED_ROW : LIVE_ROW);
  }

  #eraseFooter(): void {
    if (this.#options.view.footer && this.#frames > 1) this.#options.write(eraseRow(this.#options.surface));
  }

  #dump(): void {
    if (!this.#options.view.footer) return;
    this.#height = 0;
    this.#options.write("\r\n");
    this.#showFooter();
  }

  #pause(): void {
    const { view, clock, surface, write } = this.#options;
    if (!view.footer) return;
    this.#paused = !this.#paused;
    this.#timer?.dispose();
    write(eraseRow(surface));
    this.#showFooter();
    if (!this.#paused) this.#timer = clock.after(view.everyMs, () => this.#next());
  }

  #end(): void {
    if (this.#over) return;
    this.dispose();
    const { view, write, surface, done } = this.#options;
    if (view.footer) write(eraseRow(surface));
    write(
      view
        .summary()
        .map((row) => `${row}\r\n`)
        .join(""),
    );
    done();
  }
}
