import { visibleLine } from "../base/text.ts";
import type { CommandRecord, SessionText, SessionView } from "../multiplexer/types.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import type { ScreenView } from "../terminal/types.ts";
import { grouped } from "./excerpt.ts";

/**
 * The line that ends every result about a session: `[web1 #7 done exit=0 cwd=/var/log 0.12s 34 lines]`. Always the
 * last one; its first three words are session, command id and state. Words after these are either `key=value` or a
 * unit of their own. `notes=N` counts the `note:` lines directly before it, so that no output can pass for
 * one of them.
 */
export function statusLine(words: readonly (string | undefined)[], notes: readonly string[]): string {
  const counted = notes.length === 0 ? undefined : `notes=${notes.length}`;
  return `[${[...words, counted].filter((word) => word !== undefined).join(" ")}]`;
}

/** What of an outcome is news to who reads it. */
export interface News {
  /** Its directory. */
  readonly cwd: boolean;
  /** The last row shown: a question is not told twice. */
  readonly last?: string | undefined;
}

/** Characters of a host's or an account's name. */
const LONGEST_NAME = 80;
/** A wait that ran out in so much silence says so. */
const SILENT_MS = 10_000;

/** The words of an outcome. `counted`: lines of the output it produced, undefined where these are not shown. */
export function outcomeWords(
  outcome: Outcome,
  counted: string | undefined,
  news: News,
): (string | undefined)[] {
  const first = [outcome.session, `#${outcome.command}`, outcome.state];
  const time = durationWord(outcome.durationMs);
  const level =
    outcome.level > 1 ? [`level=${outcome.level}`, valueWord("on", outcome.on, LONGEST_NAME)] : [];
  const cwd = news.cwd ? cwdWord(outcome.cwd) : undefined;
  switch (outcome.state) {
    case "done":
    case "stopped":
      return [
        ...first,
        endWord(outcome),
        exitWord(outcome.exit),
        cwd,
        ...placeWords(outcome),
        classesWord("error", outcome.errors),
        classesWord("warning", outcome.warnings),
        time,
        counted,
        ...level,
      ];
    case "asking":
      return [
        ...first,
        outcome.asked,
        byWord(outcome.evidence),
        outcome.risk === undefined ? undefined : `risk=${outcome.risk}`,
        outcome.submit === undefined ? undefined : `answer=${outcome.submit}`,
        valueWord("ends", outcome.ends?.with, 20),
        ...placeWords(outcome),
        asksWord(outcome.row, news.last),
        time,
        counted,
        ...level,
      ];
    case "ready":
      return [...first, endWord(outcome), cwd, ...placeWords(outcome), time, counted, ...level];
    case "running":
      return [
        ...first,
        outcome.evidence,
        silentWord(outcome.silentMs),
        ...placeWords(outcome),
        time,
        counted,
        `cursor=${outcome.to}`,
        ...level,
      ];
    case "screen":
      return [...first, byWord(outcome.evidence), time, ...level];
    case "closed":
      return [
        ...first,
        outcome.evidence,
        outcome.exit === undefined ? undefined : `code=${outcome.exit}`,
        time,
        counted,
      ];
  }
}

/** The evidence, where it is not the ordinary one: the shell's own report of an end, the alternate screen of a program. */
function byWord(evidence: string): string | undefined {
  return evidence === "sentinel" || evidence === "alternate_screen" ? undefined : `by=${evidence}`;
}

/** What a wait at a prompt came to, or by what the prompt is known; on a device `mode=` is read from it, and says so. */
function endWord({ evidence, mode }: Outcome): string | undefined {
  if (evidence === "timeout" || evidence === "matched") return evidence;
  return evidence === "prompt" && mode !== undefined ? undefined : byWord(evidence);
}

/** The row that asks, where the last row shown is another. */
function asksWord(row: string, last: string | undefined): string | undefined {
  const asks = visibleLine(row, 200);
  return row === "" || (last !== undefined && visibleLine(last, 200) === asks)
    ? undefined
    : `asks=${quoted(asks)}`;
}

function silentWord(ms = 0): string | undefined {
  return ms < SILENT_MS ? undefined : `silent=${Math.floor(ms / 1000)}s`;
}

export function recordWords(
  session: string,
  record: Pick<CommandRecord, "id" | "state" | "exit">,
): (string | undefined)[] {
  return [session, `#${record.id}`, record.state, exitWord(record.exit)];
}

/** Where a session is now. */
export function viewWords({ cwd, place }: Pick<SessionView, "cwd" | "place">): (string | undefined)[] {
  return [cwdWord(cwd), ...placeWords({ mode: place?.mode, host: place?.host })];
}

export function screenWords(screen: ScreenView): (string | undefined)[] {
  return [
    `version=${screen.version}`,
    `at=${screen.cursor.row + 1},${screen.cursor.col + 1}`,
    `size=${screen.size.cols}x${screen.size.rows}`,
    valueWord("title", screen.title || undefined, 80),
    screen.stale ? "stale" : undefined,
  ];
}

/** Rows printed with the prompt in front of the answer (a timestamp), which are not among its lines. */
export function strippedWord({ stripped = [] }: Pick<SessionText, "stripped">): string | undefined {
  return stripped.length === 0 ? undefined : `stripped=${stripped.length}`;
}

export function lineWord(lines: number): string {
  return `${grouped(lines)} ${lines === 1 ? "line" : "lines"}`;
}

/** Mode and host of the last prompt of a network CLI. */
function placeWords({
  mode,
  host,
}: {
  readonly mode?: string | undefined;
  readonly host?: string | undefined;
}): (string | undefined)[] {
  return [mode === undefined ? undefined : `mode=${mode}`, valueWord("host", host, LONGEST_NAME)];
}

/** The classes of what a device's profile knows as errors, or as warnings; the rows are part of the output. */
function classesWord(
  name: "error" | "warning",
  found: readonly { readonly class: string }[] = [],
): string | undefined {
  const classes = [...new Set(found.map((one) => one.class))];
  return classes.length === 0 ? undefined : `${name}=${classes.join(",")}`;
}

function exitWord(exit: number | undefined): string | undefined {
  return exit === undefined ? undefined : `exit=${exit}`;
}

function cwdWord(cwd: string | undefined): string | undefined {
  return valueWord("cwd", cwd, 300);
}

/** `name=value` in at most `longest` characters; undefined: there is no value. */
function valueWord(name: string, value: string | undefined, longest: number): string | undefined {
  return value === undefined ? undefined : `${name}=${quoted(visibleLine(value, longest))}`;
}

/** A directory or a title may hold blanks and brackets: then it is put in JSON quotes. */
function quoted(text: string): string {
  return /^[^\s[\]"\\]+$/.test(text) ? text : JSON.stringify(text);
}

/** Where it is worth a word: above 0.1 s. */
export function durationWord(ms: number): string | undefined {
  return ms > 100 ? secondsWord(ms) : undefined;
}

/** `0.12s`, `5.0s`: always a number directly followed by `s`. */
export function secondsWord(ms: number): string {
  const value = ms / 1000;
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)}s`;
}
