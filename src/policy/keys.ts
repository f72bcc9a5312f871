import type { Action, Echo, SessionFacts } from "../base/contract/action.ts";
import { ENTERS } from "../terminal/entered-text.ts";
import { edited } from "../terminal/line-edit.ts";

type Typing = Extract<Action, { verb: "type" }>;

/** States in which a line that is entered is a command. */
const AT_PROMPT: ReadonlySet<string> = new Set(["prompt", "unsent"]);

/** Questions behind which something reads commands of its own. */
const READS_COMMANDS: Readonly<Record<string, string>> = {
  shell: "a shell that was not opened here",
  repl: "a program that reads commands",
  continuation: "a line that goes on",
};

/** What reads the keys that are typed now, as far as it matters to what they may do. */
export type Reader =
  /** A command line. */
  | { readonly is: "prompt" }
  /** Something that may run what it is given. */
  | { readonly is: "program"; readonly name: string }
  /**
   * A question takes the first line, or the first key; what is behind that may go to the command line. `sure`: something is
   * known to wait for it, and not only a row that reads like a question.
   */
  | { readonly is: "question"; readonly takes: "line" | "key"; readonly sure: boolean }
  /** Nothing is known to read: all of it may go to the command line. */
  | { readonly is: "nobody" };

/** `opaque`: the program that was started in the session, as far as its text told; `echo`: by the host's kernel. */
export function readerOf(
  session: SessionFacts | undefined,
  opaque: string | undefined,
  echo: Echo = "unknown",
): Reader {
  const { state = "", asked = "" } = session ?? {};
  if (AT_PROMPT.has(state)) return { is: "prompt" };
  if (opaque !== undefined) return { is: "program", name: opaque };
  if (state === "screen") return { is: "program", name: "the program on the screen" };
  if (state !== "asking") return { is: "nobody" };
  const name = READS_COMMANDS[asked];
  if (name !== undefined) return { is: "program", name };
  if (asked === "pager") return { is: "program", name: "a pager" };
  return questionOf(session, echo);
}

/** What a question takes: by its profile on a device, which has no kernel to be asked; by the kernel on a Unix host. */
function questionOf(session: SessionFacts | undefined, echo: Echo): Reader {
  const { asked, askedBy, submit, platform = "posix" } = session ?? {};
  if (submit === "key") return { is: "question", takes: "key", sure: true };
  if (platform !== "posix") return { is: "question", takes: "line", sure: true };
  const canonical = echo !== "unknown";
  if (askedBy === "kernel") {
    // A secret may be asked for key by key, with a star for each.
    if (canonical || asked === "password") return { is: "question", takes: "line", sure: canonical };
    return { is: "question", takes: "key", sure: true };
  }
  return canonical ? { is: "nobody" } : { is: "question", takes: "line", sure: false };
}

/**
 * Keys that move or page, in every program: arrows, Home and its kin, Page Up and Down, Escape, blanks, `q`, and the control keys
 * that interrupt or end input. No function keys: they are menus.
 */
const MOVES =
  /^(?:\u001b(?:\[(?:1;[2-8])?[ABCDFHZ]|O[ABCDFH]|\[[145678]~)?|[ qQ\u0002\u0003\u0004\u0006\u000c\u001a\u001c\u001e])+$/;
/** What a pager knows besides: a search, and letters that move. */
const PAGES = /^(?:[\dgGnNpjkdubfh ]{1,12}|[/?][^\u0000-\u001f\u007f-\u009f!|]{0,200}[\r\n])$/;
const PAGER = /^(?:a pager|less|more|most|man)$/;
/** What leaves an editor and saves nothing: of one that is not in the mode for it, a text that is in no file. */
const LEAVES_EDITOR: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:vi|vim|nvim|view|vimdiff|ex)$/, /^\u001b*:(?:q|qa|qall|quit)!?[\r\n]$/],
  [/^(?:nano|pico)$/, /^\u0018$/],
];
/** What leaves or stops a question, and answers none. */
const LEAVES = /^[\u0003\u0004\u001b\u001a\u001c]+$/;

/**
 * Does typing this do no more than look around in what is in front, leave it or stop it? An Enter alone goes to the next page; to
 * a question it is an answer, and behind text that nobody has entered it is that text's.
 */
export function isHarmless({ bytes, enters }: Pick<Typing, "bytes" | "enters">, reader: Reader): boolean {
  const text = bytes.toString("latin1");
  if (reader.is === "question") return LEAVES.test(text);
  if (text === "\r" || text === "\n")
    return reader.is === "program" || (enters?.before?.trim() === "" && enters.lines.every(isBlank));
  if (MOVES.test(text)) return true;
  if (reader.is !== "program") return false;
  const { name } = reader;
  return (
    (PAGER.test(name) && PAGES.test(text)) ||
    LEAVES_EDITOR.some(([editor, leaves]) => editor.test(name) && leaves.test(text))
  );
}

/** What a terminal makes of keys once what is in front has had its part. */
export interface Behind {
  /** The part of what is in front, where that is text. */
  readonly answer?: string;
  /** The lines that the command line would come to read. */
  readonly lines: readonly string[];
  /** Keys in them edit, recall or complete. */
  readonly unknown: boolean;
}

/** Interrupt, end of input, suspend and quit: what is behind them is the command line's. */
const STOPS = /[\u0003\u0004\u001a\u001c]/;
const PASTE_MARKS = /\u001b\[20[01]~/g;
const LINE_END = /[\r\n\u000f]+$/;
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Answers of which no command line makes anything. */
const PLAIN = /^(?:[a-z]|\d{1,9}|yes|no|all|none|ok|skip|cancel|abort)?$/i;

/** What of keys the command line may come to read, when what is in front has ended or has taken its part. */
export function behind(
  { bytes, enters }: Pick<Typing, "bytes" | "enters">,
  reader: Extract<Reader, { is: "question" | "nobody" }>,
): Behind {
  const text = bytes.toString("utf8").replace(PASTE_MARKS, "").replaceAll("\r\n", "\r");
  const own = text.slice(0, partOf(text, reader));
  const left = text.slice(own.length);
  // What was typed before goes where that went.
  const before = reader.is === "nobody" ? enters?.before : "";
  const entered = ENTERS.test(left) ? left.split(ENTERS).slice(0, -1) : [];
  const lines = entered.map((piece, index) => {
    const begun = index > 0 ? "" : before;
    return edited({ typed: begun ?? "", known: begun !== undefined }, piece);
  });
  const answer = own.replace(LINE_END, "");
  return {
    ...(reader.is === "nobody" || CONTROL.test(answer) ? {} : { answer }),
    lines: lines.map(({ typed }) => typed).filter((line) => !PLAIN.test(line.trim())),
    unknown: lines.some(({ known }) => !known),
  };
}

/** Characters from the beginning that what is in front reads. */
function partOf(text: string, reader: Extract<Reader, { is: "question" | "nobody" }>): number {
  if (reader.is === "nobody") return 0;
  if (reader.takes === "key") return Math.min(1, text.length);
  const enter = text.search(ENTERS);
  const stop = text.search(STOPS);
  if (stop >= 0 && (enter < 0 || stop < enter)) return stop + 1;
  return enter < 0 ? text.length : enter + 1;
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}
