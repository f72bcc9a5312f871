import type { Clock, Disposable } from "../../base/clock.ts";
import { visibleLine } from "../../base/text.ts";
import type { Device } from "../../devices/device.ts";
import { looksRefused } from "../../devices/refusal.ts";
import type { LinkInfo } from "../../ssh/contract.ts";
import type { DeviceError } from "../record/outcome.ts";
import type { Dialogue } from "./dialogue.ts";
import { LineLost } from "./typing.ts";

/** How long a line of the preparation may take to come back to a prompt. */
const ANSWER_MS = 15_000;

/** The profile of a session, and how it was come by. */
export interface Platform {
  readonly device: Device;
  /** Why this profile, when the inventory does not say; a sentence for people. */
  readonly reason: string | undefined;
  /** Decides on the profile at the first prompt; undefined: it is given. */
  readonly detect?: Detect;
}

/** What is known of a device at its first prompt. */
export interface FirstSight {
  readonly ident: string;
  /** SSH banner and the rows above the prompt. */
  readonly banner: string;
  readonly promptRow: string;
}

/** Finds the profile. `ask` types one harmless command and gives its output. */
export type Detect = (
  seen: FirstSight,
  ask: (command: string) => Promise<readonly string[]>,
) => Promise<{ readonly device: Device; readonly reason: string }>;

export interface PreparePort {
  errorsSince(cursor: number): Promise<readonly DeviceError[]>;
  rowsSince(cursor: number): Promise<readonly string[]>;
  note(sentence: string): void;
  end(): number;
  readonly link: LinkInfo;
  readonly clock: Clock;
  textBefore(): string;
}

/** A line of ours that did not lead back to a prompt. */
export class Unprepared extends Error {
  readonly entered: boolean;

  constructor(command: string, entered: boolean) {
    super(
      entered
        ? `the device did not answer \`${command}\` with a prompt in ${ANSWER_MS / 1000} s; where the profile is not this host's, set platform or prompt_regex in the inventory`
        : `the device did not echo \`${command}\`: Enter was NOT pressed`,
    );
    this.entered = entered;
  }
}

/** Decides on the profile where that is open, then types the profile's session preparation. @throws LineLost, Unprepared. */
export async function prepare(platform: Platform, dialogue: Dialogue, port: PreparePort): Promise<Platform> {
  const found = platform.detect ? await decide(platform.detect, dialogue, port) : platform;
  const { device } = found;
  let typed = 0;
  let refused = 0;
  for (const step of device.profile.open ?? []) {
    const mode = dialogue.prompt?.mode;
    if (step.modes && (mode === undefined || !step.modes.includes(mode))) continue;
    const from = port.end();
    await exchange(step.send, dialogue, port);
    typed++;
    const [error] = await port.errorsSince(from);
    if (error || (await port.rowsSince(from)).some(looksRefused)) refused++;
    if (error && step.optional !== true)
      port.note(`the device refused \`${step.send}\`: ${visibleLine(error.row, 120)}`);
  }
  if (typed > 0 && refused === typed)
    port.note(
      `the device took nothing of the session preparation of ${device.id}: it may be another platform (auto finds out), and its pager is on`,
    );
  return found;
}

async function exchange(command: string, dialogue: Dialogue, { clock }: PreparePort): Promise<void> {
  try {
    await dialogue.type(command);
  } catch (error) {
    throw error instanceof LineLost && error.why === "echo" ? new Unprepared(command, false) : error;
  }
  let timer: Disposable | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = clock.after(ANSWER_MS, () => reject(new Unprepared(command, true)));
  });
  try {
    await Promise.race([dialogue.untilPrompt(command), late]);
  } finally {
    timer?.dispose();
  }
}

async function decide(detect: Detect, dialogue: Dialogue, port: PreparePort): Promise<Platform> {
  const { link } = port;
  const promptRow = dialogue.prompt?.row ?? "";
  const seen = { ident: link.ident, banner: `${link.banner}\n${port.textBefore()}`, promptRow };
  const { device, reason } = await detect(seen, async (command) => {
    const from = port.end();
    await exchange(command, dialogue, port);
    return port.rowsSince(from);
  });
  dialogue.adopt(device);
  return { device, reason };
}
