/** asciicast v3 (https://docs.asciinema.org/manual/asciicast/v3/): a header, then one event a line, each on its own line. */

/** First line of a file. `ssh_mcp` is ours; players ignore fields they do not know. */
export interface Header {
  readonly version: 3;
  readonly term: { readonly cols: number; readonly rows: number; readonly type: string };
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly title: string;
  readonly ssh_mcp: {
    readonly session: string;
    readonly host: string;
    /** The audit log's line that says that this recording was begun. */
    readonly audit_seq?: number;
  };
}

/** Output, resize (`COLSxROWS`), marker, exit status. */
export type Code = "o" | "r" | "m" | "x";

/** What happened, at a time of the session's clock in milliseconds. */
export interface CastEvent {
  readonly at: number;
  readonly code: Code;
  readonly text: string;
}

/** Writes events as lines; each carries the time since the one before it. */
export class CastLines {
  #last: number;

  constructor(start: number) {
    this.#last = Math.round(start);
  }

  header(header: Header): string {
    return `${JSON.stringify(header)}\n`;
  }

  /** A time that goes back counts as none; rounding never adds up. */
  line({ at, code, text }: CastEvent): string {
    const now = Math.max(this.#last, Math.round(at));
    const seconds = ((now - this.#last) / 1000).toFixed(3);
    this.#last = now;
    return `[${seconds},${JSON.stringify(code)},${JSON.stringify(text)}]\n`;
  }
}
