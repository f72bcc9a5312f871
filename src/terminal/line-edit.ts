/** Keys that throw away what is before the cursor. */
export const DISCARDS = /[\u0003\u0015]/;

const ERASES = /[\b\u007f]/;
const CONTROL = /[\u0000-\u001f\u007f]/;
const BEYOND_ASCII = /[^\u0000-\u007f]/;

/** A line in the making. */
export interface EditedLine {
  readonly typed: string;
  /** False: a key changed it in a way that only the far end knows. */
  readonly known: boolean;
}

export const EMPTY_LINE: EditedLine = { typed: "", known: true };

/**
 * The line once these keys were typed behind it. A key that throws the line away does not do so behind Ctrl-V, at the start of the
 * line, or where the terminal has none: only the screen tells. How much of a letter with marks Backspace takes differs, too.
 */
export function edited(line: EditedLine, keys: string): EditedLine {
  let { typed, known } = line;
  for (const key of keys) {
    if (DISCARDS.test(key)) known = known && typed === "";
    else if (ERASES.test(key)) {
      known = known && !BEYOND_ASCII.test([...typed].at(-1) ?? "");
      typed = [...typed].slice(0, -1).join("");
    } else if (CONTROL.test(key)) known = false;
    else typed += key;
  }
  return { typed, known };
}
