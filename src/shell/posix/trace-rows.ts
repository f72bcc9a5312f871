/** What a trace (`set -x`) of our own function prints behind the end of a command: at most this much, in rows like these. */
const MOST = 4096;
/** What is remembered of the row that is not complete: a trace's prefix is short. */
const TAIL = 200;
const OURS =
  /__m|\b(?:builtin|case|printf|print|echo|emulate|setopt|test|eval|command|set|end|if|else|switch|return|unset)\b|'?\[\[?'? |>\/dev\/(?:null|tty)\s*$|>&0\s*$/;
/** How a trace row begins, up to the traced words: `+ `, `+(eval):3> `, fish's `--> `. */
const PREFIX = /(?:(\+)\1*(?:\S*> ?| ?)|-*> ?)(?:\u001b\[[\d;]*m)*$/;

/** Within a string for the terminal: a title (`ESC ]`), or one of the other kinds. */
const IN_TITLE = /\u001b[\]P_^k][^\u0007\u001b\n]*$/;

/**
 * Takes the trace of our own function out of a command's output: the row that hands on the status before it, and the rows
 * from `__m -e ID KEY` to the end mark. Nobody but us knows the key.
 */
export class TraceRows {
  readonly #end: string;
  /** The row our function's return is traced in; undefined where no trace is on. */
  #return: RegExp | undefined;
  /** What was shown of the row that is not complete. */
  #row = "";
  #held = "";
  #ending = false;
  /** The rows of ours begin as the shell's own trace does: others between them are of a trap that our line has set off. */
  #traced = false;

  /** `status`: of the command before, where its trace is expected. */
  constructor(id: number, key: string, status: number | undefined) {
    this.#end = `__m -e ${id} ${key}`;
    this.#return =
      status !== undefined
        ? new RegExp(`(?:return '?${status}'?|set '?-[Ta]'?|unset '?__mh'?)\\s*$`)
        : undefined;
  }

  /** What of these bytes is to be shown. */
  push(bytes: Buffer): Buffer {
    if (this.#plain(bytes)) return bytes;
    const text = this.#held + bytes.toString("latin1");
    this.#held = "";
    return Buffer.from(this.#return ? this.#behindReturn(text) : this.#sift(text), "latin1");
  }

  /** The end mark came, or the shell stopped on the way to it: what is held is ours, or it is not. */
  flush(ended: boolean): Buffer {
    const ours = ended && this.#ending;
    const held = !ours ? this.#held : this.#traced ? withoutOurs(this.#held) : "";
    this.#held = "";
    return Buffer.from(held, "latin1");
  }

  /** Nothing in it, or at its end, can be of ours. */
  #plain(bytes: Buffer): boolean {
    if (this.#return || this.#ending || this.#held !== "" || bytes.includes("__m")) return false;
    const row = rowOf(this.#row + bytes.subarray(-TAIL).toString("latin1"));
    if (this.#partial(row) > 0) return false;
    this.#row = row;
    return true;
  }

  #behindReturn(text: string): string {
    const end = text.indexOf("\n");
    if (end < 0 && text.length < 200) {
      this.#held = text;
      return "";
    }
    if (end >= 0 && this.#return?.test(text.slice(0, end))) return this.#behindReturn(text.slice(end + 1));
    this.#return = undefined;
    return this.#sift(text);
  }

  #sift(text: string): string {
    if (this.#ending) return this.#rowsOfOurs(text);
    const whole = this.#row + text;
    const at = this.#ours(whole);
    if (at < 0) {
      const kept = whole.length - this.#partial(whole);
      const shown = whole.slice(this.#row.length, Math.max(kept, this.#row.length));
      this.#held = text.slice(shown.length);
      this.#row = rowOf(this.#row + shown);
      return shown;
    }
    const begin = Math.max(0, whole.lastIndexOf("\n", at) + 1);
    const lead = whole.slice(begin, at);
    const prefix = PREFIX.exec(lead);
    const from = prefix ? begin + prefix.index : begin;
    const back = Math.max(0, this.#row.length - from);
    const shown = back > 0 ? `${"\b".repeat(back)}\u001b[K` : whole.slice(this.#row.length, from);
    this.#ending = true;
    this.#traced = prefix !== null;
    this.#row = "";
    return shown + this.#rowsOfOurs(whole.slice(from));
  }

  /** Where our words begin; a title that a trap of the user's makes of them shows nothing. */
  #ours(text: string): number {
    let at = text.indexOf(this.#end);
    while (at >= 0 && IN_TITLE.test(text.slice(0, at))) at = text.indexOf(this.#end, at + 1);
    return at;
  }

  /** Held until the end mark; shown after all where it is something else. */
  #rowsOfOurs(text: string): string {
    const rows = text.split("\n").slice(0, -1);
    if (text.length <= MOST && (this.#traced || rows.every((row) => OURS.test(row)))) {
      this.#held = text;
      return "";
    }
    this.#ending = false;
    return text;
  }

  /** Bytes at the end that may be the beginning of our words: behind a trace's prefix, or three of them. */
  #partial(text: string): number {
    for (let length = Math.min(this.#end.length - 1, text.length); length > 0; length--) {
      if (!this.#end.startsWith(text.slice(-length))) continue;
      if (length >= 3 || PREFIX.test(text.slice(text.lastIndexOf("\n") + 1, -length))) return length;
    }
    return 0;
  }
}

/** What is no row of a trace, or traces none of our words. */
function withoutOurs(text: string): string {
  return text
    .split(/(?<=\n)/)
    .filter((row) => !/^(?:\+|-*>)/.test(row) || !OURS.test(row))
    .join("");
}

/** The end of the text that is no whole row. */
function rowOf(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1).slice(-TAIL);
}
