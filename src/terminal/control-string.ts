const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;

/** OSC is also ended by BEL (xterm); DCS, APC, PM and SOS are not. */
export type StringKind = "osc" | "string";

/** The input ends inside what may be a terminator. */
export const INCOMPLETE = -1;
/** The byte ends nothing. */
export const NO_END = -2;

/** What kind of control string `ESC b` opens, if any. */
export function stringKind(b: number): StringKind | undefined {
  if (b === 0x5d) return "osc";
  return b === 0x50 || b === 0x58 || b === 0x5e || b === 0x5f ? "string" : undefined;
}

/**
 * Where a control string ends if it does at `at`: behind BEL (OSC only), ST (`ESC \` or U+009C), CAN or SUB; before any other
 * escape sequence.
 */
export function stringEnd(input: Uint8Array, at: number, kind: StringKind): number {
  const b = input[at] ?? 0;
  if (b === BEL) return kind === "osc" ? at + 1 : NO_END;
  if (b === CAN || b === SUB) return at + 1;
  if (b !== ESC && b !== 0xc2) return NO_END;
  if (at + 1 >= input.length) return INCOMPLETE;
  const next = input[at + 1];
  if (b === ESC) return next === 0x5c ? at + 2 : at;
  return next === 0x9c ? at + 2 : NO_END;
}

/** Where the control string whose payload starts at `from` ends; the input's end when it is not terminated. */
export function skipString(input: Uint8Array, from: number, kind: StringKind): number {
  for (let j = from; j < input.length; j++) {
    const b = input[j] ?? 0;
    if (b >= 0x20 && b !== 0xc2) continue;
    const end = stringEnd(input, j, kind);
    if (end === INCOMPLETE) return input.length;
    if (end !== NO_END) return end;
  }
  return input.length;
}
