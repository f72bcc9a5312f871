import { visibleLine } from "../../base/text.ts";
import type { Script } from "../pty/script.ts";
import type { Command } from "../record/command-log.ts";
import type { Dialogue } from "./dialogue.ts";
import { addMessages, type Job, type JobPort } from "./job.ts";
import { account } from "./lines.ts";
import { toMode } from "./modes.ts";
import type { Messages } from "./rows.ts";
import { isEndKey } from "./text-lines.ts";
import { typeText } from "./type-text.ts";
import { cameBesideEcho } from "./while-typed.ts";

/** What ends a job even where it is to keep going. */
const ENDS: readonly Job["stop"][] = ["interrupted", "claimed"];

/** Changes to the mode, types line after line, stops at the first error or question. @throws LineLost, NoSuchWay. */
export function* runJob(job: Job, port: JobPort): Script {
  const { command, lines, told } = job;
  if (job.mode !== undefined) yield* toMode(job.mode, port, job);
  let lost = true;
  try {
    while (told.length < lines.length) {
      const line = lines[told.length] ?? "";
      if (job.stop !== undefined && (ENDS.includes(job.stop) || !job.keepGoing)) break;
      job.at = told.length;
      if (isEndKey(line)) {
        command.notes.push(
          `line ${told.length + 1} is a key that ends a text, and no text is wanted: NOT typed`,
        );
        job.stop ??= "text";
        break;
      }
      const { found, texts, more } = yield* exchange(line, port.dialogue, job);
      addMessages(command, found);
      const number = told.length + 1;
      if (job.stop === "help") {
        told.push(`${number} help, NOT entered`);
        if (job.keepGoing) job.stop = undefined;
      } else told.push(`${number} ${more ? "goes on" : became(found)}`);
      for (let text = 1; text <= texts; text++) told.push(`${number + text} text`);
      if (job.keepGoing) continue;
      if (found.errors.length > 0) job.stop ??= "error";
      else if (found.warnings.some((one) => one.class === "unknown")) job.stop ??= "unknown";
    }
    if (job.stop === "interrupted") command.notes.push("an interrupt key was sent while it ran");
    lost = false;
  } finally {
    if (lines.length > 1) command.remarks.push(account(job, lost));
    if (told.length < lines.length) command.untyped = lines.length - told.length;
  }
}

/** What became of a line, in short. */
function became({ errors: [error], warnings }: Messages): string {
  const warning = warnings.find((one) => one.class === "unknown") ?? warnings[0];
  if (error) return `${error.class} ${visibleLine(error.row, 80)}`;
  return warning ? `warning ${warning.class} ${visibleLine(warning.row, 80)}` : "done";
}

/** What the rows behind a line say about it, and how many lines of a text were typed behind it. */
interface Exchanged {
  readonly found: Messages;
  readonly texts: number;
  /** The line goes on with the next one. */
  readonly more?: true;
}

/** One line and its answer, with the text that the device may want behind it. */
function* exchange(line: string, dialogue: Dialogue, job: Job): Script<Exchanged> {
  const { command, lines, at } = job;
  const before = dialogue.end;
  const shown = dialogue.port.sinks.screen.cursorRowText().trimEnd();
  const how = yield* dialogue.type(line, { as: "line", of: line });
  if (how === "help") {
    // Help was printed between the question mark and the line that is there again now: that line is cleared.
    command.notes.push(
      "the question mark asked for help at once; nothing was entered and the line was cleared",
    );
    const found = dialogue.messagesSince(before, line);
    const sight = dialogue.sight();
    if (sight.what === "prompt") dialogue.accept(sight.prompt);
    else yield* dialogue.press(dialogue.device.keys.killLine, { as: "clear" });
    job.stop ??= "help";
    return { found, texts: 0 };
  }
  if (!command.begun) begin(command, { line, shown, typedFrom: before }, dialogue);
  let from = dialogue.end;
  let last = line;
  let texts = 0;
  const say = (sentence: string | undefined) => void (sentence && command.remarks.push(sentence));
  say(dialogue.leaves(line));
  let reached = yield* dialogue.comes({ typed: line, next: lines[at + 1] });
  if (reached?.what === "text") {
    const { text } = reached;
    const typed = yield* typeText(text, job, dialogue);
    if (typed) ({ last, lines: texts } = typed);
    const behind = lines[at + texts + 1];
    if (typed === undefined || typed.left === "stopped") yield* dialogue.back(from, line);
    else if (typed.left === "ended") {
      from = dialogue.end;
      reached = yield* dialogue.comes({ typed: last, next: behind });
      if (reached?.what === "text") yield* dialogue.back(from, last);
    }
    // What would have ended the text is no command.
    if (typed?.left === "prompt" || behind?.trim() === text.end) job.stop ??= "text";
  }
  if (reached?.what === "more") return { found: NOTHING_SAID, texts, more: true };
  say(dialogue.returns(line, from));
  return { found: dialogue.messagesSince(from, last), texts };
}

const NOTHING_SAID: Messages = { errors: [], warnings: [] };

/** The first line is entered; what came while it was typed belongs to no command. `shown`: the row it was typed at. */
function begin(
  command: Command,
  { line, shown, typedFrom }: { line: string; shown: string; typedFrom: number },
  dialogue: Dialogue,
): void {
  const { device, port, prompt } = dialogue;
  if (prompt !== undefined) command.typedAt = prompt.row;
  const rows = dialogue.rowsSince(typedFrom);
  port.ledger.cameWhileTyped(typedFrom, cameBesideEcho(rows, { typed: line, prompt: shown }, device));
  port.ledger.begun(command.id);
}
