import stripAnsi from "strip-ansi";
import type { Device } from "../../devices/device.ts";
import type { DeviceMemory } from "./memory.ts";

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
  return rowsBehindEcho(bytes, device).length <= 1;
}

/** Outputs without an early prompt, from which a session is taken to print none. */
const PLAIN = 2;

/** Nothing but the prompt was printed behind the line that was entered, and the device may print it before the output. */
export function mayBeEarly(memory: DeviceMemory, bytes: Uint8Array, promptRow: string): boolean {
  const { device, early } = memory;
  if (device.profile.early_prompt !== "sometimes" && !early.seen) return false;
  if (!early.seen && early.plain >= PLAIN) return false;
  return rowsBehindEcho(bytes, device).every((row) => row === promptRow);
}

/** An answer has ended at this prompt: what it says about the order of prompt and output. */
export function withAnswer(memory: DeviceMemory, bytes: Uint8Array, promptRow: string): DeviceMemory {
  const rows = rowsBehindEcho(bytes, memory.device);
  if (rows.every((row) => row === promptRow)) return memory;
  const { seen, plain } = memory.early;
  return { ...memory, early: rows[0] === promptRow ? { seen: true, plain } : { seen, plain: plain + 1 } };
}

/** What was printed behind the entered line, but for rows of the device's own; a repainted row counts as several. */
function rowsBehindEcho(bytes: Uint8Array, device: Device): string[] {
  const text = Buffer.from(bytes).toString("utf8");
  const rows = stripAnsi(text.slice(text.indexOf("\n") + 1)).split(/[\r\n]+/);
  return rows.map((row) => row.trimEnd()).filter((row) => row !== "" && !device.isAsync(row));
}
