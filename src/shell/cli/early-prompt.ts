/**
 * Was the prompt on the screen printed before the output? birdc's line editor prints its prompt the moment Enter is pressed,
 * erases it for the answer and prints it again, also behind an empty answer: one prompt right behind the echo is no end.
 * `bytes` came since Enter, and no second row has begun.
 */
export function standsEarly(bytes: Uint8Array, promptRow: string): boolean {
  const text = Buffer.from(bytes).toString("utf8");
  const behindEcho = text.slice(text.indexOf("\n") + 1);
  return behindEcho.split(promptRow).length - 1 < 2;
}
