import type { Device } from "../../devices/device.ts";
import { isSubsequence, squeeze } from "./echo.ts";

/** The line that was typed, and the prompt's row it was typed at. */
interface TypedLine {
  readonly typed: string;
  readonly prompt: string;
}

/**
 * Rows that came between the first key of a line and its Enter, and are no echo: the device's own, or what a command before
 * printed whose end was believed too early. `rows` end with the cursor's, on which the echo stands.
 */
export function cameBesideEcho(rows: readonly string[], line: TypedLine, device: Device): string[] {
  return rows.filter((text, index) => {
    const row = text.trimEnd();
    if (row === "") return false;
    if (device.isAsync(row)) return true;
    return index < rows.length - 1 && !isOfLine(row, line, device);
  });
}

/** A prompt alone, or a part of the line behind it or at its start, as an editor paints it on the way. */
function isOfLine(row: string, { typed, prompt }: TypedLine, device: Device): boolean {
  const stem = prompt.trimEnd();
  if (row === stem || device.prompt(row) !== undefined) return true;
  const behind = stem !== "" && row.startsWith(stem) ? row.slice(stem.length) : row;
  const part = squeeze(behind.replace(/^\s*[<$]|[>$]\s*$/g, ""));
  const whole = squeeze(typed);
  if (part === "" || whole.includes(part)) return true;
  // Words that are completed on the way: what is typed of it is there in its order.
  return device.echo === "fuzzy" && behind !== row && part[0] === whole[0] && holdsBeginning(part, whole);
}

/** At least half of it is a beginning of the line, in its order. */
function holdsBeginning(part: string, whole: string): boolean {
  const most = Math.min(part.length, whole.length);
  for (let length = most; length >= Math.ceil(part.length / 2); length--)
    if (whole[length - 1] === part.at(-1) && isSubsequence(whole.slice(0, length), part)) return true;
  return false;
}
