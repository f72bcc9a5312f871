import type { Snapshot } from "../pty/snapshot.ts";
import { mayBeEarly, printedSince } from "./early-prompt.ts";
import type { PromptRow } from "./known-prompts.ts";
import { type DeviceMemory, type ExpectedPrompt, isKnown } from "./memory.ts";
import { mayRename } from "./names.ts";

/** Quiet times in milliseconds before a prompt is believed; what speaks against it makes them longer. */
const LOGIN_SETTLE = 300;
const LOGIN_LONGEST = 2000;
/** A prompt of a host or shape not seen before: output may hold such a row. */
const UNKNOWN_SETTLE = 1000;
export const DOUBTFUL = 1000;
/** Commands that pause while they work. */
const PAUSES =
  /^\s*(?:do\s+)?(?:ping|traceroute|tracert|copy|wr(?:ite)?|reload|more|type|s?ftp|tftp|scp|commit|upgrade|install|request|test|monitor|tail|archive|format|erase|delete|verify|boot|firmware|save|generate|crypto|execute|load|clear)\b/i;
const PAUSING_SETTLE = 400;
/** Between two lines that are typed by us nothing but the prompt tells that the first has ended. */
const NEXT_LINE = 1000;
/** Such a line may be taken for an answer. */
const NEXT_ANSWER = 2000;
/** Rows in which a login on something else shows itself. */
const FIRST_ROWS = 6;
const PAUSES_LONGEST = 30_000;
/** A pager's row at the end of a full page; elsewhere it may be a row of output. */
const FULL_PAGE = 20;
const ODD_PAGE = 150;

/** How long this prompt has to stand, milliseconds. */
export function settleOf(
  memory: DeviceMemory,
  prompt: PromptRow,
  expected: ExpectedPrompt,
  seen: Snapshot,
): number {
  if (expected.first) return loginSettle(memory);
  const { device, pauses } = memory;
  if (!isKnown(memory, prompt, expected.typed)) return unknownSettle(memory);
  if (prompt.like) return unknownSettle(memory);
  const marked = showsEditor(seen, expected.since);
  const least = marked
    ? device.settleMs
    : Math.max(device.settleMs, ...doubts(memory, prompt, expected, seen));
  if (expected.next === undefined || marked) return least;
  const answers = /^\s*[yn]/i.test(expected.next);
  const paused = Math.min(3 * pauses.longestMs, PAUSES_LONGEST);
  return Math.max(least, paused, answers ? NEXT_ANSWER : NEXT_LINE);
}

/** A prompt of another shape, or of another host that a line leads to. */
export function unknownSettle({ device }: DeviceMemory): number {
  return Math.max(UNKNOWN_SETTLE, device.settleMs);
}

/**
 * A prompt of another host, and nothing that was typed explains it: a row of output, or a program at its own prompt
 * (`sftp>`). Nothing proves that the command has ended. `lines`: what was typed, as far as it is known; `printed` since then.
 */
export function isStranger(
  memory: DeviceMemory,
  prompt: PromptRow,
  lines: readonly string[],
  printed: readonly string[],
): boolean {
  const { device, home, known } = memory;
  if (prompt.host === undefined || known.host === undefined || prompt.mode === "shell") return false;
  if (home.away !== undefined || home.lost !== undefined) return false;
  if (lines.some((line) => device.away.leads(line) || mayRename(line) || isKnown(memory, prompt, line)))
    return false;
  if (printed.slice(0, FIRST_ROWS).some((row) => device.away.login(row.trimEnd()))) return false;
  const steps = [...device.modes.values()].flatMap(({ enter, leave }) => [enter.send, leave.send]);
  return !lines.some((line) => steps.includes(line.trim()));
}

/** After login a banner may hold a row like a prompt and go on after a pause. */
export function loginSettle({ device, pauses }: DeviceMemory): number {
  return Math.max(LOGIN_SETTLE, device.settleMs, Math.min(3 * pauses.longestMs, LOGIN_LONGEST));
}

/** Settle times that speak against an end, milliseconds. */
function doubts(memory: DeviceMemory, prompt: PromptRow, expected: ExpectedPrompt, seen: Snapshot): number[] {
  const { pauses, wentOn, device } = memory;
  const found: number[] = [];
  if (PAUSES.test(expected.typed)) found.push(PAUSING_SETTLE);
  // A pause within the output says that it comes in pieces.
  found.push(Math.min(DOUBTFUL, Math.round(1.5 * pauses.withinMs)));
  for (const { word, afterMs } of wentOn)
    found.push(
      word === firstWord(expected.typed)
        ? Math.min(5000, Math.max(DOUBTFUL, 3 * afterMs))
        : Math.min(DOUBTFUL, 2 * afterMs),
    );
  if (overwrites(seen, expected.since, prompt)) found.push(DOUBTFUL);
  if (mayBeEarly(memory, printedSince(expected, seen, prompt))) found.push(DOUBTFUL);
  const rows = seen.rowsSince(expected.since).map((row) => row.trimEnd());
  const own = rows.filter((row) => row !== "" && !device.isAsync(row));
  // The echo's own row may be the first of them.
  if (own.slice(0, -1).some((row, index) => row === prompt.row && own[index + 1] !== prompt.row))
    found.push(DOUBTFUL);
  return found;
}

/** What a command is known by from one time to the next. */
export function firstWord(line: string): string {
  return line.trim().split(/\s+/, 1)[0]?.toLowerCase() ?? "";
}

/** The prompt came with the marks of a line editor that reads (bracketed paste, application keys). */
function showsEditor(seen: Snapshot, since: number): boolean {
  const { bracketedPaste, applicationCursorKeys } = seen.view.modes;
  if (!bracketedPaste && !applicationCursorKeys) return false;
  const bytes = seen.bytesSince(since).toString("latin1");
  const row = bytes.slice(bytes.lastIndexOf("\n") + 1);
  return /\u001b\[\?(?:2004|1)h/.test(row);
}

/** Text was printed on the prompt's own row and overwritten: no line end precedes it. */
function overwrites(seen: Snapshot, since: number, prompt: PromptRow): boolean {
  const bytes = seen.bytesSince(since).toString("utf8");
  const row = bytes.slice(bytes.lastIndexOf("\n") + 1);
  const parts = row.replace(/\u001b(?:\[[\d;?]*[A-Za-z]|[=>A-Z78])/g, "\r").split(/[\r\b]+/);
  return parts.some(
    (part) => part.trim() !== "" && !prompt.row.includes(part.trim()) && !part.trim().includes(prompt.row),
  );
}

/** Quiet before a pager is answered, milliseconds. */
export function pagerSettle({ pages }: DeviceMemory, { since }: ExpectedPrompt, seen: Snapshot): number {
  const feeds = seen.lineFeedsSince(Math.max(since, pages.last?.end ?? 0));
  const rows = seen.view.rows.length;
  const full = [pages.last?.feeds, rows, rows - 1, rows - 2, rows - 3, 22, 23, 24].includes(feeds);
  return full ? FULL_PAGE : ODD_PAGE;
}
