import { pause, type Script } from "../pty/script.ts";
import type { Command } from "../record/command-log.ts";
import type { Dialogue } from "./dialogue.ts";

/** How long a line that was not entered may take to be cleared. */
export const CLEAR_MS = 2000;
/** How often a row that is neither prompt nor empty is judged again, and the time between: a log row may be incomplete. */
const MOMENTS = 30;
const MOMENT_MS = 60;
/** What a device may take to show keys: a round trip of a slow link. */
const SHOWN_MS = 1000;

/**
 * Empties the line before a command: what was typed and not entered would be run with it. `ended`: what was typed by keys is
 * back at the prompt. @throws SshMcpError `busy`, `not_ready` where the prompt is not the device's answer yet.
 */
export function* clearLine(dialogue: Dialogue, ended: () => void): Script {
  const { port } = dialogue;
  const { typed } = port.ledger;
  // Keys that the last command may have left unread: by now the device has shown what there is of them.
  const unread = typed !== undefined && typed.command === undefined && !typed.enter;
  if (unread) yield* pause(Math.max(0, SHOWN_MS - dialogue.sinceKeysMs));
  // A log row may be only partly received, and a prompt that it overwrote be printed again: that takes a moment.
  let proven = dialogue.proven();
  for (let looks = 0; looks < MOMENTS && (!typed || unread) && passes(dialogue, proven); looks++) {
    yield* pause(MOMENT_MS);
    proven = dialogue.proven();
  }
  // What the keys before lead to has not begun to show: it may be a question.
  if (typed?.enter && !taken(dialogue, typed.command)) throw port.refusal();
  const sight = dialogue.sight();
  // The mode may have changed since it was last looked at.
  if (sight.what === "prompt" && proven === "prompt") dialogue.accept(sight.prompt);
  if ((!typed || unread) && proven === "prompt") {
    port.ledger.forgetTyped();
    return;
  }
  // Nothing is typed, nor a line cleared, where anything but a line editor may read.
  if (proven === undefined) throw port.refusal();
  if (typed?.enter) {
    if (sight.what !== "prompt") throw port.refusal();
    ended();
    // Keys behind the Enter may be on the line, though the device has not shown them yet.
    if (port.ledger.typed === undefined) return;
  }
  const cleared = yield* dialogue.press(dialogue.device.keys.killLine, { as: "clear" }, CLEAR_MS);
  if (cleared === undefined) throw port.refusal();
  typed?.command?.remarks.push("the line was cleared for the next command: it did NOT run");
  ended();
  port.ledger.forgetTyped();
}

/** What is at the cursor may be another thing in a moment. */
function passes(dialogue: Dialogue, proven: "prompt" | "line" | undefined): boolean {
  const { what } = dialogue.sight();
  return proven !== "prompt" && (what === "other" || what === "blank");
}

/** The device has gone on to another row since the keys: before that its prompt is still the one they were typed at. */
function taken({ port }: Dialogue, command: Command | undefined): boolean {
  const { transcript } = port.sinks;
  return command === undefined || transcript.lineFeeds(command.range.from, transcript.end) > 0;
}
