import type { Action, Echo, SessionFacts } from "../base/contract/action.ts";
import { ENTERS } from "../terminal/entered-text.ts";
import { edited } from "../terminal/line-edit.ts";

type Typing = Extract<Action, { verb: "type" }>;

/**
 * How much of what is typed is sure to be read by the program in front: its first line or its first key; all until a key that may
 * leave a full screen; nothing. `likely`: a row reads like a question, and nobody can be asked whether anything waits for it.
 */
export type Reader = "line" | "key" | "screen" | "likely" | "nothing";

/** What a terminal would do with keys once the program in front has read its share. */
export interface TypeAhead {
  /** The program's own share of the keys, where that is a line of text. */
  readonly answer?: string;
  /** Lines that whatever comes next would run. */
  readonly lines: readonly string[];
  /** Keys in such a line edit, recall or complete it. */
  readonly unknown: boolean;
}

/** Interrupt, end of input, suspend and quit: what is behind them is the shell's. */
const STOPS = /[\u0003\u0004\u001a\u001c]/;
/** What may leave a program that has the whole screen. Cursor keys begin with an escape, too, and are no more trusted. */
const LEAVES = /[qQ\u001b\u0003\u0004\u001a\u001c]/;
const PASTE_MARKS = /\u001b\[20[01]~/g;
/** Answers that no shell makes anything of. */
const PLAIN = /^(?:[a-z]|\d{1,9}|yes|no|all|none|ok|skip|cancel|abort)?$/i;

/** Who reads what is typed into what runs, and how that is known. */
export function readerOf({ state, asked, askedBy, submit, platform }: SessionFacts, echo: Echo): Reader {
  if (state === "screen") return "screen";
  if (state !== "asking" || asked === "shell") return "nothing";
  if (submit === "key") return "key";
  // A device's own dialogue has no kernel to be asked; its questions are those of its profile.
  if (platform !== undefined && platform !== "posix") return "line";
  // A secret may be asked for key by key, with a star for each.
  if (askedBy === "kernel" && echo === "unknown") return asked === "password" ? "likely" : "key";
  if (askedBy === "kernel") return "line";
  return echo === "unknown" ? "likely" : "nothing";
}

/** What these keys would have the next reader run, should the program in front read no more than its share. */
export function typeAhead({ bytes, enters }: Pick<Typing, "bytes" | "enters">, reader: Reader): TypeAhead {
  const text = bytes.toString("utf8").replace(PASTE_MARKS, "").replaceAll("\r\n", "\r");
  const own = shareOf(text, reader);
  const before = reader === "nothing" ? enters?.before : "";
  const left = text.slice(own);
  if (!ENTERS.test(left)) return withAnswer(text.slice(0, own), { lines: [], unknown: false });
  const pieces = left.split(ENTERS).slice(0, -1);
  const lines = pieces.map((piece, index) =>
    // Nobody knows what was recalled before an Enter alone.
    edited({ typed: index === 0 ? (before ?? "") : "", known: index > 0 || before !== undefined }, piece),
  );
  return withAnswer(text.slice(0, own), {
    lines: lines.map(({ typed }) => typed).filter((line) => !PLAIN.test(line.trim())),
    unknown: lines.some(({ known }) => !known),
  });
}

function withAnswer(own: string, ahead: TypeAhead): TypeAhead {
  const answer = own.replace(/[\r\n\u000f]+$/, "");
  return /[\u0000-\u001f\u007f]/.test(answer) ? ahead : { ...ahead, answer };
}

/** Characters from the beginning that the program in front reads. */
function shareOf(text: string, reader: Reader): number {
  switch (reader) {
    case "line":
    case "likely": {
      const enter = text.search(ENTERS);
      const stop = text.search(STOPS);
      if (stop >= 0 && (enter < 0 || stop < enter)) return stop + 1;
      return enter < 0 ? text.length : enter + 1;
    }
    case "key":
      return Math.min(1, text.length);
    case "screen": {
      const leaves = text.search(LEAVES);
      return leaves < 0 ? text.length : leaves + 1;
    }
    case "nothing":
      return 0;
  }
}
