import stripAnsi from "strip-ansi";
import type { Device } from "../../devices/device.ts";

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

/**
 * The same where rows of the device's own (log rows) may have pushed that prompt up. `bytes` came since the line was typed or
 * entered; its own echo is left out.
 */
export function isEarlyOnly(bytes: Uint8Array, promptRow: string, device: Device): boolean {
  if (device.profile.early_prompt !== true || !standsEarly(bytes, promptRow)) return false;
  const text = Buffer.from(bytes).toString("utf8");
  const rows = stripAnsi(text.slice(text.indexOf("\n") + 1)).split(/[\r\n]+/);
  const own = rows.map((row) => row.trimEnd()).filter((row) => row !== "" && !device.isAsync(row));
  return own.length <= 1;
}
