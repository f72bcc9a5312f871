import { visibleLine } from "../../base/text.ts";
import type { Device, DevicePager, DeviceQuestion } from "../../devices/device.ts";
import { NAME_ROW } from "../../devices/lexicon.ts";
import type { ScreenView } from "../../terminal/types.ts";
import { isProgress, isProse } from "../evidence/progress.ts";
import { askedByText, looksLikePrompt, MENU_ROW } from "../evidence/rows.ts";
import type { Quiet } from "../pty/snapshot.ts";
import type { Asking } from "../pty/state.ts";
import type { State } from "../record/outcome.ts";
import type { PromptRow } from "./known-prompts.ts";
import { paintsOver } from "./overpaint.ts";
import { ownRows } from "./own-rows.ts";

/** What the cursor's row says; the text around it is never searched. */
export type Sight =
  | { readonly what: "prompt"; readonly prompt: PromptRow }
  | { readonly what: "pager"; readonly pager: DevicePager; readonly row: string }
  | { readonly what: "question"; readonly question: DeviceQuestion; readonly row: string }
  | { readonly what: "secret"; readonly row: string }
  /** The line goes on here: an open quote, an open brace. */
  | { readonly what: "continues"; readonly row: string }
  | { readonly what: "screen" }
  /** An empty row: a prompt may be above it, before unsolicited rows of the device (log rows). */
  | { readonly what: "blank" }
  | { readonly what: "other"; readonly row: string };

/** Shortest pager row that is distinguished from output by its text alone. */
const MIN_PAGER = 4;

/**
 * Judges the row the cursor is on. Pagers own a whole row (birdc leaves the cursor at its start), all else ends at the cursor.
 * `newest`: the last bytes that came, where text right of the cursor may be what is left of another row.
 */
export function lookAt(view: ScreenView, device: Device, newest?: () => Uint8Array): Sight {
  const whole = view.rows[view.cursor.row] ?? "";
  const row = view.cursorText.trimEnd();
  const pager = whole.trim() === "" ? undefined : device.pager(whole);
  // A row as short as less's `:` is a pager only where one has taken the terminal over.
  const taken = view.alternate || view.modes.applicationCursorKeys;
  if (pager && (taken || whole.trim().length >= MIN_PAGER)) return { what: "pager", pager, row: whole };
  if (view.alternate) return { what: "screen" };
  if (row === "") return whole === "" ? { what: "blank" } : { what: "other", row: whole };
  const question = device.question(row);
  if (question) return { what: "question", question, row };
  if (device.isSecret(row)) return { what: "secret", row };
  // Text right of the cursor: a line is being edited or repainted.
  const behind = whole.length > view.cursor.col ? whole.slice(view.cursor.col).trim() : "";
  const rest = behind !== "" && newest && paintsOver(newest(), row) ? "" : behind;
  const match = rest === "" ? device.prompt(row) : undefined;
  if (match) return { what: "prompt", prompt: { ...match, row } };
  if (rest === "" && device.continues(row)) return { what: "continues", row };
  return { what: "other", row };
}

/** Is what is typed there a secret? */
export function asksSecret(sight: Sight): boolean {
  return sight.what === "secret" || (sight.what === "question" && sight.question.kind === "password");
}

/**
 * What rows of the device's own (syslog, broadcasts) have pushed up: the prompt, question or pager above them. `rows` end
 * above an empty cursor row; undefined: no such row, or nothing of the kind above it.
 */
export function sightAbove(rows: readonly string[], device: Device): Sight | undefined {
  const row = rowAbove(rows, device);
  if (row === undefined) return undefined;
  const pager = row.trim().length >= MIN_PAGER ? device.pager(row) : undefined;
  if (pager) return { what: "pager", pager, row };
  const question = device.question(row);
  if (question) return { what: "question", question, row };
  if (device.isSecret(row)) return { what: "secret", row };
  const match = device.prompt(row);
  return match && { what: "prompt", prompt: { ...match, row } };
}

/** The rows above the cursor's, those that wrapped at the edge joined; blanks at an edge are lost. */
export function wholeRowsAbove({
  rows,
  wrapped,
  cursor,
}: Pick<ScreenView, "rows" | "wrapped" | "cursor">): readonly string[] {
  const above = rows.slice(0, cursor.row);
  if (wrapped === undefined) return above;
  const whole: string[] = [];
  for (const [index, row] of above.entries())
    if (wrapped.includes(index)) whole.push(`${whole.pop() ?? ""}${row}`);
    else whole.push(row);
  return whole;
}

/** The last row that is not unsolicited, when only unsolicited rows follow it. */
export function rowAbove(rows: readonly string[], device: Device): string | undefined {
  const own = ownRows(rows, device);
  const behind = promptAbove(rows, own, device);
  if (behind !== undefined) return behind;
  const at = rows.findLastIndex((line, index) => line.trim() !== "" && own[index] !== true);
  return own.includes(true, at + 1) ? rows[at]?.trimEnd() : undefined;
}

/** The prompt directly in front of one of the newest such rows, on the same row. */
function promptAbove(rows: readonly string[], own: readonly boolean[], device: Device): string | undefined {
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]?.trimEnd() ?? "";
    if (row === "") continue;
    const prompt = device.promptBefore(row);
    if (prompt !== undefined) return prompt.trimEnd();
    if (own[index] !== true) return undefined;
  }
  return undefined;
}

/** The prompt that such rows have pushed up. */
export function overwrittenPrompt(rows: readonly string[], device: Device): PromptRow | undefined {
  const sight = sightAbove(rows, device);
  return sight?.what === "prompt" ? sight.prompt : undefined;
}

/** The state in which such a row leaves the session; undefined for a prompt and for rows that say nothing. */
export function stateOf(sight: Sight): State | undefined {
  switch (sight.what) {
    case "pager":
      if (sight.pager.live === true) return undefined;
      return asking("pager", sight.row.trim(), { submit: "key" });
    case "question": {
      const { kind, risk, submit, shared } = sight.question;
      return asking(kind, sight.row, { risk, submit }, shared ? "pattern" : "profile");
    }
    case "secret":
      return asking("password", sight.row, { submit: "line" });
    case "continues":
      return asking("continuation", sight.row, { submit: "line" });
    case "screen":
      return { state: "screen", evidence: "alternate_screen" };
    default:
      return undefined;
  }
}

/** Asking, known from the profile unless another evidence is given. */
export function asking(
  asked: Asking["asked"],
  row: string,
  more: Pick<Asking, "risk" | "submit" | "ends"> = {},
  evidence: Asking["evidence"] = "profile",
): State {
  return { state: "asking", asked, evidence, row: visibleLine(row, 200), ...more };
}

/** Quiet in milliseconds after which a shell or program of which the profile knows nothing is left to the caller. */
const STRANGER_SETTLE = 2000;
/** The same for a prompt of another host: a configuration that is shown may hold such a row, and pause there. */
const HOST_SETTLE = 5000;

/** What a row asks that the profile does not know: plain questions at once, ends of rows after a while (undefined: never). */
export function strangerAsks(row: string, quiet: Quiet | undefined, device: Device): State | undefined {
  const shape = device.asks(row);
  if (shape) return asking(shape.kind, row, { risk: shape.risk, submit: shape.submit }, "pattern");
  // Rows such as `...` or `>` are a program's progress here, and a shell's prompt is recognized below.
  const said = askedByText(row);
  if (said !== undefined && said !== "repl") return asking(said, row, {}, "pattern");
  if (quiet === undefined || !quiet.reached(STRANGER_SETTLE)) return undefined;
  if (/\w.*\?$/.test(row)) return asking("question", row, {}, "pattern");
  // Progress ends in the same marks; it is running.
  if (isProgress(row)) return undefined;
  if (looksLikePrompt(row, false) && !isProse(row)) return asking("shell", row, {}, "pattern");
  return row.endsWith(":") ? asking("question", row, {}, "pattern") : undefined;
}

/** A row that is a prompt by its shape, and of no device that anything leads to. */
export function strangerAt(row: string, quiet: Quiet): State | undefined {
  const repl = askedByText(row) === "repl";
  if (!quiet.reached(repl ? STRANGER_SETTLE : HOST_SETTLE)) return undefined;
  return asking(repl ? "repl" : "shell", row, {}, "pattern");
}

/** A mark alone, or behind a name of digits: work that goes on may be shown like that, too. */
export const BARE = /^(?:\d[\d.-]{0,62})?[>#]$/;

/** Such a row is a prompt, too, where the inventory says that any may be: no other row would ever come. */
export function isPromptLike(row: string): boolean {
  if (BARE.test(row)) return true;
  if (isProgress(row) || isProse(row) || NAME_ROW.test(row)) return false;
  return looksLikePrompt(row, false) && askedByText(row) === undefined && !MENU_ROW.test(row);
}
