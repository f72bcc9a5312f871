import type { Clock, Disposable } from "../../base/clock.ts";
import { BOTTOM, ERASE_RIGHT, ESC } from "./ansi.ts";

const REPORT = `${ESC}[6n`;

/**
 * The queries of terminal detection, each waited for: who are you (the queries and the two blanks as captured from
 * 6.49), how wide, how high, and whether two bytes of UTF-8 take one column. What is asked is documented, the order
 * within is not.
 */
const QUERIES = [
  { send: `${ESC}Z${ESC}[c  ${REPORT}`, learns: "position" },
  { send: `\r${ESC}[9999C${REPORT}`, learns: "width" },
  { send: `${BOTTOM}${REPORT}`, learns: "height" },
  { send: `\rě${REPORT}`, learns: "utf8" },
] as const;

export interface Measured {
  readonly width?: number;
  readonly height?: number;
}

export interface ProbeOptions {
  send(text: string): void;
  readonly clock: Clock;
  /** For all of them together. */
  readonly timeoutMs: number;
  /** Called once, with what the terminal told by then. */
  done(measured: Measured): void;
}

/** Terminal detection at login: asks, waits for the answers, and gives up in the end. */
export class Probe implements Disposable {
  readonly #options: ProbeOptions;
  readonly #timer: Disposable;
  #asked = 0;
  #measured: Measured = {};
  #over = false;

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.#timer = options.clock.after(options.timeoutMs, () => this.#end());
    this.#ask();
  }

  /** A cursor report; rows and columns from 1. */
  answer(row: number, col: number): void {
    const learns = QUERIES[this.#asked]?.learns;
    if (this.#over || learns === undefined) return;
    if (learns === "width" && col > 1) this.#measured = { ...this.#measured, width: col };
    if (learns === "height" && row > 1) this.#measured = { ...this.#measured, height: row };
    this.#asked += 1;
    this.#ask();
  }

  dispose(): void {
    this.#over = true;
    this.#timer.dispose();
  }

  #ask(): void {
    const query = QUERIES[this.#asked];
    if (query === undefined) this.#end();
    else this.#options.send(query.send);
  }

  #end(): void {
    if (this.#over) return;
    this.dispose();
    this.#options.send(`\r${ERASE_RIGHT}`);
    this.#options.done(this.#measured);
  }
}
