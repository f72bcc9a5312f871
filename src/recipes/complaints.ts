import type { Ran } from "./ran.ts";
import { type Sh, sh } from "./sh.ts";

/** Complaints of a command that are shown. */
const COMPLAINTS = 5;

/** Its rows as they come, then some of its complaints, how many there were, and its exit code. */
export function withComplaints(command: Sh): Sh {
  return sh`{ { (
${command}
); echo "exit $?" >&2; } 2>&1 >&3 3>&- | awk '/^exit [0-9]+$/ { x = $2; next } { n++; if (n <= ${COMPLAINTS}) e[n] = substr($0, 1, 300) } END { print ""; for (i = 1; i <= n && i <= ${COMPLAINTS}; i++) print e[i]; print n + 0, x }'; } 3>&1`;
}

/** What `withComplaints` printed: a row of a log is never taken for a complaint, nor the other way round. */
export function outputOf(ran: Ran | undefined) {
  const lines = ran?.lines ?? [];
  const [, count, code] = /^(\d+) (\d*)$/.exec(lines.at(-1) ?? "") ?? [];
  if (count === undefined) return { rows: lines, complaints: [], more: false, exit: undefined };
  const kept = Math.min(Number(count), COMPLAINTS);
  const before = lines.slice(0, lines.length - 1 - kept);
  return {
    rows: before.at(-1) === "" ? before.slice(0, -1) : before,
    complaints: lines.slice(lines.length - 1 - kept, -1),
    more: Number(count) > COMPLAINTS,
    exit: code === "" ? undefined : code,
  };
}
