import stripAnsi from "strip-ansi";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { Transcript } from "../../terminal/transcript.ts";

/** A caller's pattern may be this long; RE2 compiles it in linear time all the same. */
const PATTERN_LIMIT = 512;
/** Bytes searched in one go, and how much of the one before is searched again for matches across the border. */
const WINDOW = 32 * 1024;
const OVERLAP = 4 * 1024;

/** Compiles a caller's pattern on a linear-time engine. @throws SshMcpError `invalid_argument`. */
export async function compilePattern(source: string): Promise<(text: string) => string | undefined> {
  if (source === "" || source.length > PATTERN_LIMIT) {
    throw new SshMcpError(
      "invalid_argument",
      `a pattern has 1 to ${PATTERN_LIMIT} characters, this one ${source.length}`,
    );
  }
  const { RE2JS } = await import("re2js");
  try {
    const compiled = RE2JS.compile(source, RE2JS.MULTILINE);
    return (text) => {
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? "") : undefined;
    };
  } catch (error) {
    throw new SshMcpError(
      "invalid_argument",
      `not an RE2 pattern: ${messageOf(error).replace("(?m)", "")}`,
      "Use RE2 syntax: no look-around, no back-references.",
    );
  }
}

/** Looks for a pattern in output as it arrives, in pieces small enough to leave the event loop free. */
export class PatternWatch {
  readonly #transcript: Transcript;
  readonly #find: (text: string) => string | undefined;
  readonly #origin: () => number | undefined;
  /** Nothing before this cursor is ever looked at; undefined until it is known. */
  #from: number | undefined;
  #searched = 0;
  /** Bytes that were pruned before they could be searched. */
  missed = 0;

  /** `from`: cursor of the first byte to search, or a function that returns it once it is known. */
  constructor(
    transcript: Transcript,
    find: (text: string) => string | undefined,
    from: number | (() => number | undefined),
  ) {
    this.#transcript = transcript;
    this.#find = find;
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
    const to = Math.min(end, this.#searched + WINDOW);
    const { bytes } = this.#transcript.read(Math.max(start, this.#from, this.#searched - OVERLAP), to);
    this.#searched = to;
    const text = stripAnsi(bytes.toString("utf8")).replaceAll("\r", "");
    return { match: this.#find(text), more: to < end };
  }
}
