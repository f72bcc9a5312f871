import { visibleLine } from "../../base/text.ts";
import type { Device } from "../../devices/device.ts";
import { looksRefused } from "../../devices/refusal.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { LinkInfo } from "../../ssh/contract.ts";
import type { Script } from "../pty/script.ts";
import type { Dialogue } from "./dialogue.ts";
import { LineLost } from "./line-lost.ts";

/** How long a line of the preparation may take to come back to a prompt. */
const ANSWER_MS = 15_000;

/** Our own lines are permitted with the session. */
const SETUP = { as: "setup" } as const;

/** Why a line that nobody ordered may not be typed on this host either; undefined: it may. */
export type Refuses = (line: string, host: ResolvedHost) => string | undefined;

/** What decides on the lines of a preparation. */
export interface Preparing {
  readonly host: ResolvedHost;
  readonly link: LinkInfo;
  readonly refuses?: Refuses | undefined;
}

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
  ask: (command: string) => Script<readonly string[]>,
) => Script<{ readonly device: Device; readonly reason: string }>;

/** The session could not be prepared; `entered`: a line of ours was, and did not lead back to a prompt. */
export class Unprepared extends Error {
  readonly entered: boolean;

  constructor(why: string, entered: boolean) {
    super(why);
    this.entered = entered;
  }
}

/** Decides on the profile where that is open, then types the profile's session preparation. @throws LineLost, Unprepared. */
export function* prepare(platform: Platform, dialogue: Dialogue, preparing: Preparing): Script<Platform> {
  const found = platform.detect ? yield* decide(platform.detect, dialogue, preparing) : platform;
  const { device } = found;
  const { notes } = dialogue.port.ledger;
  let typed = 0;
  let refused = 0;
  for (const step of device.profile.open ?? []) {
    const mode = dialogue.prompt?.mode;
    if (step.modes && (mode === undefined || !step.modes.includes(mode))) continue;
    if (!mayType(step.send, dialogue, preparing)) continue;
    const from = dialogue.end;
    yield* exchange(step.send, dialogue);
    typed++;
    const [error] = dialogue.errorsSince(from, step.send);
    if (error || dialogue.rowsSince(from).some(looksRefused)) refused++;
    if (error && step.optional !== true)
      notes.push(`the device refused \`${step.send}\`: ${visibleLine(error.row, 120)}`);
  }
  if (typed > 0 && refused === typed)
    notes.push(
      `the device refused every line of the session preparation of ${device.id}: it may be another platform (platform: auto detects it), and its pager is on`,
    );
  return found;
}

/** Lines of the preparation are judged like any other; one that is refused is left out, and that is said. */
function mayType(line: string, dialogue: Dialogue, { refuses, host }: Preparing): boolean {
  const why = refuses?.(line, host);
  if (why === undefined) return true;
  dialogue.port.ledger.notes.push(`the session preparation left out \`${line}\`: ${why}`);
  return false;
}

function* exchange(command: string, dialogue: Dialogue): Script {
  try {
    yield* dialogue.type(command, SETUP);
  } catch (error) {
    if (!(error instanceof LineLost) || error.why !== "echo") throw error;
    throw new Unprepared(`the device did not echo \`${command}\`: Enter was NOT pressed`, false);
  }
  const reached = yield* dialogue.untilPrompt(command, undefined, ANSWER_MS);
  if (reached === undefined)
    throw new Unprepared(
      `the device did not answer \`${command}\` with a prompt in ${ANSWER_MS / 1000} s; where the profile is not this host's, set platform or prompt_regex in the inventory`,
      true,
    );
}

function* decide(detect: Detect, dialogue: Dialogue, preparing: Preparing): Script<Platform> {
  const { link } = preparing;
  const promptRow = dialogue.prompt?.row ?? "";
  const rows = dialogue.port.sinks.screen.view().rows.join("\n");
  const seen = { ident: link.ident, banner: `${link.banner}\n${rows}`, promptRow };
  const { device, reason } = yield* detect(seen, function* ask(command) {
    if (!mayType(command, dialogue, preparing)) return [];
    const from = dialogue.end;
    yield* exchange(command, dialogue);
    return dialogue.rowsSince(from);
  });
  dialogue.adopt(device);
  return { device, reason };
}

/** The profile and the prompt, and why it is this profile, for people. */
export function saysPlatform({ device, prompt }: Dialogue, reason: string | undefined): string {
  const at = prompt ? `, prompt ${JSON.stringify(visibleLine(prompt.row, 80))}` : ", no prompt yet";
  return `${device.profile.name} (${device.id})${at}${reason === undefined ? "" : `; ${reason}`}`;
}
