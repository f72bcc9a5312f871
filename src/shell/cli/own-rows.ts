import type { Device } from "../../devices/device.ts";
import { beginsMessage } from "../../devices/lexicon.ts";

/** Rows of a message to all terminals, at most: it has no end of its own. */
const LONGEST_MESSAGE = 16;

/**
 * Which of these rows are the device's own: log rows, and messages to all terminals (`Broadcast Message from …`), whose text
 * follows their head up to the next prompt or question.
 */
export function ownRows(rows: readonly string[], device: Device): readonly boolean[] {
  let left = 0;
  return rows.map((line) => {
    const row = line.trimEnd();
    if (device.prompt(row) || device.question(row) || device.isSecret(row)) left = 0;
    else if (beginsMessage(row.slice(device.promptBefore(row)?.length ?? 0).trimStart()))
      left = LONGEST_MESSAGE;
    else if (left > 0) left--;
    return left > 0 || device.isAsync(row);
  });
}
