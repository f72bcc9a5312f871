/**
 * Keys that move, page, leave or stop, in every program: arrows, Home and its kin, Page Up and Down, Escape, blanks, `q`, and the
 * control keys that interrupt or end input. Several may come together; text is more than keys.
 */
const HARMLESS =
  /^(?:\u001b(?:\[[0-9;]{0,8}[A-HFZ~]|O[A-HPQRSF])?|[ qQ\u0002\u0003\u0004\u0006\u000c\u001a\u001c\u001e])+$/;

/** Does typing this do no more than look around in a program, leave it or stop it? An Enter alone goes to the next page. */
export function isHarmless(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  return text === "\r" || text === "\n" || HARMLESS.test(text);
}
