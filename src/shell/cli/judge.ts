import { visibleLine } from "../../base/text.ts";
import type { Device } from "../../devices/device.ts";
import { isBar } from "../evidence/progress.ts";
import { askedByText, looksLikePrompt } from "../evidence/rows.ts";
import type { Quiet, Snapshot } from "../pty/snapshot.ts";
import { isStranger, loginSettle, pagerSettle, settleOf, unknownSettle } from "./certainty.ts";
import { isEarlyOnly, printedSince, standsEarly, withAnswer } from "./early-prompt.ts";
import { judgeEcho } from "./judge-echo.ts";
import { judgeTyped } from "./judge-keys.ts";
import { judgeMore, judgeText } from "./judge-text.ts";
import type { PromptRow } from "./known-prompts.ts";
import { isRenamed } from "./learn-prompt.ts";
import {
  type DeviceMemory,
  type ExpectedPrompt,
  isKnown,
  newestRows,
  type Reached,
  withLearned,
} from "./memory.ts";
import { nameGiven } from "./names.ts";
import { NEWEST } from "./overpaint.ts";
import { answerPage, isNewPage } from "./paging.ts";
import {
  asking,
  BARE,
  isPromptLike,
  lookAt,
  type Sight,
  sightAbove,
  stateOf,
  strangerAsks,
  strangerAt,
} from "./sight.ts";
import { stoodFor } from "./stood.ts";
import { atPrompt, type DeviceScene, type Judged, nothing, reached, stand, TRUST_TEXT } from "./verdict.ts";

/** Quiet times in milliseconds before something is concluded. */
/** A row of output may read like a question until the rest has arrived; an answer is never urgent. */
const QUESTION_SETTLE = 300;
const SCREEN_SETTLE = 150;
/** A prompt nobody described is believed a little later. */
const LEARN_SETTLE = 600;
const LOGIN_STUCK = 3000;
const FIRST_QUIET = 50;
/** What a device may take for its next page. */
const PAGER_HALTED = 8000;
const BARE_SETTLE = 2000;

/** What quiet on a network CLI's terminal means. All judgement is about the rendered row the cursor is on. */
export function judgeDevice(memory: DeviceMemory, scene: DeviceScene, seen: Snapshot): Judged {
  const { expected } = memory;
  if (expected?.what === "echo") return judgeEcho(memory, expected, seen);
  if (expected?.what === "prompt") return judgePrompt(memory, expected, scene, seen);
  return scene.typed ? judgeTyped(memory, scene, scene.typed, seen) : nothing(memory);
}

function judgePrompt(
  memory: DeviceMemory,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { quiet, view } = seen;
  const sight = lookAt(view, memory.device, () => seen.bytesSince(seen.end - NEWEST));
  if (seen.unanswered && !quiet.reached(TRUST_TEXT)) return nothing(memory);
  if ("row" in sight && isTyped(sight.row, expected, seen)) return nothing(memory);
  switch (sight.what) {
    case "pager":
      if (sight.pager.live === true) return nothing(memory);
      if (!quiet.reached(pagerSettle(memory, expected, seen))) return nothing(memory);
      return isNewPage(memory.pages, sight.pager, seen)
        ? page(memory, sight, expected, scene, seen)
        : halted(memory, sight, scene, quiet);
    case "prompt":
      return !expected.first && strange(memory, sight.prompt, expected, seen)
        ? stand(memory, scene, strangerAt(sight.prompt.row, quiet))
        : judgeStanding(memory, sight.prompt, expected, seen);
    case "question":
    case "secret": {
      const early = answersAsked(memory, sight.row, expected, seen, quiet);
      if (early) return early;
      const step = expected.first ? loginStep(memory, scene, sight.row) : undefined;
      return step ? reached(memory, step) : stand(memory, scene, stateOf(sight));
    }
    case "continues":
      return judgeMore(memory, sight.row, expected, scene, seen);
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

function strange(memory: DeviceMemory, prompt: PromptRow, expected: ExpectedPrompt, seen: Snapshot): boolean {
  return isStranger(memory, prompt, [expected.typed], seen.rowsSince(expected.since));
}

/** The typed line itself, which may read like a question or a pager: nothing was printed behind it yet. */
function isTyped(row: string, { first, typed, since }: ExpectedPrompt, seen: Snapshot): boolean {
  if (first || typed === "" || !row.trimEnd().endsWith(typed.trim())) return false;
  return seen.lineFeedsSince(since) === 0;
}

/** A prompt is at the cursor; rows of the device's own that push it up and bring it back do not count as output. */
function judgeStanding(
  memory: DeviceMemory,
  prompt: PromptRow,
  expected: ExpectedPrompt,
  seen: Snapshot,
): Judged {
  const { memory: noted, ms } = stoodFor(memory, prompt.row, expected, seen);
  // However long it has been there in all: a device may paint its prompt, print a log row, and then the output.
  const least = leastQuiet(memory, expected) - seen.quiet.ms;
  const leftMs = Math.max(least, settleOf(noted, prompt, expected, seen) - ms);
  if (leftMs > 0 && !seen.quiet.reached(seen.quiet.ms + leftMs)) return nothing(noted);
  if (!isNew(memory.device, prompt, expected, seen)) return nothing(noted);
  const told = expected.first ? noted : withAnswer(noted, printedSince(expected, seen, prompt));
  return atPrompt(told, prompt);
}

/** The quiet that is wanted at the very end, milliseconds. After a login no output is due that could follow a log row. */
function leastQuiet({ device }: DeviceMemory, { first }: ExpectedPrompt): number {
  return first ? Math.min(device.settleMs, FIRST_QUIET) : device.settleMs;
}

/** Something was printed since Enter, and it is not merely the typed line that looks like a prompt. */
function isNew(device: Device, prompt: PromptRow, expected: ExpectedPrompt, seen: Snapshot): boolean {
  const { first, typed, since } = expected;
  if (first) return true;
  if (seen.end <= since) return false;
  if (typed === "") return true;
  const feeds = seen.lineFeedsSince(since);
  const early = device.profile.early_prompt === true && feeds <= 1;
  if (early && standsEarly(printedSince(expected, seen, prompt))) return false;
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
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  // Behind an interrupt nobody wants the pages that are left.
  if (scene.interrupted) return stand(memory, scene, stateOf(sight));
  const { pages, key, note } = answerPage(memory.pages, sight.pager, expected.since, seen);
  const after = { ...memory, pages };
  if (key === undefined) return stand(after, scene, stateOf(sight), note);
  return { memory: after, verdict: { do: "press", key, as: "page", note } };
}

/** A pager that was answered and is still there: the device may be slow, and after a while it is the caller's. */
function halted(memory: DeviceMemory, sight: Sight | undefined, scene: DeviceScene, quiet: Quiet): Judged {
  if (sight?.what !== "pager" || !quiet.reached(PAGER_HALTED)) return nothing(memory);
  return stand(memory, scene, stateOf(sight), "the pager was answered and did not go on");
}

/** An empty row: what the device's own rows have pushed up counts as if it were at the cursor. */
function judgeAbove(
  memory: DeviceMemory,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { device } = memory;
  const { quiet } = seen;
  // A pager that was answered already does not count again.
  const since = Math.max(expected.since, memory.keysAt, memory.pages.last?.end ?? 0);
  const rows = newestRows(seen, since);
  const above = sightAbove(rows, device);
  const known =
    above?.what !== "prompt" ||
    expected.first ||
    (isKnown(memory, above.prompt, expected.typed) &&
      !isEarlyOnly(printedSince(expected, seen, above.prompt), device));
  if (above && known) {
    // Judged by how long nothing but such rows has come: under a storm of them it is never quiet.
    const aboveSince = memory.aboveSince ?? seen.now - quiet.ms;
    const leftMs = Math.max(3 * device.settleMs, loginSettle(memory)) - (seen.now - aboveSince);
    if (leftMs > 0 && !quiet.reached(quiet.ms + leftMs)) return nothing({ ...memory, aboveSince });
    return takeAbove({ ...memory, aboveSince: undefined }, above, expected, scene, seen);
  }
  const cleared = { ...memory, aboveSince: undefined };
  const text = judgeText(cleared, expected, scene, seen);
  if (text) return text;
  const said = rows.findLast((line) => line.trim() !== "" && !device.isAsync(line.trimEnd()))?.trimEnd();
  if (expected.first && said !== undefined) {
    const wakes = wake(cleared, said, quiet);
    if (wakes) return wakes;
  }
  if (expected.first && said !== undefined && quiet.reached(LOGIN_STUCK)) return stuck(cleared, scene, said);
  return memory.pages.last === undefined
    ? nothing(cleared)
    : halted(cleared, sightAbove(newestRows(seen, expected.since), device), scene, quiet);
}

/** The row after login that names the key it waits for: sent once. Nothing else is ever sent to have something happen. */
function wake(memory: DeviceMemory, row: string, quiet: Quiet): Judged | undefined {
  const key = memory.woken ? undefined : memory.device.wakeKey(row);
  if (key === undefined) return undefined;
  if (!quiet.reached(TRUST_TEXT)) return nothing(memory);
  const note = `the key that ${JSON.stringify(visibleLine(row, 80))} waits for was sent`;
  return { memory: { ...memory, woken: true }, verdict: { do: "press", key, as: "login", note } };
}

function takeAbove(
  memory: DeviceMemory,
  above: Sight,
  expected: ExpectedPrompt,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  if (above.what === "prompt") return atPrompt(memory, above.prompt);
  if (above.what === "pager") return page(memory, above, expected, scene, seen);
  const asked = "row" in above ? answersAsked(memory, above.row, expected, seen, undefined) : undefined;
  return asked ?? stand(memory, scene, stateOf(above));
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
  const wakes = first ? wake(memory, row, quiet) : judgeText(memory, expected, scene, seen);
  if (wakes) return wakes;
  const step = first ? loginStep(memory, scene, row) : undefined;
  if (step && quiet.reached(QUESTION_SETTLE)) return reached(memory, step);
  if (first && memory.device.profile.learn === true && isPromptLike(row)) {
    const { memory: noted, ms } = stoodFor(memory, row, expected, seen);
    const leftMs = Math.max(0, leastQuiet(memory, expected) - quiet.ms, learnSettle(memory, row) - ms);
    const learned = quiet.reached(quiet.ms + leftMs) ? learn(noted, row) : undefined;
    return learned ?? judgeUnknown(noted, row, first, scene, seen);
  }
  if (!first && memory.device.profile.learn === true && renames(memory, row, expected.typed))
    return quiet.reached(unknownSettle(memory)) ? learn(memory, row) : nothing(memory);
  return judgeUnknown(memory, row, first, scene, seen);
}

/** The line that was entered gave the device the name that this row shows in the place of its own. */
function renames({ known, home }: DeviceMemory, row: string, typed: string): boolean {
  const given = nameGiven(typed);
  const away = home.away !== undefined || home.lost !== undefined;
  return given !== undefined && !away && isRenamed(known.rows, known.host, given, row);
}

/** A row of the shape of a prompt becomes this session's. */
function learn(memory: DeviceMemory, row: string): Judged {
  const learned = withLearned(memory, row);
  const match = learned.device.prompt(row);
  return match ? atPrompt(learned, { ...match, row }) : nothing(learned);
}

/** A row that says nothing to the profile: told to whoever waits. */
function judgeUnknown(
  memory: DeviceMemory,
  row: string,
  first: boolean,
  scene: DeviceScene,
  seen: Snapshot,
): Judged {
  const { quiet } = seen;
  if (!seen.waited || !quiet.reached(TRUST_TEXT)) return nothing(memory);
  const { answering } = memory;
  if (answering && row.startsWith(answering.row.trimEnd()))
    return stand(memory, scene, { ...answering, row: visibleLine(row, 200) });
  if (first && quiet.reached(LOGIN_STUCK) && !isBar(row)) return stuck(memory, scene, row);
  return stand(memory, scene, strangerAsks(row, first ? undefined : quiet, memory.device));
}

function stuck(memory: DeviceMemory, scene: DeviceScene, row: string): Judged {
  const note = looksLikePrompt(row, false)
    ? `profile ${memory.device.id} knows no prompt like ${JSON.stringify(visibleLine(row, 80))}`
    : undefined;
  return stand(memory, scene, asking(askedByText(row) ?? "question", row, {}, "pattern"), note);
}

function learnSettle(memory: DeviceMemory, row: string): number {
  return Math.max(BARE.test(row) ? BARE_SETTLE : LEARN_SETTLE, loginSettle(memory));
}
