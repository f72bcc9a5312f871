import type { Snapshot } from "../pty/snapshot.ts";
import type { Typed } from "../record/typed.ts";
import { DOUBTFUL, isStranger, unknownSettle } from "./certainty.ts";
import { isEarlyOnly, mayBeEarly, printedSince } from "./early-prompt.ts";
import { linesShown } from "./home.ts";
import type { PromptRow } from "./known-prompts.ts";
import { accepted, type DeviceMemory, isKnown, newestRows } from "./memory.ts";
import { NEWEST } from "./overpaint.ts";
import { asking, lookAt, overwrittenPrompt, stateOf, strangerAsks, strangerAt } from "./sight.ts";
import { isTextRow, saysEnd, textWanted, wantsText } from "./text-wanted.ts";
import { type DeviceScene, type Judged, nothing, stand, TRUST_TEXT } from "./verdict.ts";

/** Quiet after which keys of the caller at a prompt have done what they do. */
const KEYS_SETTLE = 300;

/** Keys of the caller were typed at the prompt. */
export function judgeTyped(memory: DeviceMemory, scene: DeviceScene, typed: Typed, seen: Snapshot): Judged {
  const { quiet } = seen;
  const { openEnd } = scene;
  if (!quiet.reached(KEYS_SETTLE) || (seen.unanswered && !quiet.reached(TRUST_TEXT))) return nothing(memory);
  const sight = lookAt(seen.view, memory.device, () => seen.bytesSince(seen.end - NEWEST));
  const since = typed.command?.range.from ?? 0;
  if (sight.what === "prompt") {
    if (typed.enter && typed.command && seen.lineFeedsSince(since) === 0) return nothing(memory);
    if (isEarly(memory, typed, sight.prompt, seen)) return nothing(memory);
    const keys = keysOf(typed);
    const rows = seen.rowsSince(since);
    const lines = linesShown(rows, keys, memory.known.rows);
    if (!isKnown(memory, sight.prompt, keys)) {
      if (isStranger(memory, sight.prompt, lines, rows))
        return stand(memory, scene, strangerAt(sight.prompt.row, quiet));
      if (!quiet.reached(unknownSettle(memory))) return nothing(memory);
    }
    return { memory: accepted(memory, sight.prompt), verdict: { do: "typed ended" } };
  }
  if (typed.enter && isTextRow(seen.view.cursorText.trim())) {
    const rows = seen.rowsSince(since);
    const keys = keysOf(typed);
    const wanted = textWanted(
      memory.device,
      linesShown(rows, keys, memory.known.rows),
      rows,
      typed.lines > 1,
    );
    if (wanted)
      return quiet.reached(TRUST_TEXT)
        ? stand(memory, scene, wantsText(wanted), saysEnd(wanted.text))
        : nothing(memory);
  }
  if (sight.what === "blank") {
    const prompt = pushedUp(memory, since, seen);
    return prompt && !isEarly(memory, typed, prompt, seen)
      ? { memory: accepted(memory, prompt), verdict: { do: "typed ended" } }
      : nothing(memory);
  }
  // What was typed behind the Enter is on the line of the prompt that is back: the line before it has ended.
  const behind = openEnd && typed.enter && seen.lineFeedsSince(since) > 0 && sight.what === "other";
  const known = behind
    ? memory.known.rows.findLast((one) => one !== "" && sight.row.startsWith(one))
    : undefined;
  const match = known === undefined ? undefined : memory.device.prompt(known);
  if (known !== undefined && match && quiet.reached(TRUST_TEXT))
    return { memory: accepted(memory, { ...match, row: known }), verdict: { do: "typed ended" } };
  const state =
    sight.what !== "other"
      ? stateOf(sight)
      : typed.enter
        ? strangerAsks(sight.row, quiet, memory.device)
        : asking("line", sight.row);
  return state ? { memory, verdict: { do: "stand", state } } : nothing(memory);
}

/** The prompt was printed at the Enter, and its answer is still to come. */
function isEarly(memory: DeviceMemory, typed: Typed, prompt: PromptRow, seen: Snapshot): boolean {
  const since = typed.enter ? typed.command?.range.from : undefined;
  if (since === undefined) return false;
  const line =
    keysOf(typed)
      .trim()
      .split(/[\r\n]/)
      .at(-1) ?? "";
  const printed = printedSince({ since, typed: line }, seen, prompt);
  if (isEarlyOnly(printed, memory.device)) return true;
  return mayBeEarly(memory, printed) && !seen.quiet.reached(DOUBTFUL);
}

function keysOf({ command }: Typed): string {
  return (command?.text ?? "").replace(/^keys: /, "");
}

/** The known prompt that rows of the device's own have pushed up since `cursor`; undefined: there is none. */
function pushedUp(memory: DeviceMemory, cursor: number, seen: Snapshot): PromptRow | undefined {
  const prompt = overwrittenPrompt(newestRows(seen, cursor), memory.device);
  return prompt && isKnown(memory, prompt, "") ? prompt : undefined;
}
