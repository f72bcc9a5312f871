import stripAnsi from "strip-ansi";
import type { Pattern } from "../../base/pattern.ts";
import type { Transcript } from "../../terminal/transcript.ts";

/** Bytes searched in one go at most; an eighth of the piece before is searched again for matches across the border. */
const WINDOW = 36 * 1024;

/** Looks for a pattern in output as it arrives, in pieces small enough to leave the event loop free. */
export class PatternWatch {
  readonly #transcript: Transcript;
  readonly #pattern: Pattern;
  readonly #window: number;
  readonly #origin: () => number | undefined;
  /** Nothing before this cursor is ever looked at; undefined until it is known. */
  #from: number | undefined;
  #searched = 0;
  /** Bytes that were pruned before they could be searched. */
  missed = 0;

  /** `from`: cursor of the first byte to search, or a function that returns it once it is known. */
  constructor(transcript: Transcript, pattern: Pattern, from: number | (() => number | undefined)) {
    this.#transcript = transcript;
    this.#pattern = pattern;
    this.#window = Math.min(WINDOW, pattern.reach);
    this.#origin = typeof from === "number" ? () => from : from;
  }

  /** Searches one further piece. `more`: there is still unsearched output. */
  step(): { readonly match: string | undefined; readonly more: boolean } {
    if (this.#from === undefined) {
      this.#from = this.#origin();
      if (this.#from === undefined) return { match: undefined, more: false };
      this.#searched = this.#from;
    }
    const { start, end } = this.#transcript;
    if (this.#searched < start) {
      this.missed += start - this.#searched;
      this.#searched = start;
    }
    if (this.#searched >= end) return { match: undefined, more: false };
    const overlap = Math.floor(this.#window / 9);
    const to = Math.min(end, this.#searched + this.#window - overlap);
    const { bytes } = this.#transcript.read(Math.max(start, this.#from, this.#searched - overlap), to);
    this.#searched = to;
    const text = stripAnsi(bytes.toString("utf8")).replaceAll("\r", "");
    return { match: this.#pattern.find(text), more: to < end };
  }
}
