import type { Device } from "../../devices/device.ts";
import type { PromptRow } from "./known-prompts.ts";
import { countsOn, looks, nameGiven, sameName } from "./names.ts";

/** Rows at the beginning of an output that may be those of a login on something else. */
const FIRST_ROWS = 4;
/** Rows that say that a connection was not made are all there is of such an output. */
const FEW_ROWS = 6;

/** A line that may have led to another device, and what was seen since. */
interface Journey {
  readonly line: string;
  /** Lines of the kind without the row that ends them. */
  readonly depth: number;
  /** The line is none that leads away, and the prompt behind it shows this name. */
  readonly shows?: string | undefined;
}

/**
 * Is this still the device that was logged in to? The secrets of the inventory are that device's alone. Behind a line that
 * leads to another one they are off until the device says that this is over and its own prompt is back; in doubt for good.
 */
export interface Home {
  /** Its hostname as the first prompt shows it. */
  readonly host: string | undefined;
  /** Names that lines typed on it may have given it. */
  readonly names: readonly string[];
  /** How often in a row a number at the end of its name has grown from one prompt to the next: twice, and it is a counter. */
  readonly counts: number;
  readonly away: Journey | undefined;
  /** Why its secrets are off for the rest of the session. */
  readonly lost: string | undefined;
}

export const NOWHERE: Home = {
  host: undefined,
  names: [],
  counts: 0,
  away: undefined,
  lost: undefined,
};

/** The login is over: this prompt is the device's own. */
export function settledAt(prompt: PromptRow | undefined, seen: readonly PromptRow[] = []): Home {
  const names = seen.flatMap(({ host }) => (host === undefined ? [] : [host]));
  const counts = names.filter((name, at) => countsOn(names[at - 1] ?? "", name)).length;
  return { ...NOWHERE, host: prompt?.host, counts };
}

/** A prompt on the caller's word: where it does not show this device's name, whose it is nobody knows. */
export function atHome(home: Home, prompt: PromptRow, line: string): Home {
  if (home.host === undefined || (prompt.host !== undefined && isOwn(home, prompt))) return home;
  return {
    ...home,
    lost: home.lost ?? home.away?.line ?? (line.trim() === "" ? "here: prompt" : line.trim()),
  };
}

/** A line was entered at a prompt. */
export function entered(home: Home, line: string, device: Device): Home {
  if (device.away.leads(line)) {
    const depth = (home.away?.depth ?? 0) + 1;
    return { ...home, away: { line: home.away?.line ?? line.trim(), depth } };
  }
  const name = home.away ? undefined : nameGiven(line);
  return name === undefined ? home : { ...home, names: [...home.names.slice(-8), name] };
}

/** Something asked as a login elsewhere does. */
export function asked(home: Home, row: string, line: string, device: Device): Home {
  if (home.lost !== undefined || !device.away.asks(row.trimEnd())) return home;
  // Its own way into a mode may ask for a name, too.
  if (isStep(line, device)) return home;
  return { ...home, away: home.away ?? { line: line.trim(), depth: 1 } };
}

/** `line` has come to a prompt; `rows`: what was printed since, the prompt's own row last. */
export function returned(
  home: Home,
  line: string,
  rows: readonly string[],
  prompt: PromptRow,
  device: Device,
): Home {
  if (home.lost !== undefined) return home;
  const printed = printedRows(rows, line, prompt, device);
  const { away } = home;
  const own = isOwn(home, prompt);
  if (away === undefined) {
    const elsewhere = printed.slice(0, FIRST_ROWS).some((row) => device.away.login(row));
    if (elsewhere)
      return returned({ ...home, away: { line: line.trim(), depth: 1 } }, line, rows, prompt, device);
    const { host: shows = "" } = prompt;
    const stays = home.counts > 1 || looks(line) || isStep(line, device);
    if (!own && stays && countsOn(home.host ?? "", shows))
      return { ...home, host: shows, counts: home.counts + 1 };
    // A number that has grown but once is a part of the name.
    if (own && home.counts === 1 && line.trim() !== "") return { ...home, lost: line.trim() };
    return own ? named(home, prompt) : { ...home, away: { line: line.trim(), depth: 1, shows } };
  }
  const just = device.away.leads(line);
  const back = printed.findLastIndex((row) => row !== "");
  const ended = back >= 0 && device.away.back(printed[back] ?? "");
  const failed =
    just &&
    printed.length > 0 &&
    printed.length <= FEW_ROWS &&
    printed.some((row) => device.away.never(row)) &&
    !printed.some((row) => device.away.asks(row) || /\bOpen\b/.test(row));
  if (ended || failed) {
    const depth = away.depth - 1;
    if (depth > 0) return { ...home, away: { ...away, depth } };
    return own ? named({ ...home, away: undefined }, prompt) : { ...home, lost: away.line };
  }
  // Its own name without a word that it is back: another device may have the same name, or it waits in the background.
  return own ? { ...home, lost: away.line } : home;
}

/** Why no secret of the inventory may be typed now; undefined: it is the device that was logged in to. */
export function secretsOff(home: Home, prompt: PromptRow | undefined): string | undefined {
  const { away, host = "the device that was logged in to" } = home;
  const line = home.lost ?? away?.line;
  const again = "nothing was filled in: answer the question yourself, or reconnect";
  if (home.lost === undefined && away?.shows !== undefined)
    return `the secrets of the inventory belong to ${host}, and since \`${away.line}\` the prompt shows ${away.shows || "no name"}: that may be its new name or another device; ${again}`;
  if (line === undefined && home.counts === 1)
    return `the secrets of the inventory belong to the device that was logged in to, and its name has just changed to ${host}: whether that is a counter shows with the next command; ${again}`;
  if (line !== undefined)
    return `the secrets of the inventory belong to the device that was logged in to, and \`${line}\` may have led to another one; ${again}`;
  if (prompt === undefined || isOwn(home, prompt)) return undefined;
  return `the secrets of the inventory belong to ${home.host ?? "the device that was logged in to"}, and the prompt shows ${prompt.host ?? "another one"}; ${again}`;
}

/** Said once, with the command that leads away. */
export function saysAway(before: Home, after: Home): string | undefined {
  const off = (home: Home) => home.lost !== undefined || home.away !== undefined;
  if (off(after) && !off(before) && after.lost === undefined && after.away?.shows !== undefined)
    return `behind \`${after.away.line}\` the prompt shows ${after.away.shows || "no name"} and no longer ${after.host ?? "the name before"}: that may be its new name or another device, and the secrets of the inventory are not typed from here on; reconnect to have them again`;
  if (off(after) && !off(before))
    return `\`${after.lost ?? after.away?.line}\` may lead to another device: the secrets of the inventory are not typed from here on${
      after.lost === undefined ? ", until this device says that it is back" : "; reconnect to have them again"
    }`;
  if (after.lost !== undefined && before.lost === undefined)
    return "it is not sure that this is the device that was logged in to: its secrets stay off until you reconnect";
  return undefined;
}

/** The lines that keys have entered: what the device shows of them, on their own row and behind each prompt. */
export function linesShown(rows: readonly string[], keys: string, prompts: readonly string[]): string[] {
  const [first = ""] = rows;
  const behind = rows.flatMap((row) => {
    const prompt = prompts.find((one) => one !== "" && row.startsWith(one));
    return prompt === undefined ? [] : [row.slice(prompt.length)];
  });
  return [...keys.split(/[\r\n]/), first, ...behind].map((line) => line.trim()).filter((line) => line !== "");
}

/** A line that changes the mode. */
function isStep(line: string, { modes }: Device): boolean {
  return [...modes.values()].some(({ enter, leave }) => [enter.send, leave.send].includes(line.trim()));
}

function isOwn({ host, names }: Home, prompt: PromptRow): boolean {
  // A shell on the device may show no name, or another one; how it was reached is judged by the line.
  if (host === undefined || prompt.host === undefined || prompt.mode === "shell") return true;
  return (
    sameName(prompt.host, host) || truncates(host, prompt) || names.some((name) => isNamed(name, prompt))
  );
}

/** A prompt that truncates a name shows at least ten characters of it. */
function truncates(host: string, { host: shown = "" }: PromptRow): boolean {
  return shown.length >= 10 && shown.length < host.length && host.startsWith(shown);
}

function isNamed(name: string, prompt: PromptRow): boolean {
  return prompt.host === name || truncates(name, prompt) || name.startsWith(`${prompt.host}.`);
}

/** The device has the name that a line gave it. */
function named(home: Home, prompt: PromptRow): Home {
  if (prompt.host === undefined || prompt.mode === "shell" || prompt.host === home.host) return home;
  return home.names.some((name) => isNamed(name, prompt)) ? { ...home, host: prompt.host } : home;
}

/** The rows between the typed line and the prompt, without the device's own. */
function printedRows(rows: readonly string[], line: string, prompt: PromptRow, device: Device): string[] {
  const trimmed = rows.map((row) => row.trimEnd());
  while (trimmed.length > 0 && (trimmed.at(-1) === "" || trimmed.at(-1) === prompt.row)) trimmed.pop();
  const typed = line.trim();
  const printed = trimmed.filter((row) => row !== "" && !device.isAsync(row));
  if (typed !== "" && printed[0]?.endsWith(typed)) printed.shift();
  return printed;
}
