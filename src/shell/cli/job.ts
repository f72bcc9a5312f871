import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { DeviceMode, RowTest } from "../../devices/device.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import { renderText } from "../../terminal/clean.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { Command } from "../record/command-log.ts";
import type { DeviceError } from "../record/outcome.ts";
import { type ModeStep, pathBetween } from "./climb.ts";
import type { Dialogue } from "./dialogue.ts";
import type { PromptRow } from "./known-prompts.ts";
import { errorsIn, outputRows } from "./rows.ts";

/** How much of an output's beginning and end is searched for error rows. */
const SEARCHED = 8 * 1024;
/** Ctrl-C: what leaves a question for a secret on every platform with one. */
const CANCEL = "\u0003";
/** Levels below a mode that are left one by one. */
const LEVELS = 8;
/** Lines told one by one in the account of a command of several lines. */
const TOLD_LINES = 20;

/** A command of the caller on its way: its lines, and what became of each. */
export interface Job {
  readonly command: Command;
  readonly lines: readonly string[];
  readonly mode: string | undefined;
  readonly keepGoing: boolean;
  /** Index of the line that is at work. */
  at: number;
  /** What became of each line that was entered. */
  readonly told: string[];
  readonly errors: DeviceError[];
  /** Set when no further line may be typed: an interrupt key, a question, other keys of the caller, a question mark. */
  stop: "interrupted" | "question" | "keys" | "help" | undefined;
}

type SecretKind = NonNullable<DeviceMode["enter"]["secret"]>;

/** Where the inventory names each of them. */
const SECRET_KEYS: Readonly<Record<SecretKind, string>> = {
  enable: "enable_env, enable_file or enable_command",
  sudo: "sudo_env, sudo_file or sudo_command",
  password: "auth with method password",
};

/** What a job needs of its session. */
export interface JobPort {
  readonly dialogue: Dialogue;
  readonly transcript: Transcript;
  readonly size: { readonly cols: number; readonly rows: number };
  secret(kind: SecretKind): SecretRef | undefined;
  /** The command's output begins here. */
  begun(command: Command): void;
  /** Types the secret and Enter if `still` holds once it has been read. */
  typeSecret(secret: SecretRef, still: () => Promise<boolean>): Promise<void>;
  note(sentence: string): void;
}

/** A mode could not be reached: the command was not typed. */
export class NoSuchWay extends Error {
  /** The device's own row, where it gave a reason. */
  readonly error: DeviceError | undefined;
  /** A note says it already. */
  readonly told: boolean;

  constructor(message: string, { error, told = false }: { error?: DeviceError; told?: boolean } = {}) {
    super(message);
    this.error = error;
    this.told = told;
  }
}

/** Climbs to the mode, types line after line, stops at the first error or question. @throws LineLost, NoSuchWay. */
export async function runJob(job: Job, port: JobPort): Promise<void> {
  const { command, lines, told, errors } = job;
  if (job.mode !== undefined) await climb(job.mode, port, job);
  let lost = false;
  try {
    for (const line of lines) {
      if (job.stop !== undefined && (job.stop === "interrupted" || !job.keepGoing)) break;
      job.at = told.length;
      const found = await exchange(line, port, job);
      errors.push(...found);
      const [first] = found;
      const number = told.length + 1;
      if (job.stop === "help") {
        told.push(`${number} help, NOT entered`);
        if (job.keepGoing) job.stop = undefined;
      } else told.push(first ? `${number} ${first.class} ${visibleLine(first.row, 80)}` : `${number} done`);
      if (first && !job.keepGoing) break;
    }
    if (job.stop === "interrupted") port.note("an interrupt key was sent while it ran");
  } catch (error) {
    lost = true;
    throw error;
  } finally {
    if (errors.length > 0) command.errors = errors;
    if (lines.length > 1) port.note(account(job, lost));
  }
}

/** One line and its answer; the rows of it that report errors. */
async function exchange(
  line: string,
  { dialogue, transcript, size, begun }: JobPort,
  job: Job,
): Promise<DeviceError[]> {
  const { command } = job;
  const before = transcript.end;
  const how = await dialogue.type(line);
  if (how === "help") {
    // Help was printed between the question mark and the line that now stands there again: that line is cleared.
    command.notes.push(
      "the question mark asked for help at once; nothing was entered and the line was cleared",
    );
    const helped = await errorsOf(before, { dialogue, transcript, size }, line);
    const stands = dialogue.sight();
    if (stands.what === "prompt") dialogue.accept(stands.prompt);
    else await dialogue.press(dialogue.device.keys.killLine);
    job.stop ??= "help";
    return helped;
  }
  if (!command.begun) begun(command);
  const from = transcript.end;
  await dialogue.untilPrompt(line);
  return errorsOf(from, { dialogue, transcript, size }, line);
}

/** Rows of what was printed since `from` that report errors; of a long output its beginning and its end. */
export async function errorsOf(
  from: number,
  { dialogue, transcript, size }: Pick<JobPort, "dialogue" | "transcript" | "size">,
  typed: string,
): Promise<DeviceError[]> {
  const { end } = transcript;
  const rowsOf = async (start: number, stop: number) => {
    const { lines } = await renderText(transcript.read(start, stop).bytes, size);
    return outputRows(lines, { device: dialogue.device, typed, paged: true }).lines;
  };
  if (end - from <= 2 * SEARCHED) return errorsIn(await rowsOf(from, end), dialogue.device);
  const [head, tail] = [await rowsOf(from, from + SEARCHED), await rowsOf(end - SEARCHED, end)];
  return errorsIn([...head, ...tail], dialogue.device);
}

async function climb(target: string, port: JobPort, job: Job): Promise<void> {
  const { dialogue } = port;
  const from = dialogue.prompt?.mode ?? "exec";
  if (from === target) return;
  try {
    for (const step of pathBetween(dialogue.device, from, target)) {
      if (job.stop === undefined && dialogue.prompt?.mode !== target) await change(step, port, job);
    }
    if (job.stop !== undefined) throw new NoSuchWay(`the way to mode ${target} was broken off by a key`);
  } catch (error) {
    const halfway = dialogue.prompt?.mode;
    if (halfway !== undefined && halfway !== from) port.note(`changed from mode ${from} to ${halfway}`);
    throw error;
  }
  const reached = dialogue.prompt?.mode;
  if (reached !== target)
    throw new NoSuchWay(
      `mode ${target} was not reached: the prompt ${dialogue.prompt?.row ?? ""} stands for ${reached ?? "nothing known"}`,
    );
  job.command.notes.push(`changed from mode ${from} to ${target}`);
}

async function change(step: ModeStep, port: JobPort, job: Job): Promise<void> {
  const { dialogue } = port;
  const { mode, way } = step;
  const { send, key } = way === "enter" ? mode.enter : mode.leave;
  const from = port.transcript.end;
  let before = dialogue.prompt?.row;
  const asks = way === "enter" ? mode.asks : undefined;
  const go = () => (key === undefined ? line(dialogue, send ?? "", asks) : dialogue.press(key));
  let reached = await go();
  // A submode is left level by level.
  for (let levels = 1; way === "leave" && levels < LEVELS; levels++) {
    if (reached === "asked" || reached.mode !== mode.name || reached.row === before) break;
    if (job.stop !== undefined) break;
    before = reached.row;
    reached = await go();
  }
  if (reached === "asked") {
    reached = await answerSecret(mode, port, job, asks);
  }
  const wanted = way === "enter" ? mode.name : mode.from;
  if (reached.mode === wanted) return;
  const [error] = await errorsOf(from, port, send ?? "");
  if (error)
    throw new NoSuchWay(`the device refused to ${way} ${mode.name}: ${visibleLine(error.row, 160)}`, {
      error,
    });
  // Leaving may go further than one step (`end`); what was not entered or left is no place for the next step.
  if (way === "enter" || reached.mode === mode.name)
    throw new NoSuchWay(
      `mode ${mode.name} was not ${way === "enter" ? "entered" : "left"}: the prompt ${visibleLine(reached.row, 80)} stands`,
    );
}

/** The secret of the inventory at the profile's own question, once. Whatever goes wrong, the question is left behind. */
async function answerSecret(
  mode: DeviceMode,
  port: JobPort,
  job: Job,
  asks: RowTest = () => false,
): Promise<PromptRow> {
  const { dialogue } = port;
  const asked = port.transcript.end;
  const leave = async (why: string) => {
    // Said before the key is sent: the device may not take it, and the question goes on standing there.
    port.note(`NOT TYPED: ${why}`);
    if (await dialogue.stands(asks)) await dialogue.press(CANCEL);
    else await dialogue.back(asked);
    return new NoSuchWay(why, { told: true });
  };
  if (job.stop !== undefined) {
    // Who sent keys on the way may have brought this question about: it is theirs.
    port.note("NOT TYPED: keys were sent on the way, so the question for the secret was left alone");
    await dialogue.back(asked);
    throw new NoSuchWay("keys were sent on the way", { told: true });
  }
  const kind = mode.enter.secret;
  const secret = kind && port.secret(kind);
  if (secret === undefined) {
    const where = kind ? ` (${SECRET_KEYS[kind]})` : "";
    throw await leave(
      `the device asks for a secret to enter ${mode.name}, and the inventory names none${where}`,
    );
  }
  let reached: ReturnType<Dialogue["answered"]> | undefined;
  try {
    // Reading it may take long: what the device does meanwhile is no answer to it.
    await port.typeSecret(secret, async () => {
      if (await dialogue.stands(asks)) reached = dialogue.answered(asks);
      return reached !== undefined;
    });
  } catch (error) {
    dialogue.forget();
    throw await leave(messageOf(error));
  }
  if (reached === undefined) {
    await dialogue.back(asked);
    throw new NoSuchWay(
      "the question for the secret was gone before it could be answered; nothing was typed",
    );
  }
  const answer = await reached;
  if (answer === "asked")
    throw await leave(`the device refused the secret for ${mode.name}; it was sent once`);
  return answer;
}

async function line(dialogue: Dialogue, text: string, asks: Parameters<Dialogue["untilPrompt"]>[1]) {
  await dialogue.type(text);
  return dialogue.untilPrompt(text, asks);
}

/** `lost`: the line at work was not entered, or what came of it is unknown. */
function account({ lines, told, stop }: Job, lost: boolean): string {
  const count = lines.length;
  const shown = told.length > TOLD_LINES ? [...told.slice(0, TOLD_LINES - 5), "…", ...told.slice(-4)] : told;
  if (told.length === count) return `all ${count} lines were typed: ${shown.join(", ")}`;
  const done = `${told.length} of ${count} lines were typed${shown.length === 0 ? "" : `: ${shown.join(", ")}`}`;
  const from = told.length + (lost ? 1 : 0);
  const why =
    stop === "interrupted"
      ? "an interrupt key was sent"
      : lost
        ? `line ${from} did not come to its end`
        : stop === "question"
          ? "after a question"
          : stop === "keys"
            ? "keys were sent in between"
            : stop === "help"
              ? "its question mark asked for help"
              : "stopped at the error";
  return from === count ? `${done} (${why})` : `${done}; ${linesFrom(from, count)} NOT typed (${why})`;
}

/** What becomes of the lines behind the one that is at work; undefined: there are none. */
export function linesAhead({ lines, at, keepGoing, stop }: Job): string | undefined {
  if (at + 1 >= lines.length) return undefined;
  if (stop !== undefined && (stop === "interrupted" || !keepGoing))
    return `${linesFrom(at + 1, lines.length)} NOT typed`;
  const rest = at + 2 === lines.length ? `line ${lines.length} is` : `lines ${at + 2} to ${lines.length} are`;
  const unless = keepGoing ? "" : ", unless keys are sent before";
  return `line ${at + 1} of ${lines.length} is at work; ${rest} typed when the prompt is back${unless}`;
}

function linesFrom(index: number, count: number): string {
  return index + 1 === count ? `line ${count} was` : `lines ${index + 1} to ${count} were`;
}

/** Lines to type. @throws SshMcpError `invalid_argument` for what only keys can send. */
export function linesOf(text: string, limit: number | undefined): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((one) => one.replaceAll("\t", " ").trimEnd())
    .filter((one) => one !== "");
  for (const [index, one] of lines.entries()) {
    if (/[\u0000-\u001f\u007f]/.test(one))
      throw new SshMcpError(
        "invalid_argument",
        `line ${index + 1} holds a control character, which a command line takes for a key`,
        "Send keys with ssh_send.",
      );
    if (limit !== undefined && one.length > limit)
      throw new SshMcpError(
        "invalid_argument",
        `line ${index + 1} has ${one.length} characters; the device takes ${limit}`,
        "Shorten the line.",
      );
  }
  return lines;
}
