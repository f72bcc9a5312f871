/** An escape sequence is looked for in so many bytes in front of a range. */
export const LOOK_BACK = 64;

const OPEN = /\u001b(?:\[[0-?]*[ -/]*|[ -/]*)$/;
const WHOLE = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|[ -/]*[0-Z\\^-~])/;

/** Bytes at the begin of a range that finish an escape sequence (ECMA-48 5.4) begun in front of it: no text of the range. */
export function restOfSequence(before: Buffer, bytes: Buffer): number {
  const open = OPEN.exec(before.toString("latin1"))?.[0];
  if (open === undefined) return 0;
  const whole = WHOLE.exec(open + bytes.subarray(0, LOOK_BACK).toString("latin1"))?.[0];
  return whole === undefined ? 0 : Math.max(0, whole.length - open.length);
}
