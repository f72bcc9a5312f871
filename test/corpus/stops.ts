import type { Device } from "../../src/devices/device.ts";
import { knows, learned, nothingKnown } from "../../src/shell/cli/known-prompts.ts";
import { lookAt, type Sight } from "../../src/shell/cli/sight.ts";
import { createScreen, type Screen } from "../../src/terminal/screen.ts";
import { drawn } from "../terminal/drawn.ts";
import { endsInPrompt, type Recording, type Step } from "./recording.ts";

/** A place inside an output at which the screen reads as if the device were waiting. */
export interface FalseStop {
  /** Empty for the login. */
  readonly input: string;
  /** Characters of the step printed so far. */
  readonly at: number;
  readonly what: Sight["what"];
  readonly row: string;
  /** A prompt of a host not seen before in this session: it has to stand for a second before it counts. */
  readonly foreign: boolean;
}

export interface Walked {
  readonly falseStops: readonly FalseStop[];
  /** Steps at whose end nothing is seen that a session goes on from. */
  readonly unseenEnds: readonly FalseStop[];
  /** Places looked at. */
  readonly looks: number;
}

/** Sights at which a session ends a wait or presses a key. */
const WAITS: ReadonlySet<Sight["what"]> = new Set(["prompt", "pager", "question", "secret", "screen"]);

/** Behind a letter or a digit, where hardly a prompt ends, one place in so many is looked at. */
const EVERY = Number(process.env.SSH_MCP_CORPUS_STOPS ?? 4);

/**
 * Prints a recording one character at a time and looks after each, as if the device paused there for good. A session that
 * is right at every such place is right for any way of cutting and delaying the bytes.
 */
export async function walk(recording: Recording, device: Device): Promise<Walked> {
  const login: Step = { input: "", isKey: false, output: recording.init };
  const steps = [login, ...recording.steps];
  const screen = await createScreen({ cols: 200, rows: 50 });
  let known = nothingKnown(device.profile.prompt_prefix);
  const falseStops: FalseStop[] = [];
  const unseenEnds: FalseStop[] = [];
  let looks = 0;
  const look = (): Sight => {
    looks++;
    drawn(screen);
    return lookAt(screen.view(), device);
  };
  for (const [index, step] of steps.entries()) {
    const { input, output } = step;
    const from = behindEcho(step);
    put(screen, output.slice(0, from));
    const wanted = steps[index + 1]?.isKey === true ? "pager" : endsInPrompt(output) ? "prompt" : undefined;
    // The session ends here: nothing comes after a wrong stop.
    if (wanted === undefined) break;
    // A key's own pager stands there until the device begins the next page.
    let erasing = step.isKey;
    const chars = [...output.slice(from)];
    const lastRow = output.lastIndexOf("\n") + 1;
    let at = from;
    const stop = (sight: Sight): FalseStop => ({
      input,
      at,
      what: sight.what,
      row: screen.cursorRowText(),
      foreign: sight.what === "prompt" && !knows(known, sight.prompt, input),
    });
    const last = chars.join("").trimEnd().length + from;
    for (const char of chars) {
      put(screen, char);
      at += char.length;
      if (char === "\n") erasing = false;
      if (at >= last || (at % EVERY !== 0 && /[a-z\d]/i.test(char))) continue;
      const sight = look();
      if (!WAITS.has(sight.what)) continue;
      // Its own row, of which the end is missing: the key that comes early is taken when the row is whole.
      if (sight.what === "pager" && (erasing || (wanted === "pager" && at > lastRow))) continue;
      falseStops.push(stop(sight));
    }
    const end = look();
    if (end.what !== wanted) unseenEnds.push(stop(end));
    if (end.what === "prompt") known = learned(known, end.prompt);
  }
  screen.dispose();
  return { falseStops, unseenEnds, looks };
}

/** Enter is pressed once the echo stands: what comes before it is no place to stop. */
function behindEcho({ input, isKey, output }: Step): number {
  return !isKey && output.startsWith(input)
    ? input.length + (/^\r*\n/.exec(output.slice(input.length))?.[0].length ?? 0)
    : 0;
}

function put(screen: Screen, text: string): void {
  screen.write(Buffer.from(text, "utf8"));
  drawn(screen);
}
