import type { ExecRecord } from "../multiplexer/types.ts";
import { grouped } from "./excerpt.ts";
import { secondsWord } from "./status-line.ts";

const UNKNOWN = "whether the command goes on there, or has ended, is unknown";
const CUT = "sshd lets it run until it next reads or writes; what it prints from now on is lost";
const HUNG_UP = "its terminal was hung up";
const WHY = {
  limit: "limit_s was over",
  cancelled: "it was cancelled",
  timeout: "its time was over",
} as const;

/** What a caller has to know of how it ended. */
export function endNotes(record: ExecRecord): string[] {
  const { end, durationMs, stdinUnsent = 0 } = record;
  const unsent =
    stdinUnsent > 0 ? [`it ended before all of stdin was sent: ${grouped(stdinUnsent)} bytes were not`] : [];
  switch (end.is) {
    case "running":
      return record.session === undefined
        ? []
        : [
            `it runs in a session of its own: ssh_read(session: "${record.session}") shows what it prints meanwhile`,
          ];
    case "exit":
    case "signal":
      return [
        ...(end.stopped === undefined
          ? []
          : [`${WHY[end.stopped]}: it was ended from here; what it had started itself may go on there`]),
        ...(end.held
          ? [
              "the command has ended, but something that it started kept its output open: the channel was closed; what that prints from now on is lost, and whether it goes on there is unknown",
            ]
          : []),
        ...unsent,
      ];
    case "facts":
      return [];
    case "not_run":
      return [`the command was NOT run: ${end.why}`];
    case "in_session":
      return [inSession(end.session), ...(end.untyped === undefined ? [] : (end.remarks ?? []))];
    case "unfinished":
      return [
        `it did not come to its end (${end.where}): nothing was answered, and ${end.session}, the session that was opened for it, is closed; ssh_shell runs it in one that stays open`,
      ];
    case "timeout":
    case "limit":
    case "cancelled":
      return [
        `${WHY[end.is]} after ${secondsWord(durationMs)}: ${signalled(end.signals)}; ${UNKNOWN} (${record.pty === true ? HUNG_UP : CUT})`,
      ];
    case "no_status":
      return [
        "the server closed the channel without an exit code: how the command ended is unknown",
        ...unsent,
      ];
    case "lost":
      return [`${end.message}; ${UNKNOWN}; it was not sent again`];
  }
}

/** sshd passes no signal on to what root runs; other servers pass on none at all. */
function signalled(signals: readonly string[]): string {
  return signals.length === 0
    ? "its channel was closed, no signal was sent"
    : `the server was asked to send it ${signals.join(" and ")}, and said nothing of its end; its channel was closed`;
}

function inSession(session: string): string {
  return `run in ${session}, a session opened for it and closed: stdout is what the terminal showed, there is no exit code`;
}
