/** Keys that throw away what is before the cursor. */
export const DISCARDS = /[\u0003\u0015]/;

const ERASES = /[\b\u007f]/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A line in the making. */
export interface Line {
  readonly typed: string;
  /** False: a key changed it in a way that only the far end knows. */
  readonly known: boolean;
}

/** The line once these keys were typed behind it: text, Backspace and what discards it; any other key may do anything. */
export function edited(line: Line, keys: string): Line {
  let { typed, known } = line;
  for (const key of keys) {
    if (DISCARDS.test(key)) [typed, known] = ["", true];
    else if (ERASES.test(key)) typed = [...typed].slice(0, -1).join("");
    else if (CONTROL.test(key)) known = false;
    else typed += key;
  }
  return { typed, known };
}
