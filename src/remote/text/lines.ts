export type LineEnd = "\n" | "\r\n" | "\r";

/**
 * A text by lines, seen with `\n` as every line's end: so that what is looked for in it needs not know how its lines end.
 * Offsets of the view are translated back; lines count from 1, and a line end at the very end begins no further one.
 */
export interface TextLines {
  readonly raw: string;
  readonly view: string;
  readonly count: number;
  /** How all lines end; undefined: there is no line end. */
  readonly style: LineEnd | "mixed" | undefined;
  /** Offset of a line's first character in the view; of the one behind the last: the view's length. */
  startOf(line: number): number;
  /** Offset behind its last character, before its end. */
  bodyEndOf(line: number): number;
  /** Line of the character at this offset; that of the last character for the text's end. */
  lineAt(offset: number): number;
  endOf(line: number): LineEnd | "";
  rawOffset(offset: number): number;
}

/** A lone CR ends lines only in a text that has no LF: in others it is part of a line (a progress bar's). */
export function textLines(raw: string): TextLines {
  const hasLf = raw.includes("\n");
  const cr = !hasLf && raw.includes("\r");
  const view = cr ? raw.replaceAll("\r", "\n") : raw.replaceAll("\r\n", "\n");
  const starts: number[] = [];
  /** Characters that the raw text has more, before each line. */
  const more: number[] = [];
  let extra = 0;
  let crlf = 0;
  let ends = 0;
  for (let at = 0; at < view.length; ) {
    starts.push(at);
    more.push(extra);
    const next = view.indexOf("\n", at);
    if (next < 0) break;
    ends++;
    if (!cr && raw[next + extra] === "\r") {
      extra++;
      crlf++;
    }
    at = next + 1;
  }
  const count = starts.length;
  const style = ends === 0 ? undefined : cr ? "\r" : crlf === 0 ? "\n" : crlf === ends ? "\r\n" : "mixed";
  const startOf = (line: number) => starts[line - 1] ?? view.length;
  const moreAt = (line: number) => more[line - 1] ?? extra;
  const ended = (line: number) => line < count || (line === count && view.endsWith("\n"));

  /** Lines that begin at this offset or before it. */
  function beginning(offset: number): number {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle - 1] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return {
    raw,
    view,
    count,
    style,
    startOf,
    bodyEndOf: (line) => startOf(line + 1) - (ended(line) ? 1 : 0),
    lineAt: (offset) => Math.max(1, beginning(offset)),
    endOf(line) {
      if (line < 1 || !ended(line)) return "";
      if (cr) return "\r";
      return moreAt(line + 1) > moreAt(line) ? "\r\n" : "\n";
    },
    rawOffset: (offset) => (offset >= view.length ? raw.length : offset + moreAt(beginning(offset))),
  };
}

/** The line of a character of the raw text, from 1. */
export function lineOfRaw(raw: string, at: number): number {
  return raw.slice(0, at).split(raw.includes("\n") ? "\n" : "\r").length;
}

/** `LF`, `CRLF`, `CR`, `mixed line ends`, `no line end`; for a result. */
export function styleName(style: TextLines["style"]): string {
  switch (style) {
    case "\n":
      return "LF";
    case "\r\n":
      return "CRLF";
    case "\r":
      return "CR";
    case "mixed":
      return "mixed line ends";
    case undefined:
      return "no line end";
  }
}
