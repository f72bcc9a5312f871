import type { Snapshot } from "../pty/snapshot.ts";
import type { DeviceMemory, ExpectedPrompt } from "./memory.ts";
import { stateOf } from "./sight.ts";
import { isTextRow, saysEnd, textWanted, wantsText } from "./text-wanted.ts";
import { type DeviceScene, type Judged, nothing, reached, stand, TRUST_TEXT } from "./verdict.ts";

/** Quiet in milliseconds before a text is taken to be wanted: where the device says so, and where nothing but the line does. */
const SAID_SETTLE = 500;
/** Quiet behind a line of a text, before the next one is typed. */
const LINE_SETTLE = 100;
/** The line goes on: the next one is typed behind it as behind a prompt. */
const MORE_SETTLE = 1000;
const MORE_ANSWER = 2000;

/** The cursor is on an empty row, or on one that begins a line of a text. Undefined: no text is wanted. */
export function judgeText(
  memory: DeviceMemory,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged | undefined {
  const { quiet } = seen;
  const { first, inText, since, typed, next } = expected;
  if (first || !isTextRow(seen.view.cursorText.trim())) return undefined;
  if (inText !== undefined) {
    const taken = seen.lineFeedsSince(since) > 0 && quiet.reached(LINE_SETTLE);
    return taken ? reached(memory, { what: "text", text: inText }) : nothing(memory);
  }
  const byKeys = memory.keysAt > since;
  const wanted = textWanted(memory.device, [typed], seen.rowsSince(since), byKeys);
  if (wanted === undefined) return undefined;
  if (!quiet.reached(wanted.said ? SAID_SETTLE : TRUST_TEXT)) return nothing(memory);
  if (next !== undefined && !byKeys && !scene.standing)
    return reached(memory, { what: "text", text: wanted.text });
  return stand(memory, scene, wantsText(wanted), saysEnd(wanted.text));
}

/** The line that was entered goes on: the job's next line is a part of it, or the caller's. */
export function judgeMore(
  memory: DeviceMemory,
  row: string,
  { next, since }: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const goesOn = next !== undefined && memory.keysAt <= since && !scene.standing && seen.end > since;
  const settle = goesOn && /^\s*[yn]/i.test(next) ? MORE_ANSWER : MORE_SETTLE;
  if (!seen.quiet.reached(settle)) return nothing(memory);
  if (goesOn) return reached(memory, { what: "more" });
  return stand(memory, scene, stateOf({ what: "continues", row }));
}
