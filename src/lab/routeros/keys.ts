import { StringDecoder } from "node:string_decoder";

export type Key =
  | { readonly kind: "char"; readonly char: string }
  /** The answer to `ESC[6n`. */
  | { readonly kind: "position"; readonly row: number; readonly col: number }
  | { readonly kind: NamedKey };

export type NamedKey =
  | "enter"
  | "tab"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "help"
  | "repaint"
  | "interrupt"
  | "end-of-input"
  | "safe-mode"
  | "pause"
  | "kill-line"
  | "kill-right"
  /** What terminals answer to `ESC Z` and `ESC[c`. */
  | "identity";

const CONTROLS: ReadonlyMap<string, NamedKey> = new Map([
  ["\x01", "home"],
  ["\x02", "left"],
  ["\x03", "interrupt"],
  ["\x04", "end-of-input"],
  ["\x05", "end"],
  ["\x06", "right"],
  ["\x08", "backspace"],
  ["\t", "tab"],
  ["\x0b", "kill-right"],
  ["\x0c", "repaint"],
  ["\x0e", "down"],
  ["\x10", "up"],
  ["\x15", "kill-line"],
  ["\x18", "safe-mode"],
  ["\x1a", "pause"],
  ["\x7f", "backspace"],
]);

/** Cursor and function keys of xterm and the VT220; F4 is safe mode and F5 repaints (MikroTik manual, "Command line interface"). */
const SEQUENCES: ReadonlyMap<string, NamedKey> = new Map([
  ["[A", "up"],
  ["[B", "down"],
  ["[C", "right"],
  ["[D", "left"],
  ["OA", "up"],
  ["OB", "down"],
  ["OC", "right"],
  ["OD", "left"],
  ["[H", "home"],
  ["[F", "end"],
  ["OH", "home"],
  ["OF", "end"],
  ["[1~", "home"],
  ["[4~", "end"],
  ["[3~", "delete"],
  ["OP", "help"],
  ["[11~", "help"],
  ["OS", "safe-mode"],
  ["[14~", "safe-mode"],
  ["[15~", "repaint"],
  ["/Z", "identity"],
]);

/** Longest escape sequence that is collected. */
const LONGEST = 32;
/** A whole sequence, without its ESC. */
const WHOLE = /^(?:\[[0-?]*[ -/]*[@-~]|O.|\/.|[^[O/])$/s;

/** Bytes into keys; sequences and UTF-8 may be split anywhere. Unknown sequences are swallowed. */
export class KeyReader {
  readonly #decoder = new StringDecoder("utf8");
  #sequence: string | undefined;
  #afterReturn = false;

  read(bytes: Buffer): Key[] {
    const keys: Key[] = [];
    for (const char of this.#decoder.write(bytes)) {
      const key = this.#readChar(char);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  #readChar(char: string): Key | undefined {
    const afterReturn = this.#afterReturn;
    this.#afterReturn = char === "\r";
    if (char === "\x1b") {
      this.#sequence = "";
      return undefined;
    }
    if (this.#sequence !== undefined) return this.#readSequence(this.#sequence + char);
    if (char === "\n" && afterReturn) return undefined; // The second half of one Enter.
    if (char === "\r" || char === "\n") return { kind: "enter" };
    const control = CONTROLS.get(char);
    if (control !== undefined) return { kind: control };
    return char < " " ? undefined : { kind: "char", char };
  }

  #readSequence(text: string): Key | undefined {
    this.#sequence = text;
    if (!WHOLE.test(text)) {
      if (text.length > LONGEST) this.#sequence = undefined;
      return undefined;
    }
    this.#sequence = undefined;
    const position = /^\[(\d{1,5});(\d{1,5})R$/.exec(text);
    if (position !== null) return { kind: "position", row: Number(position[1]), col: Number(position[2]) };
    if (/^\[[?>][\d;]*c$/.test(text)) return { kind: "identity" };
    const named = SEQUENCES.get(text);
    return named === undefined ? undefined : { kind: named };
  }
}
