import type { Snapshot } from "../pty/snapshot.ts";
import { firstWord } from "./certainty.ts";
import { accepted, type DeviceMemory, isKnown } from "./memory.ts";
import { ownRows } from "./own-rows.ts";
import { lookAt, type Sight } from "./sight.ts";

/** What is seen behind an end. */
type Seen = Pick<Snapshot, "rowsSince" | "lineFeedsSince" | "end" | "view">;

/** Quiet in milliseconds before something behind an end is told; a row may read like a question until the rest is there. */
const PROMPT_SETTLE = 150;
const QUESTION_SETTLE = 300;
/** A prompt that stood this long before anything came was one: what comes then is not the command's, milliseconds. */
const FIRM = 10_000;
const LAST_PAUSE = 1000;
const LAST_ANSWER = 2000;
/** Rows are rendered from this much; more are counted by their ends, bytes. */
const RENDERED = 12 * 1024;

export type AfterEnd =
  | { readonly do: "nothing" }
  /** Rows came, and behind them the prompt again. */
  | { readonly do: "went on"; readonly rows: number }
  /** Something is asked, with these rows in front. */
  | { readonly do: "asks"; readonly rows: number };

/** A command has ended at a prompt; until something is typed its end may be revised. */
export function ended(
  memory: DeviceMemory,
  command: number,
  line: string,
  end: number,
  now: number,
): DeviceMemory {
  return { ...memory, ended: { command, word: firstWord(line), to: end, at: now, nextMs: undefined } };
}

/** Bytes came. */
export function passed(memory: DeviceMemory, now: number): DeviceMemory {
  const { ended: last } = memory;
  if (last === undefined || last.nextMs !== undefined) return memory;
  return { ...memory, ended: { ...last, nextMs: now - last.at } };
}

/** What came behind the end of the last command; `quiet` left out: the moment counts as it is. */
export function judgeAfter(memory: DeviceMemory, seen: Seen, quiet?: Snapshot["quiet"]): AfterEnd {
  const { ended: last } = memory;
  if (last === undefined || seen.end <= last.to) return { do: "nothing" };
  const sight = lookAt(seen.view, memory.device);
  const settled = (ms: number) => quiet === undefined || quiet.reached(ms);
  if (sight.what === "prompt") {
    if (!settled(Math.max(PROMPT_SETTLE, memory.device.settleMs))) return { do: "nothing" };
    if (!isKnown(memory, sight.prompt, "")) return { do: "nothing" };
    const rows = countRows(memory, last.to, seen, sight);
    return rows === 0 ? { do: "nothing" } : { do: "went on", rows };
  }
  if (sight.what !== "pager" && sight.what !== "question" && sight.what !== "secret")
    return { do: "nothing" };
  if (!settled(QUESTION_SETTLE)) return { do: "nothing" };
  return { do: "asks", rows: Math.max(0, countRows(memory, last.to, seen, sight) - 1) };
}

/** The command that went on is remembered as one that pauses there. */
export function revised(memory: DeviceMemory, end: number, now: number): DeviceMemory {
  const { ended: last } = memory;
  if (last === undefined) return memory;
  const wentOn = [...memory.wentOn.slice(-8), { word: last.word, afterMs: last.nextMs ?? 0 }];
  const next = { ...memory, wentOn, ended: { ...last, to: end, at: now, nextMs: undefined } };
  return next.prompt === undefined ? next : accepted(next, next.prompt);
}

/** A key is wanted: whatever stood at the terminal, something else reads now. */
const WANTS_KEY = /\b(?:press|hit|strike)\b.{0,40}\b(?:key|return|enter|space)\b/i;

/**
 * Rows came behind a prompt that had stood for long: they are something in the background, and the prompt is still there, unless one
 * of them asks for something (a session that is about to be closed, a console that has gone back to its login).
 */
export function isBackground({ ended: last, device }: DeviceMemory, since: Seen["rowsSince"]): boolean {
  if (last?.nextMs === undefined || last.nextMs < FIRM) return false;
  const asks = (row: string) =>
    WANTS_KEY.test(row) ||
    device.wakeKey(row) !== undefined ||
    device.question(row) !== undefined ||
    device.asks(row)?.kind === "key" ||
    device.isSecret(row);
  return !since(last.to).some((row) => asks(row.trimEnd()));
}

/** How long the next line waits, so that a command that has not ended does not take it for its own; milliseconds. */
export function waitsFor({ ended: last, pauses }: DeviceMemory, line: string, now: number): number {
  if (last === undefined) return 0;
  const ms = /^\s*[yn]/i.test(line) ? LAST_ANSWER : Math.min(LAST_PAUSE, 3 * pauses.withinMs);
  return Math.max(0, ms - (now - last.at));
}

/** Rows that are neither the device's own nor the prompt. */
function countRows({ device, prompt }: DeviceMemory, from: number, seen: Seen, sight: Sight): number {
  if (seen.end - from > RENDERED) return seen.lineFeedsSince(from);
  const at = sight.what === "prompt" ? sight.prompt : undefined;
  const rows = seen.rowsSince(from).map((row) => row.trimEnd());
  const own = ownRows(rows, device);
  return rows.filter((row, index) => {
    if (row === "" || row === prompt?.row || row === at?.row || own[index] === true) return false;
    return at?.context?.(row) !== true;
  }).length;
}
