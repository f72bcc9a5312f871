/** What ends a line: Enter, and Ctrl-O, by which readline and zsh enter a line as well. */
export const ENTERS = /[\r\n\u000f]/;
/** A paste of several lines, where the program asked for that. */
export const PASTED = /\u001b\[200~(.*?)\u001b\[201~/gs;

/**
 * Keys that neither recall nor complete anything: cursor left and right, start and end of the line, erasing, end of input,
 * redrawing, stopping and going on.
 */
const CURSOR = /\u001b(?:[[O](?:1;\d+)?[CDFH]|\[[13478]~)/g;
const EDITS = /[\u0001-\u0008\u000b\u000c\u0011\u0013-\u0015\u0017\u001a\u001c\u007f]/g;
/** What throws away the line so far, with whatever was recalled on it. */
const CLEARS = /[\u0003\u0015]/;

/**
 * Would these keys, typed on an empty line, enter a text of their own, in whichever line? A line that was recalled or
 * completed is the shell's, and an Enter alone is none.
 */
export function entersText(bytes: Buffer): boolean {
  const lines = bytes
    .toString("utf8")
    .replace(PASTED, (_, pasted: string) => pasted.replace(/[\r\n\t]/g, " "))
    .split(ENTERS);
  // What is behind the last Enter is not entered.
  return lines.slice(0, -1).some(isOwnText);
}

function isOwnText(line: string): boolean {
  const kept = line.split(CLEARS).at(-1) ?? "";
  const typed = kept.replace(CURSOR, "").replace(EDITS, "");
  return typed.trim() !== "" && !/[\u0000-\u001f\u007f]/.test(typed);
}

/** What is in front, as far as an Enter matters to it. */
interface Asks {
  readonly state: string;
  readonly asked?: string;
  readonly submit?: "key" | "line";
}

/**
 * Would these keys answer a question that acts on a single key, and press Enter behind it? That one would go to whatever comes
 * next. A pager takes lines, too (`/word`).
 */
export function addsEnter(bytes: Buffer, { state, asked, submit }: Asks): boolean {
  return (
    state === "asking" &&
    submit === "key" &&
    asked !== "pager" &&
    ANSWER_AND_ENTER.test(bytes.toString("latin1"))
  );
}

const ANSWER_AND_ENTER = /[^\r\n][\s\S]*[\r\n]/;
