import { visibleLine } from "../../base/text.ts";
import type { Device } from "../../devices/device.ts";
import { askedByText, looksLikePrompt, MENU_ROW } from "../evidence/rows.ts";
import type { Quiet, Snapshot } from "../pty/snapshot.ts";
import type { Typed } from "../record/ledger.ts";
import type { State } from "../record/outcome.ts";
import { standsEarly } from "./early-prompt.ts";
import { echoStands, echoStandsIn } from "./echo.ts";
import type { PromptRow } from "./known-prompts.ts";
import { withLearnedPrompt } from "./learn-prompt.ts";
import {
  accepted,
  type DeviceMemory,
  type ExpectedEcho,
  type ExpectedPrompt,
  isKnown,
  met,
  newestRows,
  type Reached,
} from "./memory.ts";
import { answerPage, isNewPage } from "./paging.ts";
import { asking, lookAt, overwrittenPrompt, type Sight, sightAbove, stateOf, strangerAsks } from "./sight.ts";

/** Quiet times in milliseconds before something is concluded. */
const PAGER_SETTLE = 20;
/** A row of output may read like a question until the rest has arrived; an answer is never urgent. */
const QUESTION_SETTLE = 300;
const SCREEN_SETTLE = 150;
/** A prompt of a host or shape not seen before: output may hold such a row. */
const UNKNOWN_SETTLE = 1000;
/** After login a banner may hold a row like a prompt and go on after a pause. */
const LOGIN_SETTLE = 300;
/** A prompt nobody described is believed a little later. */
const LEARN_SETTLE = 600;
const TRUST_TEXT = 1000;
const LOGIN_STUCK = 3000;
/** Quiet after which keys of the caller at a prompt have done what they do. */
const KEYS_SETTLE = 300;
/** Quiet after which a typed line that was not echoed never will be; a slow repaint may go on for longer. */
const ECHO_MS = 10_000;
/** The same, however much else is printed meanwhile. */
const ECHO_LIMIT_MS = 60_000;
/** Quiet before more than the cursor's row is searched for the echo. */
const ROWS_MS = 20;
/** A question mark may be answered with help in the next moment. */
const HELP_MS = 300;

/** Where the framing is, beside what the screen shows. */
export interface DeviceScene {
  /** What keys of the caller have left at the prompt, where no command is under way. */
  readonly typed: Typed | undefined;
  /** The last keys ended within a line. */
  readonly openEnd: boolean;
  /** The caller interrupted what runs. */
  readonly interrupted: boolean;
  /** A state holds already. */
  readonly standing: boolean;
  /** The inventory has a password for a login inside the terminal. */
  readonly hasPassword: boolean;
}

export type DeviceVerdict =
  | { readonly do: "nothing" }
  /** What the script waits for has come; the memory holds it. */
  | { readonly do: "met" }
  /** The device did not show the line. */
  | { readonly do: "lost" }
  | { readonly do: "stand"; readonly state: State; readonly note?: string }
  | {
      readonly do: "press";
      readonly key: string;
      readonly as: "page" | "login" | "enter";
      readonly note: string | undefined;
    }
  /** What was typed by keys has come back to the prompt. */
  | { readonly do: "typed ended" };

export interface Judged {
  readonly memory: DeviceMemory;
  readonly verdict: DeviceVerdict;
}

/** What quiet on a network CLI's terminal means. All judgement is about the rendered row the cursor is on. */
export function judgeDevice(memory: DeviceMemory, scene: DeviceScene, seen: Snapshot): Judged {
  const { expected } = memory;
  if (expected?.what === "echo") return judgeEcho(memory, expected, seen);
  if (expected?.what === "prompt") return judgePrompt(memory, expected, scene, seen);
  return scene.typed ? judgeTyped(memory, scene, scene.typed, seen) : nothing(memory);
}

/** The cursor's row alone shows the line: nothing more is needed, and nobody has to wait for quiet. */
export function echoAtOnce(memory: DeviceMemory, cursorText: string): boolean {
  const { expected } = memory;
  return expected?.what === "echo" && rowShows(expected, memory.device, cursorText, undefined);
}

function nothing(memory: DeviceMemory): Judged {
  return { memory, verdict: { do: "nothing" } };
}

function reached(memory: DeviceMemory, what: Reached): Judged {
  return { memory: met(memory, what), verdict: { do: "met" } };
}

function atPrompt(memory: DeviceMemory, prompt: PromptRow): Judged {
  return reached(memory, { what: "prompt", prompt });
}

function rowShows(
  { text, before }: ExpectedEcho,
  device: Device,
  cursorText: string,
  quiet: Quiet | undefined,
): boolean {
  // Help may come late, and Enter would then run what it leaves on the line.
  if (asksHelp(text) && (device.profile.input?.literal_question !== true || !quiet?.reached(HELP_MS)))
    return false;
  const row = cursorText.trimEnd();
  return echoStands({ row, prompt: before, text: text.trimEnd(), how: device.echo });
}

/** The row alone may not show the line: it wrapped at the device's own width, or log rows came in between. */
function judgeEcho(memory: DeviceMemory, expected: ExpectedEcho, seen: Snapshot): Judged {
  const { device } = memory;
  const { quiet, view } = seen;
  const { text, since } = expected;
  if (rowShows(expected, device, view.cursorText, quiet)) return reached(memory, { what: "echo" });
  if (!quiet.reached(ROWS_MS)) return nothing(memory);
  // A log row that is still coming in: the line is painted again behind it.
  if (device.isAsync(view.cursorText.trimEnd())) return nothing(memory);
  const gone: Judged = { memory: { ...memory, expected: undefined }, verdict: { do: "lost" } };
  if (asksHelp(text)) {
    if (!quiet.reached(HELP_MS)) return nothing(memory);
    if (helped(expected, seen)) return reached(memory, { what: "help" });
    if (device.profile.input?.literal_question !== true)
      return quiet.reached(ECHO_MS) ? gone : nothing(memory);
  }
  const own = seen.rowsSince(since).filter((row) => !device.isAsync(row.trimEnd()));
  if (echoStandsIn(own, text, expected.before)) return reached(memory, { what: "echo" });
  const patient = !quiet.reached(ECHO_MS) && seen.now - expected.at < ECHO_LIMIT_MS;
  return patient ? nothing(memory) : gone;
}

/** `show ip ?` prints help at the question mark and puts `show ip ` behind the prompt again. */
function helped({ text, before, since }: ExpectedEcho, seen: Snapshot): boolean {
  const asked = /^(.*?)\s*\?+\s*$/.exec(text)?.[1];
  if (asked === undefined || seen.lineFeedsSince(since) === 0) return false;
  const row = seen.view.cursorText.trimEnd();
  if (row === before) return true;
  return asked !== "" && row.replace(/\s+/g, " ").endsWith(asked.trim().replace(/\s+/g, " "));
}

function asksHelp(text: string): boolean {
  return /\?\s*$/.test(text);
}

function judgePrompt(
  memory: DeviceMemory,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { quiet, view } = seen;
  const sight = lookAt(view, memory.device);
  if (seen.unanswered && !quiet.reached(TRUST_TEXT)) return nothing(memory);
  if ("row" in sight && isTyped(sight.row, expected, seen)) return nothing(memory);
  switch (sight.what) {
    case "pager":
      if (!quiet.reached(PAGER_SETTLE) || !isNewPage(memory.pages, sight.pager, seen)) return nothing(memory);
      return page(memory, sight, scene, seen);
    case "prompt":
      if (!quiet.reached(settleOf(memory, sight.prompt, expected))) return nothing(memory);
      return isNew(memory.device, sight.prompt, expected, seen)
        ? atPrompt(memory, sight.prompt)
        : nothing(memory);
    case "question":
    case "secret": {
      const early = answersAsked(memory, sight.row, expected, seen, quiet);
      if (early) return early;
      const step = expected.first ? loginStep(memory, scene, sight.row) : undefined;
      return step ? reached(memory, step) : stand(memory, scene, stateOf(sight));
    }
    case "screen":
      return seen.waited && quiet.reached(SCREEN_SETTLE)
        ? stand(memory, scene, stateOf(sight))
        : nothing(memory);
    case "blank":
      return judgeAbove(memory, expected, scene, seen);
    case "other":
      return judgeOther(memory, sight.row, expected, scene, seen);
  }
}

function stand(memory: DeviceMemory, scene: DeviceScene, state: State | undefined, note?: string): Judged {
  if (state === undefined || scene.standing) return nothing(memory);
  return { memory, verdict: { do: "stand", state, ...(note === undefined ? {} : { note }) } };
}

/** The typed line itself, which may read like a question or a pager: nothing was printed behind it yet. */
function isTyped(row: string, { first, typed, since }: ExpectedPrompt, seen: Snapshot): boolean {
  if (first || typed === "" || !row.trimEnd().endsWith(typed.trim())) return false;
  return seen.lineFeedsSince(since) === 0;
}

function settleOf(memory: DeviceMemory, prompt: PromptRow, { first, typed }: ExpectedPrompt): number {
  const { settleMs } = memory.device;
  if (first) return Math.max(LOGIN_SETTLE, settleMs);
  return isKnown(memory, prompt, typed) ? settleMs : Math.max(UNKNOWN_SETTLE, settleMs);
}

/** Something was printed since Enter, and it is not merely the typed line that looks like a prompt. */
function isNew(
  device: Device,
  prompt: PromptRow,
  { first, typed, since }: ExpectedPrompt,
  seen: Snapshot,
): boolean {
  if (first) return true;
  if (seen.end <= since) return false;
  if (typed === "") return true;
  const feeds = seen.lineFeedsSince(since);
  const early = device.profile.early_prompt === true && feeds <= 1;
  if (early && standsEarly(seen.bytesSince(since), prompt.row)) return false;
  return !prompt.row.endsWith(typed.trim()) || feeds > 0;
}

/** Set while the row is not to be reported: too fresh, from before, or the very question the script waits for. */
function answersAsked(
  memory: DeviceMemory,
  row: string,
  { first, since, asks }: ExpectedPrompt,
  seen: Snapshot,
  quiet: Quiet | undefined,
): Judged | undefined {
  const news = first || seen.end > since;
  if (quiet && !quiet.reached(news ? QUESTION_SETTLE : TRUST_TEXT)) return nothing(memory);
  return news && asks?.(row) === true ? reached(memory, { what: "asked" }) : undefined;
}

/** The answer of a login inside the terminal; name and password go out once each. */
function loginStep(memory: DeviceMemory, { hasPassword }: DeviceScene, row: string): Reached | undefined {
  const step = memory.device.inBand.find(({ test }) => test(row));
  if (!step || memory.loginAnswered.includes(answerKind(step))) return undefined;
  return step.answer === "password" && !hasPassword ? undefined : { what: "login", step };
}

/** What distinguishes one answer of such a login from another. */
export function answerKind({ answer }: { readonly answer: string | { readonly text: string } }): string {
  return typeof answer === "string" ? answer : answer.text;
}

function page(
  memory: DeviceMemory,
  sight: Extract<Sight, { readonly what: "pager" }>,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  // Behind an interrupt nobody wants the pages that are left.
  if (scene.interrupted) return stand(memory, scene, stateOf(sight));
  const { pages, key, note } = answerPage(memory.pages, sight.pager, seen);
  const after = { ...memory, pages };
  if (key === undefined) return stand(after, scene, stateOf(sight), note);
  return { memory: after, verdict: { do: "press", key, as: "page", note } };
}

/** An empty row: what the device's own rows have pushed up counts as if it were at the cursor. */
function judgeAbove(
  memory: DeviceMemory,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { device } = memory;
  const { settleMs, nudgeMs } = device;
  const { quiet } = seen;
  // A pager that was answered already does not count again.
  const since = Math.max(expected.since, memory.keysAt, memory.pages.last?.end ?? 0);
  const rows = newestRows(seen, since);
  const above = sightAbove(rows, device);
  const known = above?.what !== "prompt" || expected.first || isKnown(memory, above.prompt, expected.typed);
  if (above && known) {
    // Judged by how long nothing but such rows has come: under a storm of them it is never quiet.
    const aboveSince = memory.aboveSince ?? seen.now - quiet.ms;
    const leftMs = Math.max(3 * settleMs, LOGIN_SETTLE) - (seen.now - aboveSince);
    if (leftMs > 0 && !quiet.reached(quiet.ms + leftMs)) return nothing({ ...memory, aboveSince });
    return takeAbove({ ...memory, aboveSince: undefined }, above, expected, scene, seen);
  }
  const cleared = { ...memory, aboveSince: undefined };
  const nudges = nudgeMs > 0 && !memory.nudged;
  if (nudges && (expected.first || promptAbove(memory, rows)) && quiet.reached(nudgeMs))
    return {
      memory: { ...cleared, nudged: true },
      verdict: {
        do: "press",
        key: device.keys.enter,
        as: expected.first ? "login" : "enter",
        note: "one Enter was sent on an empty row to get the prompt back",
      },
    };
  if (expected.first && !nudges && rows.length > 0 && quiet.reached(LOGIN_STUCK))
    return stuck(cleared, scene, rows.at(-1) ?? "");
  return nothing(cleared);
}

function takeAbove(
  memory: DeviceMemory,
  above: Sight,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  if (above.what === "prompt") return atPrompt(memory, above.prompt);
  if (above.what === "pager") return page(memory, above, scene, seen);
  const asked = "row" in above ? answersAsked(memory, above.row, expected, seen, undefined) : undefined;
  return asked ?? stand(memory, scene, stateOf(above));
}

function promptAbove(memory: DeviceMemory, rows: readonly string[]): boolean {
  const { device } = memory;
  const own = (line: string) => line.trim() === "" || device.isAsync(line.trimEnd());
  const row = rows.findLast((line) => !own(line))?.trimEnd() ?? "";
  const match = device.prompt(row);
  return match !== undefined && isKnown(memory, { ...match, row }, "");
}

function judgeOther(
  memory: DeviceMemory,
  row: string,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { quiet } = seen;
  const { first } = expected;
  const step = first ? loginStep(memory, scene, row) : undefined;
  if (step && quiet.reached(QUESTION_SETTLE)) return reached(memory, step);
  if (first && memory.device.profile.learn === true && isPromptLike(row) && quiet.reached(LEARN_SETTLE)) {
    const device = withLearnedPrompt(memory.device, row);
    const match = device.prompt(row);
    const learned = { ...memory, device };
    return match ? atPrompt(learned, { ...match, row }) : nothing(learned);
  }
  if (!seen.waited || !quiet.reached(TRUST_TEXT)) return nothing(memory);
  const { answering } = memory;
  if (answering && row.startsWith(answering.row.trimEnd()))
    return stand(memory, scene, { ...answering, row: visibleLine(row, 200) });
  if (first && quiet.reached(LOGIN_STUCK)) return stuck(memory, scene, row);
  return stand(memory, scene, strangerAsks(row, first ? undefined : quiet));
}

function stuck(memory: DeviceMemory, scene: DeviceScene, row: string): Judged {
  const note = looksLikePrompt(row, false)
    ? `profile ${memory.device.id} knows no prompt like ${JSON.stringify(visibleLine(row, 80))}`
    : undefined;
  return stand(memory, scene, asking(askedByText(row) ?? "question", row, {}, "pattern"), note);
}

function isPromptLike(row: string): boolean {
  return looksLikePrompt(row, false) && askedByText(row) === undefined && !MENU_ROW.test(row);
}

/** Keys of the caller were typed at the prompt. */
function judgeTyped(memory: DeviceMemory, { openEnd }: DeviceScene, typed: Typed, seen: Snapshot): Judged {
  const { quiet } = seen;
  if (!quiet.reached(KEYS_SETTLE) || (seen.unanswered && !quiet.reached(TRUST_TEXT))) return nothing(memory);
  const sight = lookAt(seen.view, memory.device);
  const since = typed.command?.range.from ?? 0;
  if (sight.what === "prompt") {
    if (typed.enter && typed.command && seen.lineFeedsSince(since) === 0) return nothing(memory);
    if (!isKnown(memory, sight.prompt, typed.command?.text ?? "") && !quiet.reached(UNKNOWN_SETTLE))
      return nothing(memory);
    return { memory: accepted(memory, sight.prompt), verdict: { do: "typed ended" } };
  }
  if (sight.what === "blank") {
    const prompt = pushedUp(memory, since, seen);
    return prompt ? { memory: accepted(memory, prompt), verdict: { do: "typed ended" } } : nothing(memory);
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
        ? strangerAsks(sight.row, quiet)
        : asking("line", sight.row);
  return state ? { memory, verdict: { do: "stand", state } } : nothing(memory);
}

/** The known prompt that rows of the device's own have pushed up since `cursor`; undefined: there is none. */
function pushedUp(memory: DeviceMemory, cursor: number, seen: Snapshot): PromptRow | undefined {
  const prompt = overwrittenPrompt(newestRows(seen, cursor), memory.device);
  return prompt && isKnown(memory, prompt, "") ? prompt : undefined;
}
