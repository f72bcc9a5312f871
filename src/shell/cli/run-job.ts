import { visibleLine } from "../../base/text.ts";
import type { Script } from "../pty/script.ts";
import type { Command } from "../record/command-log.ts";
import type { Dialogue } from "./dialogue.ts";
import { addMessages, type Job, type JobPort } from "./job.ts";
import { account } from "./lines.ts";
import { toMode } from "./modes.ts";
import type { Messages } from "./rows.ts";

/** What ends a job even where it is to keep going. */
const ENDS: readonly Job["stop"][] = ["interrupted", "claimed"];

/** Changes to the mode, types line after line, stops at the first error or question. @throws LineLost, NoSuchWay. */
export function* runJob(job: Job, port: JobPort): Script {
  const { command, lines, told } = job;
  if (job.mode !== undefined) yield* toMode(job.mode, port, job);
  let lost = true;
  try {
    for (const line of lines) {
      if (job.stop !== undefined && (ENDS.includes(job.stop) || !job.keepGoing)) break;
      job.at = told.length;
      const found = yield* exchange(line, lines[told.length + 1], port.dialogue, job);
      addMessages(command, found);
      const number = told.length + 1;
      if (job.stop === "help") {
        told.push(`${number} help, NOT entered`);
        if (job.keepGoing) job.stop = undefined;
      } else told.push(`${number} ${became(found)}`);
      if (job.keepGoing) continue;
      if (found.errors.length > 0) job.stop ??= "error";
      else if (found.warnings.some((one) => one.class === "unknown")) job.stop ??= "unknown";
    }
    if (job.stop === "interrupted") command.notes.push("an interrupt key was sent while it ran");
    lost = false;
  } finally {
    if (lines.length > 1) command.remarks.push(account(job, lost));
  }
}

/** What became of a line, in short. */
function became({ errors: [error], warnings }: Messages): string {
  const warning = warnings.find((one) => one.class === "unknown") ?? warnings[0];
  if (error) return `${error.class} ${visibleLine(error.row, 80)}`;
  return warning ? `warning ${warning.class} ${visibleLine(warning.row, 80)}` : "done";
}

/** One line and its answer, `next` being typed behind it; what its rows say about it. */
function* exchange(line: string, next: string | undefined, dialogue: Dialogue, job: Job): Script<Messages> {
  const { command } = job;
  const before = dialogue.end;
  const how = yield* dialogue.type(line, { as: "line", of: line });
  if (how === "help") {
    // Help was printed between the question mark and the line that is there again now: that line is cleared.
    command.notes.push(
      "the question mark asked for help at once; nothing was entered and the line was cleared",
    );
    const helped = dialogue.messagesSince(before, line);
    const sight = dialogue.sight();
    if (sight.what === "prompt") dialogue.accept(sight.prompt);
    else yield* dialogue.press(dialogue.device.keys.killLine, { as: "clear" });
    job.stop ??= "help";
    return helped;
  }
  if (!command.begun) begin(command, before, dialogue);
  const from = dialogue.end;
  const say = (sentence: string | undefined) => void (sentence && command.remarks.push(sentence));
  say(dialogue.leaves(line));
  yield* dialogue.untilPrompt(line, undefined, undefined, next);
  say(dialogue.returns(line, from));
  return dialogue.messagesSince(from, line);
}

/** The first line is entered; rows of the device's own that came while it was typed belong to no command. */
function begin(command: Command, typedFrom: number, dialogue: Dialogue): void {
  const { device, port, prompt } = dialogue;
  if (prompt !== undefined) command.typedAt = prompt.row;
  const rows = dialogue.rowsSince(typedFrom).filter((row) => device.isAsync(row.trimEnd()));
  port.ledger.cameWhileTyped(typedFrom, rows);
  port.ledger.begun(command.id);
}
