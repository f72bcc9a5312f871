import type { DeviceQuestion } from "../../devices/device.ts";

/** Without its blanks: completion, wrapping and repainting change nothing else. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}

/** A line that scrolls sideways shows its end; at least this much of it must be visible. */
const TAIL = 12;

export interface Echo {
  /** Row left of the cursor now, wrapped rows joined. */
  readonly row: string;
  /** The prompt's row before anything was typed; empty when it had been overwritten. */
  readonly prompt: string;
  /** What was typed. */
  readonly text: string;
  readonly how: "exact" | "fuzzy" | "none";
}

/**
 * Is the typed line on the screen, so that Enter may follow? Fuzzy takes what a device makes of a line while it
 * completes or expands words: the same characters in the same order.
 */
export function echoStands({ row, prompt, text, how }: Echo): boolean {
  if (how === "none") return true;
  const typed = squeeze(text);
  const stem = prompt.trimEnd();
  const behind = stem !== "" && row.startsWith(stem) ? row.slice(stem.length) : row;
  const shown = squeeze(behind);
  if (shown === typed || (stem === "" && shown.endsWith(typed))) return true;
  // The mark is where the line begins; a prompt such as `<HW>` has one, too.
  if (typed.length > TAIL && /^\s*[$<]/.test(behind) && shown.endsWith(typed.slice(-TAIL))) return true;
  return (
    how === "fuzzy" && shown[0] === typed[0] && shown.at(-1) === typed.at(-1) && isSubsequence(typed, shown)
  );
}

/**
 * The same over everything that was printed since the line was begun, rows of the device's own left out. In front of the
 * line is nothing, or the prompt painted again: text of somebody else's would be entered with it.
 */
export function echoStandsIn(rows: readonly string[], text: string, prompt: string): boolean {
  const shown = squeeze(rows.join(""));
  const typed = squeeze(text);
  return (
    shown === typed || (shown.endsWith(typed) && shown.slice(0, -typed.length).endsWith(squeeze(prompt)))
  );
}

export function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (char === part[at]) at++;
  return at >= part.length;
}

/**
 * What a question's kind says of its echo. A value may be anything, a key or a community string in words that no profile
 * knows among them.
 */
export function echoAt(kind: DeviceQuestion["kind"]): "on" | "off" | "unknown" {
  if (kind === "password") return "off";
  return kind === "value" ? "unknown" : "on";
}
