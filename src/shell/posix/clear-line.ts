import type { Clock } from "../../base/clock.ts";
import { drawnView } from "../pty/drawn-view.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, met, pause, type Script } from "../pty/script.ts";
import type { Typed } from "../record/typed.ts";
import { isLastPrompt } from "./judge.ts";
import type { ShellMarks } from "./marks.ts";

/** How long Ctrl-C may take to bring a fresh prompt before a framed command is typed. */
const CLEAR_LINE_MS = 800;
/** readline's keyseq-timeout is 500 ms by default. */
const ESCAPE_MS = 700;
/** To the end of the line, and all of it away; without a line editor the terminal does the second and drops the first. */
const KILL_LINE = "\u0005\u0015";

export interface ClearLine {
  readonly port: FramingPort;
  readonly marks: ShellMarks;
  readonly clock: Clock;
  readonly typed: Typed;
  /** Row left of the cursor at the last prompt. */
  readonly promptRow: string;
}

/**
 * Empties the shell's line before a framed command is typed, with Ctrl-C as a person would: unsent text or an open quote
 * would swallow it. @throws SshMcpError `busy`, `not_ready` when the shell is not what waits.
 */
export function* clearLine({ port, marks, clock, typed, promptRow }: ClearLine): Script {
  if (mayKill(typed, marks)) {
    port.put(KILL_LINE, { as: "clear" });
    cleared(port, typed);
    return;
  }
  if (typed.enter && !(yield* shellWaits(port))) throw port.refusal();
  yield* afterEscape(typed.escapeAt, clock);
  let empty = yield* promptAfter("\u0003", port, marks);
  // A line editor that was busy may have lost it; a second one does no harm.
  const fish = marks.level?.family === "fish";
  if (!empty && !fish) empty = yield* promptAfter("\u0003", port, marks);
  // fish draws the prompt again without a new one: nothing stands behind it any more.
  if (!empty && fish && drawnView(port.sinks.screen)?.cursorText.trimEnd() === promptRow.trimEnd()) {
    marks.forgetOwed();
    empty = true;
  }
  if (!empty) empty = yield* byItsOwnKey(port, marks, typed);
  // A prompt without its mark: the hook is gone, the shell itself can still be asked.
  const view = empty ? undefined : drawnView(port.sinks.screen);
  if (view !== undefined && isLastPrompt(promptRow, view)) {
    marks.ping();
    empty = yield* met(CLEAR_LINE_MS);
  }
  // fish draws no new prompt where nothing was on the line.
  const nothing = typed.command === undefined && fish;
  if (!empty && nothing) marks.forgetOwed();
  else if (!empty && marks.level?.hooked) throw port.refusal();
  cleared(port, typed);
}

/**
 * Ctrl-C does nothing on a terminal whose interrupt key is another one, or none: that one, or, where no line was entered, the
 * one that empties a line.
 */
function* byItsOwnKey(port: FramingPort, marks: ShellMarks, { enter }: Typed): Script<boolean> {
  const { keys } = yield* finished(port.kernel());
  if (keys === undefined || keys.interrupt === "\u0003") return false;
  if (keys.interrupt === undefined && enter) return false;
  marks.forgetOwed();
  if (keys.interrupt !== undefined) return yield* promptAfter(keys.interrupt, port, marks);
  port.put(keys.kill ?? KILL_LINE, { as: "clear" });
  return true;
}

function cleared(port: FramingPort, typed: Typed): void {
  if (!typed.enter) typed.command?.remarks.push("the line was cleared for the next command: it did NOT run");
  port.ledger.endTyped(undefined);
  port.ledger.forgetTyped();
}

/**
 * An unfinished line at a prompt that carries no mark is emptied without a new prompt: no mark would answer Ctrl-C, and
 * BusyBox ash, where it cannot start a process for its prompt, ends by it.
 */
function mayKill(typed: Typed, { level }: ShellMarks): boolean {
  if (typed.enter || typed.escapeAt !== undefined || level === undefined || level.hooked) return false;
  return level.family === "sh" || level.family === "ksh";
}

/** The shell itself waits for its next line. */
function* shellWaits(port: FramingPort): Script<boolean> {
  const kernel = yield* finished(port.kernel());
  return (kernel.waiting === "keys" || kernel.waiting === "line") && kernel.shellInFront;
}

/**
 * readline waits half a second after Escape for the rest of a key. A Ctrl-C in that time is lost, or leaves the new line in
 * vi's command mode, where our line would be editor commands.
 */
function* afterEscape(escapeAt: number | undefined, clock: Clock): Script {
  if (escapeAt === undefined) return;
  const leftMs = ESCAPE_MS - (clock.now() - escapeAt);
  if (leftMs > 0) yield* pause(leftMs);
}

/**
 * Sends a key; true once a prompt mark answers it. Prompts that are still owed to what was typed before come first: one of
 * them must not pass for the answer, nor the answer for the end of the next line.
 */
function* promptAfter(key: string, port: FramingPort, marks: ShellMarks): Script<boolean> {
  port.put(key, { as: "clear" });
  marks.expectPrompts(1);
  let answered = false;
  while (yield* met(CLEAR_LINE_MS)) {
    answered = true;
    if (marks.settled) break;
  }
  return answered;
}
