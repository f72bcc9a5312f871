import stripAnsi from "strip-ansi";
import { visibleLine } from "../../base/text.ts";
import { asKeys } from "../../terminal/key-notation.ts";

/** Keys that interrupt, quit or suspend: Ctrl-C, Ctrl-\, Ctrl-Z. */
export const INTERRUPTS = /[\u0003\u001c\u001a]/;

/** Keys behind the last Enter. An interrupt throws away what was not read. */
export function behindEnter(keys: string): string {
  return /[^\r\n\u0003\u001c]*$/.exec(keys)?.[0] ?? "";
}

/** Keys that leave nothing on a line: end of input, suspend, stop and go on, erase, redraw. */
export const LEAVES_NOTHING = /[\u0004\u0008\u000c\u0011\u0013\u001a\u007f]/g;

/** Do keys end within a line, so that something of them may be left? An interrupt throws away what was not read. */
export function endsOpen(keys: string, before: boolean, least: number): boolean {
  const tail = behindEnter(keys);
  const printable = stripAnsi(tail).replace(/[\u0000-\u001f\u007f]/g, "");
  const alone = tail.length === keys.length;
  return printable.length >= (alone ? least : 1) || (alone && before);
}

/** What was typed in the notation of keys; the Enter that ends a line goes without saying. */
export function shownKeys(text: string): string {
  const keys = asKeys(text);
  return visibleLine(keys.replace(/(.)(?:<Enter>)+$/s, "$1"), 200);
}
