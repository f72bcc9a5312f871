import type { Nature } from "./nature.ts";
import type { Ran } from "./ran.ts";
import { joined, type Sh, sh } from "./sh.ts";

/**
 * A command, which is no pipe, that is ended after so many seconds, whatever the system has for that. A sleep that is left over
 * holds none of what a reader waits for the end of.
 */
export function within(nature: Nature, seconds: number, command: Sh): Sh {
  if (nature.has.has("timeout") && !nature.busybox.has("timeout")) return sh`timeout ${seconds} ${command}`;
  // A shell of its own: one of the Korn family lets a subshell wait for its sleep, with copies of what it had redirected.
  // That of BusyBox took its seconds behind -t once, and leaves a process behind that keeps what is read open for a second.
  return sh`{ ${command} & p=$!; /bin/sh -c 'sleep "$1"; kill "$2"' sh ${seconds} "$p" >/dev/null 2>&1 3>&- 4>&- 5<&- & w=$!; wait "$p"; s=$?; kill "$w" 2>/dev/null; (exit "$s"); }`;
}

/** An exit code of `within` that says its time was up: of coreutils, or of a signal. */
export function timeWasUp(exit: number): boolean {
  return exit === 124 || exit === 143;
}

/** Rows of a command that may have very many, and what it complained of. */
export interface Gathered {
  readonly rows: readonly string[];
  /** There are more than were asked for. */
  readonly more: boolean;
  /** The first few of its complaints, and how many there were. */
  readonly errors: readonly string[];
  readonly errorCount: number;
  readonly timeUp: boolean;
}

const ERRORS_KEPT = 3;

/**
 * The first rows of a command, then how many complaints it had, some of them, and its exit code. What is shown of it passes
 * `through` first (`| tr …`), which must not hold rows back.
 */
export function gather(command: Sh, count: number, through: readonly Sh[] = []): Sh {
  const source = joined(
    [sh`{ ${command}; echo "exit $?" >&2; }`, ...through, sh`head -n ${count + 1}`],
    " | ",
  );
  // Complaints go through 3 to awk, which tells of them at the end; the rows are kept meanwhile, and go past it through 4.
  return sh`{ { o=$({ ${source}; } 2>&3); [ -z "$o" ] || printf '%s\n' "$o" >&4; } 3>&1 | awk '/^exit [0-9]+$/ { x = $2; next } { n++; if (n <= ${ERRORS_KEPT}) e[n] = substr($0, 1, 300) } END { for (i = 1; i <= n && i <= ${ERRORS_KEPT}; i++) print e[i]; print n + 0, x }'; } 4>&1`;
}

export function gatheredIn(ran: Ran | undefined, count: number): Gathered {
  const lines = ran?.lines ?? [];
  const [, complaints, exit] = /^(\d+) (\d*)$/.exec(lines.at(-1) ?? "") ?? [];
  if (complaints === undefined)
    return {
      rows: lines.slice(0, count),
      more: lines.length > count,
      errors: [],
      errorCount: 0,
      timeUp: false,
    };
  const errorCount = Number(complaints);
  const kept = Math.min(errorCount, ERRORS_KEPT);
  const rows = lines.slice(0, lines.length - 1 - kept);
  return {
    rows: rows.slice(0, count),
    more: rows.length > count,
    errors: lines.slice(lines.length - 1 - kept, -1),
    errorCount,
    timeUp: timeWasUp(Number(exit)),
  };
}

export function gatheredNotes({ more, errors, errorCount, timeUp }: Gathered, seconds: number): string[] {
  return [
    ...(timeUp ? [`it was ended after ${seconds} s, before it had looked everywhere`] : []),
    ...(more ? ["there are more than these"] : []),
    ...(errorCount > 0
      ? [
          `${errorCount} ${errorCount === 1 ? "complaint" : "complaints"}, so this may not be all: ${errors.join("; ")}${errorCount > errors.length ? "; …" : ""}`,
        ]
      : []),
  ];
}
