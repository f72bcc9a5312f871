import { keyName } from "../../terminal/keys.ts";
import type { Pty } from "../pty/pty.ts";
import type { Command, CommandLog } from "../record/command-log.ts";
import type { SessionEvents } from "../record/events.ts";
import type { Outcome, State } from "../record/outcome.ts";
import type { PatternWatch } from "../record/pattern-watch.ts";
import type { Reader } from "./readers.ts";

/** How a wait ended, and what it was about. */
export interface Ended {
  readonly state: State;
  readonly command: Command | undefined;
  /** Cursor from which its result shows output. */
  readonly from: number;
  /** Clock time the duration counts from; left out: the command's start. */
  readonly since?: number | undefined;
  readonly watch?: PatternWatch | undefined;
  /** A read shows everything behind its cursor, not one command's output. */
  readonly reads?: boolean;
  readonly reader: Reader;
  /** The caller went away: it has seen nothing. */
  readonly gone: boolean;
}

/** The session it happened in. */
export interface Where {
  readonly session: string;
  readonly pty: Pty | undefined;
  readonly log: CommandLog;
  readonly events: SessionEvents;
  /** Rows between these transcript cursors that belong to no command. */
  background(from: number, to: number): number;
  /** Clock time of the last bytes from the terminal. */
  readonly lastBytes: number;
  /** Transcript end. */
  readonly end: number;
  /** Clock time. */
  readonly now: number;
}

/** One finished wait as it is reported to its caller. */
export function outcomeOf(ended: Ended, where: Where): Outcome {
  const { state, command, from, watch, reader, gone } = ended;
  const { session, pty, log, events, lastBytes, end, now } = where;
  const over = command?.endedAt;
  const within = command !== undefined && (ended.reads ? from < command.range.to : from <= command.range.to);
  const to = over !== undefined && within ? (command?.range.to ?? from) : end;
  // A caller who went away has seen nothing: its next read starts where this one did.
  reader.show(gone ? from : to);
  const once = gone ? [] : reader.meet(events, command?.id);
  const notes = [...(command?.remarks ?? []), ...once, ...present({ state, command, pty, log })];
  const beside = ended.reads && !within && !gone ? where.background(from, to) : 0;
  if (beside > 0) notes.push(backgroundNote(beside));
  if (watch && watch.missed > 0)
    notes.push(`${watch.missed} bytes were pruned before wait_for could search them`);
  const endedSo =
    state.state === "done" ||
    state.state === "stopped" ||
    (state.state === "closed" && command?.state === "closed");
  const cwd = pty?.end ? undefined : pty?.far.cwd;
  const level = pty?.far.level ?? 1;
  const on = level > 1 ? pty?.far.account : undefined;
  const waitedInVain = state.state === "running" && state.evidence === "timeout";
  const place = endedSo ? (command ?? pty?.far.place) : pty?.far.place;
  return {
    ...state,
    session,
    command: command?.id ?? (state.state === "ready" ? log.last?.id : undefined) ?? 0,
    ...(command?.exit !== undefined && endedSo ? { exit: command.exit } : {}),
    ...(cwd === undefined ? {} : { cwd }),
    ...(place?.mode === undefined ? {} : { mode: place.mode }),
    ...(place?.host === undefined ? {} : { host: place.host }),
    ...(command?.errors && endedSo ? { errors: command.errors } : {}),
    ...(command?.warnings && endedSo ? { warnings: command.warnings } : {}),
    durationMs: Math.max(0, (over ?? now) - (ended.since ?? command?.startedAt ?? now)),
    level,
    ...(on === undefined ? {} : { on }),
    ...(waitedInVain ? { silentMs: now - Math.max(lastBytes, command?.startedAt ?? 0) } : {}),
    from,
    to,
    notes,
  };
}

function backgroundNote(rows: number): string {
  const count = rows === 1 ? "1 row of this" : `${rows} rows of this`;
  return `${count} came from the background, or from the prompt's own hooks: they are no command's`;
}

const HELD =
  "the terminal's output is stopped (Ctrl-S, or a program did it): nothing more is shown, and no end is seen, until ssh_send keys <C-q>";

function untakenNote(bytes: number): string {
  return `the host has stopped taking what is typed (its SSH window is full): up to ${bytes.toLocaleString("en-US")} bytes wait here, and whatever is typed behind them, interrupt keys too; ssh_disconnect drops them`;
}

/** What holds as long as the state does. */
function present({
  state,
  command,
  pty,
  log,
}: Pick<Ended, "state" | "command"> & Pick<Where, "pty" | "log">) {
  const notes: string[] = state.state === "running" && state.evidence === "held" ? [HELD] : [];
  if (state.state === "ready" && state.evidence === "timeout")
    notes.push("nothing runs here, and the text that was waited for did not come");
  const unsure = state.state === "running" || state.state === "asking";
  if (unsure && pty?.far.offer !== undefined) notes.push(pty.far.offer);
  const { untaken = 0 } = pty?.channel ?? {};
  if (unsure && untaken > 0) notes.push(untakenNote(untaken));
  if (
    command === undefined ||
    state.state === "done" ||
    state.state === "stopped" ||
    state.state === "closed"
  )
    return notes;
  if (state.state === "running" && !command.begun)
    notes.push("the shell has not started the line yet; it was typed once and is not sent again");
  if (command === log.running && pty?.far.pending) notes.push(pty.far.pending);
  if (state.state === "running" && command.begun && pty && pty.far.interruptKey !== "\u0003")
    notes.push(`on this device ssh_send keys ${keyName(pty.far.interruptKey)} interrupts`);
  return notes;
}
