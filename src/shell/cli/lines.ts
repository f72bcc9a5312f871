import { SshMcpError } from "../../base/errors.ts";
import { UNSEEN } from "../../base/text.ts";
import { keyName } from "../../terminal/keys.ts";
import type { Job } from "./job.ts";
import type { LineLost } from "./line-lost.ts";
import { isEndKey } from "./text-lines.ts";

/** Lines named one by one in the account of a command of several lines. */
const NAMED_LINES = 20;

/** What the account of a command of several lines is made of. */
interface Account {
  readonly lines: readonly string[];
  /** Index of the line that is running. */
  readonly at: number;
  readonly keepGoing: boolean;
  /** The result of each line that was entered. */
  readonly told: readonly string[];
  readonly stop: Job["stop"];
}

/** Why the lines behind one were not typed. */
const WHY: Readonly<Record<NonNullable<Account["stop"]>, string>> = {
  interrupted: "an interrupt key was sent",
  question: "after a question",
  keys: "keys were sent in between",
  help: "its question mark asked for help",
  text: "the text had ended before",
  claimed: "the caller took the row for a prompt",
  error: "stopped at the error",
  unknown:
    "stopped at a row that the profile does not know: it may be an error or a warning; keep_going goes on",
};

/** `lost`: the current line was not entered, or its result is unknown. */
export function account({ lines, told, stop }: Account, lost: boolean): string {
  const count = lines.length;
  const shown =
    told.length > NAMED_LINES ? [...told.slice(0, NAMED_LINES - 5), "…", ...told.slice(-4)] : told;
  if (told.length === count) return `all ${count} lines were typed: ${shown.join(", ")}`;
  const done = `${told.length} of ${count} lines were typed${shown.length === 0 ? "" : `: ${shown.join(", ")}`}`;
  const from = told.length + (lost ? 1 : 0);
  const why = stop !== "interrupted" && lost ? `line ${from} did not end` : WHY[stop ?? "error"];
  return from === count ? `${done} (${why})` : `${done}; ${linesFrom(from, count)} NOT typed (${why})`;
}

/** What will happen to the lines after the running one; undefined: there are none. */
export function linesAhead({ lines, at, keepGoing, stop }: Account): string | undefined {
  if (at + 1 >= lines.length) return undefined;
  if (stop !== undefined && (stop === "interrupted" || stop === "claimed" || !keepGoing))
    return `${linesFrom(at + 1, lines.length)} NOT typed`;
  const rest = at + 2 === lines.length ? `line ${lines.length} is` : `lines ${at + 2} to ${lines.length} are`;
  const unless = keepGoing ? "" : ", unless keys are sent before";
  return `line ${at + 1} of ${lines.length} is running; ${rest} typed when the prompt is back${unless}`;
}

function linesFrom(index: number, count: number): string {
  return index + 1 === count ? `line ${count} was` : `lines ${index + 1} to ${count} were`;
}

/** What is said of a line that the device did not show. */
export function notShown(line: string | undefined, why: LineLost["why"], clearKey: string): string[] {
  if (why === "keys" || why === "enter")
    return [
      `keys were sent while the line was being typed: ${why === "enter" ? "what was there of both was entered by them" : "Enter was NOT pressed"}`,
    ];
  const said = `the device did not echo the line: Enter was NOT pressed. ssh_send <Enter> runs the unsent line, ${keyName(clearKey)} clears it`;
  const help =
    "its question mark may have asked for help; many devices accept a literal one only after <C-v>";
  return line?.includes("?") ? [said, help] : [said];
}

/** C1 controls, and half characters, which no encoding has: pasted along, never meant. */
const NO_TEXT = /[\u0080-\u009f\p{Cs}]/u;

function nameOf(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return /[\p{Z}\u2800]/u.test(char)
    ? `a blank that is none of the keyboard's (${code})`
    : `an invisible character (${code})`;
}

/** Lines to type. @throws SshMcpError `invalid_argument` for what only keys can send. */
export function linesOf(text: string, limit: number | undefined): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((one) => (isEndKey(one) ? one : one.replace(/\t/g, " ").replace(/ +$/, "")))
    .filter((one) => one !== "");
  for (const [index, one] of lines.entries()) {
    if (/[\u0000-\u001f\u007f]/.test(one) && (index === 0 || !isEndKey(one)))
      throw new SshMcpError(
        "invalid_argument",
        `line ${index + 1} holds a control character, which a command line treats as a key`,
        "Send keys with ssh_send.",
      );
    const [odd] = NO_TEXT.exec(one) ?? UNSEEN.exec(one) ?? [];
    if (odd !== undefined)
      throw new SshMcpError(
        "invalid_argument",
        `line ${index + 1} holds ${nameOf(odd)}, which a device does not read as what it looks like`,
        "Write it with plain blanks and characters; what is meant so is sent with ssh_send.",
      );
    if (limit !== undefined && one.length > limit)
      throw new SshMcpError(
        "invalid_argument",
        `line ${index + 1} has ${one.length} characters; the device accepts ${limit}`,
        "Shorten the line.",
      );
  }
  return lines;
}
