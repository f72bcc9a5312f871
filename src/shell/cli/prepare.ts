import { visibleLine } from "../../base/text.ts";
import type { Device } from "../../devices/device.ts";
import type { LinkInfo } from "../../ssh/types.ts";
import type { DeviceError } from "../outcome.ts";
import type { Dialogue } from "./dialogue.ts";

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
  textBefore(): string;
}

/** Decides on the profile where that is open, then types the profile's session preparation. @throws LineLost. */
export async function prepare(platform: Platform, dialogue: Dialogue, port: PreparePort): Promise<Platform> {
  const found = platform.detect ? await decide(platform.detect, dialogue, port) : platform;
  const { device } = found;
  for (const step of device.profile.open ?? []) {
    const mode = dialogue.prompt?.mode;
    if (step.modes && (mode === undefined || !step.modes.includes(mode))) continue;
    const from = port.end();
    await dialogue.type(step.send);
    await dialogue.untilPrompt(step.send);
    if (step.optional === true) continue;
    const [error] = await port.errorsSince(from);
    if (error) port.note(`the device refused \`${step.send}\`: ${visibleLine(error.row, 120)}`);
  }
  return found;
}

async function decide(detect: Detect, dialogue: Dialogue, port: PreparePort): Promise<Platform> {
  const { link } = port;
  const promptRow = dialogue.prompt?.row ?? "";
  const seen = { ident: link.ident, banner: `${link.banner}\n${port.textBefore()}`, promptRow };
  const { device, reason } = await detect(seen, async (command) => {
    const from = port.end();
    await dialogue.type(command);
    await dialogue.untilPrompt(command);
    return port.rowsSince(from);
  });
  dialogue.adopt(device);
  return { device, reason };
}
