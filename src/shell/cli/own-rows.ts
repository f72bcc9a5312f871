import type { Device } from "../../devices/device.ts";

/** Rows of a message of several rows, at most: with a last row that is known, and without. */
const LONGEST = 60;
const LONGEST_OPEN = 16;

/**
 * Which of these rows are the device's own: log rows, and messages of several rows (`Broadcast Message from …`), whose text
 * follows their first row up to their last one, a prompt or a question.
 */
export function ownRows(rows: readonly string[], device: Device): readonly boolean[] {
  let left = 0;
  let isEnd: ((row: string) => boolean) | undefined;
  return rows.map((line) => {
    const row = line.trimEnd();
    if (device.prompt(row) || device.question(row) || device.isSecret(row)) {
      left = 0;
      return device.isAsync(row);
    }
    const begun =
      device.notice(row.slice(device.promptBefore(row)?.length ?? 0).trimStart()) ?? device.notice(row);
    if (begun) {
      isEnd = begun.end;
      left = begun.end === undefined ? LONGEST_OPEN : LONGEST;
    }
    const own = left > 0 || device.isAsync(row);
    left = isEnd?.(row) === true ? 0 : Math.max(0, left - 1);
    return own;
  });
}
