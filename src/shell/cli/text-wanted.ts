import type { Device } from "../../devices/device.ts";
import type { TextEnd } from "../../devices/text-ends.ts";
import { keyName } from "../../terminal/keys.ts";
import type { State } from "../record/outcome.ts";
import { asking } from "./sight.ts";

/** Rows behind a command among which the device asks for a text. */
const FIRST_ROWS = 6;
/** What stands at the beginning of each line of such a text on some platforms. */
const LINE_MARK = /^>{1,3}$/;

/** A text of several lines that the device wants: what ends it, and the row that says so. */
export interface TextWanted {
  readonly text: TextEnd;
  readonly row: string;
  /** By the device; otherwise the line alone says it. */
  readonly said: boolean;
}

/** May a line of a text be typed on this row? */
export function isTextRow(row: string): boolean {
  return row === "" || LINE_MARK.test(row);
}

/**
 * Does the device want a text behind `lines`, which were typed? `rows`: printed since; `goesOn`: keys were typed since, which
 * are a part of it by now.
 */
export function textWanted(
  device: Device,
  lines: readonly string[],
  rows: readonly string[],
  goesOn: boolean,
): TextWanted | undefined {
  const printed = rows
    .map((row) => row.trimEnd())
    .filter(
      (row) => !isTextRow(row) && !device.isAsync(row) && !lines.some((line) => row.endsWith(line.trim())),
    );
  for (const [index, row] of printed.slice(0, FIRST_ROWS).entries()) {
    const text = index === printed.length - 1 || goesOn ? device.text.row(row) : undefined;
    if (text) return { text, row, said: true };
  }
  if (printed.length > 0 && !goesOn) return undefined;
  for (const line of lines) {
    const text = device.text.line(line.trim());
    if (text) return { text, row: line.trim(), said: false };
  }
  return undefined;
}

/** That state. */
export function wantsText({ text: { end, where }, row }: TextWanted): State {
  return asking("text", row, { submit: "line", ends: { with: keyName(end), where } });
}

/** For people. */
export function saysEnd({ end, where }: TextEnd): string {
  const key = keyName(end);
  if (key !== end) return `the device takes a text now; the key ${key} ends it`;
  return `the device takes a text now; ${where === "in" ? `${JSON.stringify(end)} in a line` : `a line with nothing but ${JSON.stringify(end)}`} ends it`;
}

/** Index of the line that ends the text, from `from` on; undefined: none does. */
export function endOfText(
  { end, where }: TextEnd,
  lines: readonly string[],
  from: number,
): number | undefined {
  const at = lines.findIndex(
    (line, index) => index >= from && (where === "in" ? line.includes(end) : line.trim() === end),
  );
  return at < 0 ? undefined : at;
}
