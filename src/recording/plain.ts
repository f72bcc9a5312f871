/** A text without its control sequences, and where its characters were. */
export class Plain {
  readonly text: string;
  /** Runs that were kept: where each begins here, and where there. */
  readonly #here: readonly number[];
  readonly #there: readonly number[];

  constructor(text: string, here: readonly number[], there: readonly number[]) {
    this.text = text;
    this.#here = here;
    this.#there = there;
  }

  /** Index in the original of a character. */
  at(index: number): number {
    let [low, high] = [0, this.#here.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#here[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return (this.#there[low] ?? 0) + index - (this.#here[low] ?? 0);
  }
}

/** CSI; strings (OSC, DCS, SOS, PM, APC) up to BEL or ST; other escapes (ECMA-48). */
const SEQUENCE =
  "\\u001b\\[[0-?]*[ -/]*[@-~]|\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)|\\u001b[ -/]*[0-OQ-WYZ\\\\`-~]|\\u009b[0-?]*[ -/]*[@-~]";
const WHOLE = new RegExp(SEQUENCE, "y");
/** A line editor breaks a long line by a blank and a return; a return alone begins the row anew. */
const BREAK = " ?\\r(?!\\n)";
const UNSHOWN = new RegExp(
  `(?:${SEQUENCE})|(?<break>${BREAK})|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]`,
  "g",
);

/** What a terminal would show of it as one text, in which a word is whole although it is coloured or broken over rows. */
export function plainOf(raw: string): Plain {
  const [here, there]: [number[], number[]] = [[0], [0]];
  let text = "";
  let from = 0;
  for (const { 0: unshown, index, groups } of raw.matchAll(UNSHOWN)) {
    text += raw.slice(from, index);
    if (groups?.break !== undefined) {
      here.push(text.length);
      there.push(index);
      text += "\n";
    }
    from = index + unshown.length;
    here.push(text.length);
    there.push(from);
  }
  return new Plain(text + raw.slice(from), here, there);
}

/** Longer beginnings of a sequence are taken for text. */
const MOST_SEQUENCE = 4_096;

/** The last place up to `to` at which no control sequence is cut in two. */
export function wholeUpTo(raw: string, to: number): number {
  const begins = Math.max(raw.lastIndexOf("\u001b", to - 1), raw.lastIndexOf("\u009b", to - 1));
  if (begins < 0 || to - begins > MOST_SEQUENCE) return to;
  WHOLE.lastIndex = begins;
  return WHOLE.test(raw.slice(0, to)) ? to : begins;
}
