import { messageOf } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { DeviceMode, RowTest } from "../../devices/device.ts";
import type { Script } from "../pty/script.ts";
import type { DeviceError } from "../record/outcome.ts";
import type { Answer, Dialogue } from "./dialogue.ts";
import type { Job, JobPort, SecretKind } from "./job.ts";
import type { PromptRow } from "./known-prompts.ts";
import { type ModeStep, pathBetween } from "./mode-steps.ts";

/** Ctrl-C: what leaves a question for a secret on every platform with one. */
const CANCEL = "\u0003";
/** Levels below a mode that are left one by one. */
const LEVELS = 8;

/** Where the inventory names each of them. */
const SECRET_KEYS: Readonly<Record<SecretKind, string>> = {
  enable: "enable_env, enable_file or enable_command",
  sudo: "sudo_env, sudo_file or sudo_command",
  password: "auth with method password",
};

/** A mode could not be reached: the command was not typed. */
export class NoSuchWay extends Error {
  /** The device's own row, where it gave a reason. */
  readonly error: DeviceError | undefined;
  /** A note reports it already. */
  readonly told: boolean;

  constructor(message: string, { error, told = false }: { error?: DeviceError; told?: boolean } = {}) {
    super(message);
    this.error = error;
    this.told = told;
  }
}

/** What is entered, or the key that is pressed, for one step to another mode. */
export function lineOf({ mode, way }: ModeStep): string {
  const { send, key } = way === "enter" ? mode.enter : mode.leave;
  return key ?? send ?? "";
}

/** Changes to a mode of the profile step by step. @throws NoSuchWay, LineLost. */
export function* toMode(target: string, port: JobPort, job: Job): Script {
  const { dialogue } = port;
  const { notes } = job.command;
  const from = dialogue.prompt?.mode ?? "exec";
  if (from === target) return;
  try {
    for (const step of pathBetween(dialogue.device, from, target)) {
      if (job.stop === undefined && dialogue.prompt?.mode !== target) yield* change(step, port, job);
    }
    if (job.stop === "claimed")
      throw new NoSuchWay(`mode ${target} was not reached: the caller took another row for a prompt`);
    if (job.stop !== undefined) throw new NoSuchWay(`changing to mode ${target} was interrupted by a key`);
  } catch (error) {
    const halfway = dialogue.prompt?.mode;
    if (halfway !== undefined && halfway !== from) notes.push(`changed from mode ${from} to ${halfway}`);
    throw error;
  }
  const reached = dialogue.prompt?.mode;
  if (reached !== target)
    throw new NoSuchWay(
      `mode ${target} was not reached: the prompt ${dialogue.prompt?.row ?? ""} ${reached === undefined ? "is of no known mode" : `shows mode ${reached}`}`,
    );
  notes.push(`changed from mode ${from} to ${target}`);
}

function* change(step: ModeStep, port: JobPort, job: Job): Script {
  const { dialogue } = port;
  const { mode, way } = step;
  const from = dialogue.end;
  let before = dialogue.prompt?.row;
  const asks = way === "enter" ? mode.asks : undefined;
  let reached = yield* go(step, dialogue, asks);
  // A submode is left level by level.
  for (let levels = 1; way === "leave" && levels < LEVELS; levels++) {
    if (reached === "asked" || reached.mode !== mode.name || reached.row === before) break;
    if (job.stop !== undefined) break;
    before = reached.row;
    reached = yield* go(step, dialogue, asks);
  }
  const prompt = reached === "asked" ? yield* answerSecret(mode, port, job, asks) : reached;
  dialogue.returns(lineOf(step), from);
  const wanted = way === "enter" ? mode.name : mode.from;
  if (prompt.mode === wanted) return;
  const [error] = dialogue.errorsSince(from, lineOf(step));
  if (error)
    throw new NoSuchWay(`the device refused to ${way} ${mode.name}: ${visibleLine(error.row, 160)}`, {
      error,
    });
  // Leaving may go further than one step (`end`); what was not entered or left is no place for the next step.
  if (way === "enter" || prompt.mode === mode.name)
    throw new NoSuchWay(
      `mode ${mode.name} was not ${way === "enter" ? "entered" : "left"}: the prompt is still ${visibleLine(prompt.row, 80)}`,
    );
}

function* go(step: ModeStep, dialogue: Dialogue, asks: RowTest | undefined): Script<Answer> {
  const { key } = step.way === "enter" ? step.mode.enter : step.mode.leave;
  const line = lineOf(step);
  if (key !== undefined) return (yield* dialogue.press(line, { as: "line", of: line })) ?? "asked";
  yield* dialogue.type(line, { as: "line", of: line });
  return (yield* dialogue.untilPrompt(line, asks)) ?? "asked";
}

/** The secret of the inventory at the profile's own question, once. Whatever goes wrong, the question is left behind. */
function* answerSecret(
  mode: DeviceMode,
  port: JobPort,
  job: Job,
  asks: RowTest = () => false,
): Script<PromptRow> {
  const { dialogue } = port;
  const { remarks } = job.command;
  const asked = dialogue.end;
  function* leave(why: string): Script<NoSuchWay> {
    // Said before the key is sent: the device may not take it, and then the question is still there.
    remarks.push(`NOT TYPED: ${why}`);
    if (yield* dialogue.stands(asks)) yield* dialogue.press(CANCEL, { as: "interrupt" });
    else yield* dialogue.back(asked);
    return new NoSuchWay(why, { told: true });
  }
  if (job.stop !== undefined) {
    // The keys sent in between may have caused this question: it is for their sender to answer.
    remarks.push("NOT TYPED: keys were sent in between, so the question for the secret was not answered");
    yield* dialogue.back(asked);
    throw new NoSuchWay("keys were sent in between", { told: true });
  }
  const off = dialogue.secretsOff;
  if (off !== undefined) {
    // Whose question this is nobody knows: it is left to the caller.
    remarks.push(`NOT TYPED: ${off}`);
    yield* dialogue.back(asked);
    throw new NoSuchWay(off, { told: true });
  }
  const kind = mode.enter.secret;
  const secret = kind && port.secret(kind);
  if (secret === undefined) {
    const where = kind ? ` (${SECRET_KEYS[kind]})` : "";
    throw yield* leave(
      `the device asks for a secret to enter ${mode.name}, and the inventory names none${where}`,
    );
  }
  let typed: boolean;
  try {
    typed = yield* dialogue.typeSecret(secret, asks);
  } catch (error) {
    throw yield* leave(messageOf(error));
  }
  if (!typed) {
    yield* dialogue.back(asked);
    throw new NoSuchWay(
      "the question for the secret disappeared before it could be answered; nothing was typed",
    );
  }
  const answer = yield* dialogue.untilPrompt("", asks);
  if (answer === undefined || answer === "asked")
    throw yield* leave(`the device refused the secret for ${mode.name}; it was sent once`);
  return answer;
}
