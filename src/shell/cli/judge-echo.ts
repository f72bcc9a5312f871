import type { Device } from "../../devices/device.ts";
import type { Quiet, Snapshot } from "../pty/snapshot.ts";
import { echoStands, echoStandsIn, isSubsequence } from "./echo.ts";
import type { DeviceMemory, ExpectedEcho } from "./memory.ts";
import { answerPage, isNewPage } from "./paging.ts";
import { lookAt } from "./sight.ts";
import { type Judged, nothing, reached } from "./verdict.ts";

/** Quiet after which a typed line that was not echoed never will be; a slow repaint may go on for longer. */
const ECHO_MS = 10_000;
/** The same, however much else is printed meanwhile. */
const ECHO_LIMIT_MS = 60_000;
/** Quiet before more than the cursor's row is searched for the echo. */
const ROWS_MS = 20;
/** Quiet before a page of help is answered. */
const PAGE_MS = 150;
/** Quiet before a line that is shorter than what was typed is taken to have lost the rest to the help. */
const SWALLOWED_MS = 1500;
/** A question mark may be answered with help in the next moment. */
const HELP_MS = 300;

/** The cursor's row alone shows the line: nothing more is needed, and nobody has to wait for quiet. */
export function echoAtOnce(memory: DeviceMemory, cursorText: string): boolean {
  const { expected } = memory;
  return expected?.what === "echo" && rowShows(expected, memory.device, cursorText, undefined);
}

function rowShows(
  { text, before, inText }: ExpectedEcho,
  device: Device,
  cursorText: string,
  quiet: Quiet | undefined,
): boolean {
  // Help may come late, and Enter would then run what it leaves on the line.
  if (
    !inText &&
    asksHelp(text) &&
    (device.profile.input?.literal_question !== true || !quiet?.reached(HELP_MS))
  )
    return false;
  const row = cursorText.trimEnd();
  return echoStands({ row, prompt: before, text: text.trimEnd(), how: device.echo });
}

/** The row alone may not show the line: it wrapped at the device's own width, or log rows came in between. */
export function judgeEcho(memory: DeviceMemory, expected: ExpectedEcho, seen: Snapshot): Judged {
  const { device } = memory;
  const { quiet, view } = seen;
  const { text, since } = expected;
  if (rowShows(expected, device, view.cursorText, quiet)) return reached(memory, { what: "echo" });
  if (!quiet.reached(ROWS_MS)) return nothing(memory);
  // A log row that is still coming in: the line is painted again behind it.
  if (device.isAsync(view.cursorText.trimEnd())) return nothing(memory);
  const gone: Judged = { memory: { ...memory, expected: undefined }, verdict: { do: "lost" } };
  if (!expected.inText && text.includes("?")) {
    const page = pageOfHelp(memory, expected, seen);
    if (page) return page;
    if (!quiet.reached(HELP_MS)) return nothing(memory);
    if (helped(expected, seen)) return reached(memory, { what: "help" });
    if (swallowed(expected, seen) && quiet.reached(SWALLOWED_MS)) return reached(memory, { what: "help" });
    if (asksHelp(text) && device.profile.input?.literal_question !== true)
      return quiet.reached(ECHO_MS) ? gone : nothing(memory);
  }
  const own = seen.rowsSince(since).filter((row) => !device.isAsync(row.trimEnd()));
  if (echoStandsIn(own, text, expected.before)) return reached(memory, { what: "echo" });
  const patient = !quiet.reached(ECHO_MS) && seen.now - expected.at < ECHO_LIMIT_MS;
  return patient ? nothing(memory) : gone;
}

/**
 * `show ip ?` prints help at the question mark and puts `show ip ` behind the prompt again; what was typed behind a question
 * mark within the line follows there, or stands alone.
 */
function helped({ text, before, since }: ExpectedEcho, seen: Snapshot): boolean {
  if (seen.lineFeedsSince(since) === 0) return false;
  const row = seen.view.cursorText.trimEnd();
  if (row === before) return true;
  if (before !== "" && !row.startsWith(before)) return false;
  const asked = /^(.*?)\s*\?+\s*$/.exec(text)?.[1];
  if (asked === undefined) {
    const shown = row.slice(before.length).replace(/\s+/g, "");
    return shown !== "" && text.replace(/[\s?]+/g, "").endsWith(shown);
  }
  return asked !== "" && row.replace(/\s+/g, " ").endsWith(asked.trim().replace(/\s+/g, " "));
}

/**
 * The prompt is there again with less than was typed behind it, the question mark not among it: the rest was keys for the pager
 * of the help.
 */
function swallowed({ text, before, since }: ExpectedEcho, seen: Snapshot): boolean {
  const row = seen.view.cursorText.trimEnd();
  if (before === "" || !row.startsWith(before) || seen.lineFeedsSince(since) === 0) return false;
  const shown = row.slice(before.length).replace(/\s+/g, "");
  return !shown.includes("?") && isSubsequence(shown, text.replace(/\s+/g, ""));
}

/** Help of more than a page waits at a pager before the line is there again. */
function pageOfHelp(memory: DeviceMemory, { since }: ExpectedEcho, seen: Snapshot): Judged | undefined {
  const sight = lookAt(seen.view, memory.device);
  if (sight.what !== "pager" || seen.lineFeedsSince(since) === 0) return undefined;
  if (!seen.quiet.reached(PAGE_MS) || !isNewPage(memory.pages, sight.pager, seen)) return nothing(memory);
  const { pages, key, note } = answerPage(memory.pages, sight.pager, since, seen);
  if (key === undefined) return undefined;
  return { memory: { ...memory, pages }, verdict: { do: "press", key, as: "page", note } };
}

function asksHelp(text: string): boolean {
  return /\?\s*$/.test(text);
}
