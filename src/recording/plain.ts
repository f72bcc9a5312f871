/** A text without its control sequences, and where each of its characters was. */
export interface Plain {
  readonly text: string;
  /** Index in the original of each character. */
  readonly at: readonly number[];
}

/** CSI; strings (OSC, DCS, SOS, PM, APC) up to BEL or ST; other escapes (ECMA-48). */
const SEQUENCE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-OQ-WYZ\\`-~]|\u009b[0-?]*[ -/]*[@-~]/y;
/** A line editor breaks a long line by a blank and a return; a return alone begins the row anew. */
const BREAK = / ?\r(?!\n)/y;
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** What a terminal would show of it as one text, in which a word is whole although it is coloured or broken over rows. */
export function plainOf(raw: string): Plain {
  const at: number[] = [];
  let text = "";
  const add = (char: string, from: number) => {
    text += char;
    at.push(from);
  };
  for (let from = 0; from < raw.length; ) {
    const char = raw[from] ?? "";
    const sequence = char === "\u001b" || char === "\u009b" ? lengthAt(SEQUENCE, raw, from) : 0;
    if (sequence > 0) {
      from += sequence;
      continue;
    }
    const broken = char === " " || char === "\r" ? lengthAt(BREAK, raw, from) : 0;
    if (broken > 0) add("\n", from);
    else if (!UNSEEN.test(char)) add(char, from);
    from += Math.max(broken, 1);
  }
  return { text, at };
}

/** Longer beginnings of a sequence are taken for text. */
const MOST_SEQUENCE = 4_096;

/** The last place up to `to` at which no control sequence is cut in two. */
export function wholeUpTo(raw: string, to: number): number {
  const begins = Math.max(raw.lastIndexOf("\u001b", to - 1), raw.lastIndexOf("\u009b", to - 1));
  if (begins < 0 || to - begins > MOST_SEQUENCE) return to;
  return lengthAt(SEQUENCE, raw.slice(0, to), begins) > 0 ? to : begins;
}

function lengthAt(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0].length ?? 0;
}
