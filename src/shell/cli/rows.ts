import type { Device } from "../../devices/device.ts";
import type { CleanRows } from "../pty/framing.ts";
import type { DeviceError } from "../record/outcome.ts";

/** Rows at the beginning and at the end of an output where devices report errors; in between such words are data. */
const ERROR_HEAD = 6;
const ERROR_TAIL = 3;
const MAX_ERRORS = 5;

/** A control key as line editors show it. */
const KEY = /^\^[A-Z@[\]^_\\]$/;

export interface RowsOf {
  readonly device: Device;
  /** What was typed; a device that repaints its line shows it once more in front of the output. */
  readonly typed: string | undefined;
  /** Pages were answered: what is left of the pager's rows is no output. */
  readonly paged: boolean;
}

/** An output without what is not its own: echo, pager remnants, timestamps, syslog rows, the prompt that ended it. */
export function outputRows(lines: readonly string[], { device, typed, paged }: RowsOf): CleanRows {
  const asides: string[] = [];
  // Who asks for the log gets its rows.
  const wantsLog = typed !== undefined && /\blog/i.test(typed);
  const printed = lines.filter((line) => {
    const row = line.trimEnd();
    if (wantsLog || row === "" || !device.isAsync(row)) return true;
    asides.push(row);
    return false;
  });
  const behind = typed === undefined ? printed : behindEcho(printed, typed, device);
  const own = behind.flatMap((line) => {
    const row = line.trimEnd();
    if (device.isStripped(row)) return [];
    if (!paged || row.trim().length < 4 || !device.pager(row)) return [line];
    const text = gluedTo(row, device);
    return text === "" ? [] : [text];
  });
  return { lines: withoutPrompt(own, device), asides };
}

/** Output that a pager was printed right behind, in the middle of a row, by a device that did not erase it. */
function gluedTo(row: string, device: Device): string {
  let from = 0;
  while (from < row.length && device.pager(row.slice(from + 1))) from++;
  const text = row.slice(0, from);
  // Dashes and brackets in front are the pager's own.
  return /\w\S*$/.test(text) ? text : "";
}

/** The rows without the prompt at their end and without its context row. */
export function withoutPrompt(lines: readonly string[], device: Device): string[] {
  const rows = [...lines];
  const dropBlanks = () => {
    while (rows.length > 0 && rows.at(-1)?.trim() === "") rows.pop();
  };
  dropBlanks();
  const last = rows.at(-1)?.trimEnd() ?? "";
  const prompt = last === "" ? undefined : device.prompt(last);
  if (!prompt) return rows;
  // A device that repaints may leave the same prompt several times, and one that got an interrupt key too late that key.
  const isPrompt = (row: string) =>
    row === last || (row.startsWith(last) && KEY.test(row.slice(last.length)));
  while (rows.length > 0 && isPrompt(rows.at(-1)?.trimEnd() ?? "")) rows.pop();
  if (prompt.context && rows.length > 0 && prompt.context(rows.at(-1)?.trimEnd() ?? "")) rows.pop();
  dropBlanks();
  return rows;
}

/** Rows that the profile knows as errors; `lines` is an output, or its first and last part. */
export function errorsIn(lines: readonly string[], device: Device): DeviceError[] {
  const rows = lines.map((line) => line.trimEnd()).filter((row) => row.trim() !== "");
  const candidates = rows.filter((_row, index) => index < ERROR_HEAD || index >= rows.length - ERROR_TAIL);
  return candidates
    .flatMap((row) => {
      const found = device.errorClass(row);
      return found === undefined ? [] : [{ class: found, row: row.trim() }];
    })
    .slice(0, MAX_ERRORS);
}

/** What is left of the typed line's own row, and the rows of a device that paints prompt and line once more. */
function behindEcho(lines: readonly string[], typed: string, device: Device): readonly string[] {
  const first = typed.split(/[\r\n]/, 1)[0] ?? "";
  let from = lines[0]?.trim() === "" ? 1 : 0;
  for (;;) {
    const next = lines.findIndex((line, index) => index >= from && line.trim() !== "");
    if (next < 0 || !isEcho(lines[next]?.trimEnd() ?? "", first, device)) return lines.slice(from);
    from = next + 1;
  }
}

function isEcho(row: string, typed: string, device: Device): boolean {
  const line = typed.trim();
  // A line that scrolled sideways shows its end behind a mark.
  const scrolled = /^(?:.*[>#$] )?[<$](.{8,})$/.exec(row)?.[1];
  if (scrolled !== undefined && line.endsWith(scrolled.trimEnd())) return true;
  if (line === "" || !row.endsWith(line) || row === line) return false;
  return device.prompt(row.slice(0, row.length - line.length).trimEnd()) !== undefined;
}
