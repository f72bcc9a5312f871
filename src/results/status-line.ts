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

/** The words of an outcome. `lines`: of the output it produced, undefined where that is not shown; `screen` where the state is one. */
export function outcomeWords(
  outcome: Outcome,
  counted: string | undefined,
  screen?: ScreenView,
): (string | undefined)[] {
  const first = [outcome.session, `#${outcome.command}`, outcome.state];
  const time = secondsWord(outcome.durationMs);
  const level = outcome.level > 1 ? `level=${outcome.level}` : undefined;
  switch (outcome.state) {
    case "done":
    case "stopped":
      return [
        ...first,
        // The sentinel is the ordinary case; a prompt is the weaker evidence and says so.
        outcome.evidence === "prompt" ? "prompt" : undefined,
        exitWord(outcome.exit),
        cwdWord(outcome.cwd),
        ...placeWords(outcome),
        classesWord("error", outcome.errors),
        classesWord("warning", outcome.warnings),
        time,
        counted,
        level,
      ];
    case "asking":
      return [
        ...first,
        outcome.asked,
        outcome.evidence,
        outcome.risk === undefined ? undefined : `risk=${outcome.risk}`,
        outcome.submit === undefined ? undefined : `answer=${outcome.submit}`,
        outcome.ends === undefined ? undefined : `ends=${quoted(visibleLine(outcome.ends.with, 20))}`,
        ...placeWords(outcome),
        outcome.row === "" ? undefined : `asks=${quoted(visibleLine(outcome.row, 200))}`,
        time,
        counted,
        cursorWord(outcome),
        level,
      ];
    case "ready":
      return [
        ...first,
        // As for "done".
        outcome.evidence === "sentinel" ? undefined : outcome.evidence,
        cwdWord(outcome.cwd),
        ...placeWords(outcome),
        time,
        counted,
        cursorWord(outcome),
        level,
      ];
    case "running":
      return [...first, outcome.evidence, ...placeWords(outcome), time, counted, cursorWord(outcome), level];
    case "screen":
      return [...first, outcome.evidence, ...screenWords(screen), time, level];
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

export function recordWords(
  session: string,
  record: Pick<CommandRecord, "id" | "state" | "exit" | "cwd">,
): (string | undefined)[] {
  return [session, `#${record.id}`, record.state, exitWord(record.exit), cwdWord(record.cwd)];
}

/** Where a session is now. */
export function viewWords({ cwd, place }: Pick<SessionView, "cwd" | "place">): (string | undefined)[] {
  return [cwdWord(cwd), ...placeWords({ mode: place?.mode, host: place?.host })];
}

export function screenWords(screen: ScreenView | undefined): (string | undefined)[] {
  if (screen === undefined) return [];
  return [
    `version=${screen.version}`,
    `at=${screen.cursor.row + 1},${screen.cursor.col + 1}`,
    `size=${screen.size.cols}x${screen.size.rows}`,
    screen.title === "" ? undefined : `title=${quoted(visibleLine(screen.title, 80))}`,
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
  return [
    mode === undefined ? undefined : `mode=${mode}`,
    host === undefined ? undefined : `host=${quoted(visibleLine(host, 80))}`,
  ];
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
  return cwd === undefined ? undefined : `cwd=${quoted(visibleLine(cwd, 300))}`;
}

function cursorWord(outcome: Outcome): string {
  return `cursor=${outcome.to}`;
}

/** A directory or a title may hold blanks and brackets: then it is put in JSON quotes. */
function quoted(text: string): string {
  return /^[^\s[\]"\\]+$/.test(text) ? text : JSON.stringify(text);
}

/** `0.12s`, `5.0s`: always a number directly followed by `s`. */
export function secondsWord(ms: number): string {
  const value = ms / 1000;
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)}s`;
}
