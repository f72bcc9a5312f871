import type { Device } from "../../devices/device.ts";
import { pointsAtFault, readsRefused } from "../../devices/refusal.ts";
import type { CleanRows } from "../pty/framing.ts";
import type { DeviceError, DeviceWarning } from "../record/outcome.ts";
import { looks } from "./names.ts";
import { ownRows } from "./own-rows.ts";

/** Rows at the beginning and at the end of an output where devices say what became of a line; in between such words are data. */
const MESSAGE_HEAD = 6;
const MESSAGE_TAIL = 3;
const MOST = 5;
/** An answer of so few rows may be nothing but a refusal. */
const SHORT = 3;

/** A control key as line editors show it. */
const KEY = /^\^[A-Z@[\]^_\\]$/;

export interface RowsOf {
  readonly device: Device;
  /** What was typed; a device that repaints its line shows it once more in front of the output. */
  readonly typed: string | undefined;
  /** The prompt's row it was typed at, where that is known. */
  readonly at?: string | undefined;
  /** Pages were answered: what is left of the pager's rows is no output. */
  readonly paged: boolean;
}

/**
 * A command's rows without what is not its own: echo, pager remnants, the prompt that ended it. A row of the device's own
 * (syslog, a broadcast) is told by its place: behind the prompt, or in front of the line painted once more, no output can
 * stand. Between those two it stays where it came, and is only counted.
 */
export function outputRows(lines: readonly string[], { device, typed, at, paged }: RowsOf): CleanRows {
  const asides: string[] = [];
  const behind = typed === undefined ? lines : behindEcho(lines, { typed, at }, device, asides);
  const { rows, stripped } = withoutTimestamp(behind, device);
  const printed = rows.flatMap((line) => {
    const row = line.trimEnd();
    if (!paged || row.trim().length < 4 || !device.pager(row)) return [line];
    const text = gluedTo(row, device);
    return text === "" ? [] : [text];
  });
  const own = withoutPrompts(withoutDoubled(printed, typed, device, asides), device, asides);
  const likeOwn = own.flatMap((line, index) => (device.isAsync(line.trimEnd()) ? [index] : []));
  return { lines: own, asides, likeOwn, stripped };
}

/**
 * Within a command of several lines: a device that takes an Enter for two line ends prints its prompt once more, in front of the
 * one that the next line is typed at.
 */
function withoutDoubled(
  lines: readonly string[],
  typed: string | undefined,
  device: Device,
  asides: string[],
): readonly string[] {
  const next = new Set(
    (typed ?? "")
      .split(/[\r\n]+/)
      .slice(1)
      .map((line) => line.trim()),
  );
  if (next.size === 0) return lines;
  return lines.filter((line, index) => {
    const row = line.trimEnd();
    if (row === "" || device.prompt(row) === undefined) return true;
    const below = lines.slice(index + 1).find((other) => other.trim() !== "" && other.trim() !== row);
    const doubled = below?.startsWith(row) === true && next.has(below.slice(row.length).trim());
    if (doubled) asides.push(row);
    return !doubled;
  });
}

/** The first rows that a device prints with its prompt in front of each answer, each kind once; an answer that is nothing else stays. */
function withoutTimestamp(
  lines: readonly string[],
  device: Device,
): { readonly rows: readonly string[]; readonly stripped: readonly string[] } {
  const first = lines.findIndex((line) => line.trim() !== "");
  const stripped: string[] = [];
  const met = new Set<number>();
  for (let at = first; at >= 0 && at < lines.length; at++) {
    const row = lines[at]?.trimEnd() ?? "";
    const kind = device.stripped(row);
    if (kind === undefined || met.has(kind)) break;
    met.add(kind);
    stripped.push(row);
  }
  const rest = lines.slice(first + stripped.length);
  const empty = withoutPrompt(rest, device).every((line) => line.trim() === "");
  return stripped.length === 0 || empty ? { rows: lines, stripped: [] } : { rows: rest, stripped };
}

/** The rows without the prompts at their end; those of the device's own that stand behind one are set apart. */
function withoutPrompts(lines: readonly string[], device: Device, asides: string[]): readonly string[] {
  let rows = apart(lines, device);
  for (;;) {
    const end = lastNotOwn(rows, device);
    const prompt = rows[end]?.trimEnd() ?? "";
    const behind = rows.slice(end + 1).filter((line) => line.trim() !== "");
    const left = end < 0 || device.prompt(prompt) === undefined ? undefined : rows.slice(0, end + 1);
    if (left === undefined) return behind.length === 0 ? withoutPrompt(rows, device) : rows;
    asides.unshift(...behind.map((line) => line.trimEnd()));
    const own = withoutPrompt(left, device);
    const next = lastNotOwn(own, device);
    // The same prompt once more above rows of the device's own: they had pushed it up.
    if (next === own.length - 1 || (own[next]?.trimEnd() ?? "") !== prompt) return own;
    rows = own;
  }
}

/** The last row that is the output's or a prompt. */
function lastNotOwn(rows: readonly string[], device: Device): number {
  const own = ownRows(rows, device);
  return rows.findLastIndex((line, index) => line.trim() !== "" && own[index] !== true);
}

/** Rows at the end that were printed directly behind a prompt become rows of their own. */
function apart(lines: readonly string[], device: Device): readonly string[] {
  const own = ownRows(lines, device);
  const isOutput = (row: string, index: number) => row !== "" && own[index] !== true && !device.prompt(row);
  const end = lines.findLastIndex((line, index) => isOutput(line.trimEnd(), index)) + 1;
  const behind = lines.slice(end).flatMap((line) => {
    const prompt = device.promptBefore(line.trimEnd());
    return prompt === undefined ? [line] : [prompt, line.slice(prompt.length).trim()];
  });
  return [...lines.slice(0, end), ...behind];
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
  // One that takes an Enter for two line ends may have a blank row between the two.
  const twice = device.keys.enter.length > 1;
  while (rows.length > 0 && isPrompt(rows.at(-1)?.trimEnd() ?? "")) {
    rows.pop();
    if (twice) dropBlanks();
  }
  if (prompt.context && rows.length > 0 && prompt.context(rows.at(-1)?.trimEnd() ?? "")) rows.pop();
  dropBlanks();
  return rows;
}

/** What the rows of an output say about what was typed. */
export interface Messages {
  readonly errors: readonly DeviceError[];
  readonly warnings: readonly DeviceWarning[];
}

/**
 * Rows that the profile knows as errors or warnings, or has on no list; `lines` is the output of the line `typed`, or its first
 * and last part.
 */
export function messagesIn(lines: readonly string[], device: Device, typed: string): Messages {
  const rows = lines.map((line) => line.trimEnd()).filter((row) => row.trim() !== "" && !device.isAsync(row));
  const errors: DeviceError[] = [];
  const warnings: DeviceWarning[] = [];
  for (const [index, row] of rows.entries()) {
    if (index >= MESSAGE_HEAD && index < rows.length - MESSAGE_TAIL) continue;
    const said = device.message(row);
    if (said?.is === "error") errors.push({ class: said.class, row: row.trim() });
    else if (said?.is === "warning") warnings.push({ class: said.class, row: row.trim() });
  }
  if (errors.length === 0 && warnings.length === 0) return unlisted(rows, typed);
  return { errors: errors.slice(0, MOST), warnings: warnings.slice(0, MOST) };
}

/** What an answer says that no list has: it points at a word of the line, or is short and reads as a refusal. */
function unlisted(rows: readonly string[], typed: string): Messages {
  const [first = "", second] = rows;
  if (pointsAtFault(first))
    return { errors: [{ class: "syntax", row: (second ?? first).trim() }], warnings: [] };
  const refused = rows.length > SHORT ? undefined : rows.find((row) => readsRefused(row, looks(typed)));
  return { errors: [], warnings: refused === undefined ? [] : [{ class: "unknown", row: refused.trim() }] };
}

/**
 * What is left of the typed line's own row, and the row of a device that paints prompt and line once more: behind rows of
 * its own, or where the profile says that it repaints. Another prompt with the same line behind it is output.
 */
function behindEcho(
  lines: readonly string[],
  echo: { readonly typed: string; readonly at: string | undefined },
  device: Device,
  asides: string[],
): readonly string[] {
  const typed = echo.typed.split(/[\r\n]/, 1)[0] ?? "";
  const shows = (line: string | undefined) => isEcho(line?.trimEnd() ?? "", typed, echo.at, device);
  // The first row is the one that the line was typed on.
  const begun = shows(lines[0]) || lines[0]?.trim() === "" ? 1 : 0;
  const next = lines.findIndex(
    (line, index) => index >= begun && line.trim() !== "" && !device.isAsync(line.trimEnd()),
  );
  const above = lines.slice(begun, Math.max(begun, next)).filter((line) => line.trim() !== "");
  if (next < 0 || (above.length === 0 && device.echo === "exact") || !shows(lines[next]))
    return lines.slice(begun);
  asides.push(...above.map((line) => line.trimEnd()));
  return lines.slice(next + 1);
}

/** A line wider than the terminal shows a part of itself: its end behind a mark, its head in front of one, or what is between. */
function isScrolled(row: string, line: string, at = ""): boolean {
  const behind = /^(?:.*[>#$] )?[<$](.{8,})$/.exec(row)?.[1];
  if (behind !== undefined && line.endsWith(behind.trimEnd())) return true;
  const prompt = at.trimEnd();
  const part = prompt !== "" && row.startsWith(prompt) ? row.slice(prompt.length).trimStart() : "";
  const [, left, shown = ""] = /^([<$]?)(.{8,})[$>]$/.exec(part) ?? [];
  return (
    shown !== "" &&
    shown.length < line.length &&
    (left === "" ? line.startsWith(shown) : line.includes(shown))
  );
}

function isEcho(row: string, typed: string, at: string | undefined, device: Device): boolean {
  const line = typed.trim();
  if (isScrolled(row, line, at)) return true;
  if (line === "" || !row.endsWith(line) || row === line) return false;
  const prompt = row.slice(0, row.length - line.length).trimEnd();
  return at === undefined ? device.prompt(prompt) !== undefined : prompt === at.trimEnd();
}
