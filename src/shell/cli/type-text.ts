import type { Reason } from "../../base/contract/permit.ts";
import type { TextEnd } from "../../devices/text-ends.ts";
import type { Script } from "../pty/script.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Job } from "./job.ts";
import { isEndKey } from "./text-lines.ts";
import { endOfText } from "./text-wanted.ts";

/** What became of a text: how many lines of the job were typed for it, and the last line. */
interface TextTyped {
  readonly lines: number;
  readonly last: string;
  /** `prompt`: it was ended before its last line; `stopped`: by keys of the caller, and goes on. */
  readonly left: "ended" | "prompt" | "stopped";
}

/**
 * Types the text that the device wants behind the job's line, the line that ends it included, but does not wait for what comes
 * of that. Undefined: none of the job's lines ends it, and nothing was typed. @throws LineLost.
 */
export function* typeText(text: TextEnd, job: Job, dialogue: Dialogue): Script<TextTyped | undefined> {
  const from = job.at + 1;
  const to = endOfText(text, job.lines, from);
  if (to === undefined) return undefined;
  const parts = job.lines.slice(from, to + 1).flatMap((line, index) => {
    const blanks = job.blanks[from + index] ?? 0;
    return [...Array.from({ length: blanks }, () => ({ line: "", index })), { line, index }];
  });
  const last = parts.pop()?.line ?? "";
  for (const { line, index } of parts) {
    if (job.stop !== undefined) return { lines: index, last: line, left: "stopped" };
    yield* enter(line, dialogue);
    const reached = yield* dialogue.comes({ typed: line, next: undefined, inText: text });
    if (reached?.what !== "text") return { lines: index + 1, last: line, left: "prompt" };
  }
  if (job.stop !== undefined) return { lines: to - from, last, left: "stopped" };
  yield* enter(last, dialogue);
  return { lines: to - from + 1, last, left: "ended" };
}

function* enter(line: string, dialogue: Dialogue): Script {
  const { port, device } = dialogue;
  const reason: Reason = { as: "line", of: line };
  if (isEndKey(line)) port.put(line, reason);
  else if (line === "") port.put(device.keys.enter, { as: "enter" });
  else yield* dialogue.type(line, reason, true);
}
