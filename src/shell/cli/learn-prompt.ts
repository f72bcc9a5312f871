import { type Device, type PromptMatch, withPrompt } from "../../devices/device.ts";
import { alike, samePlace, shapesOf } from "../evidence/prompt-shape.ts";
import type { PromptRow } from "./known-prompts.ts";

/** Where a prompt is that the profile has no mode for. */
export const UNKNOWN_MODE = "unknown";
/** Prompts whose like is looked for. */
const LOOKED_AT = 12;

/** What may follow the constant part of a prompt: a mode in brackets, a path; no longer name. */
const TAIL = /^(?: ?\([^()]{1,64}\))?(?:[^\s\w.-][^\s]{0,80})?\s?[\])]?[>#$%:]$/;

/** A device whose prompt was read off the screen: the same beginning, another ending only where modes change it. */
export function withLearnedPrompt(device: Device, first: string): Device {
  const literal = first.trimEnd();
  const stem = /^[[(<*!]*[\w.@:/~-]{2,}/.exec(literal)?.[0] ?? literal.slice(0, -1);
  const host = /[\w.-]+$/.exec(stem.replace(/[:/~]+$/, ""))?.[0];
  const prompt = (row: string): PromptMatch | undefined => {
    const like =
      row === literal ||
      (stem.length >= 2 &&
        row.startsWith(stem) &&
        row.length <= 200 &&
        TAIL.test(row.slice(stem.length)) &&
        (row.at(-1) !== ":" || literal.at(-1) === ":"));
    if (!like) return undefined;
    return { mode: modeOfWords(row.slice(stem.length)), host, context: undefined };
  };
  return withPrompt(device, prompt);
}

/**
 * A device with the prompts that were `seen` on it, beside those of its profile: these rows, and rows that differ from one of
 * them in what varies (a counter, unsaved changes, the state of a cluster, a context, a path). Where the profile has no word
 * for it, the mode is unknown.
 */
export function withSeenPrompts(device: Device, seen: readonly PromptRow[]): Device {
  const known = seen.slice(-LOOKED_AT).reverse();
  const shapes = known.map(({ row }) => shapesOf(row));
  const prompt = (row: string): PromptMatch | undefined => {
    const own = device.prompt(row);
    if (own) return own;
    const exact = known.find((one) => one.row === row);
    if (exact) return { mode: exact.mode, host: exact.host, context: exact.context };
    const now = shapesOf(row);
    for (const [index, before] of known.entries()) {
      for (const one of shapes[index] ?? []) {
        const next = now.find((shape) => alike(one, shape));
        if (next === undefined) continue;
        const host = before.host !== undefined && row.includes(before.host) ? before.host : next.name;
        if (samePlace(one, next)) return { mode: before.mode, host, context: before.context };
        return { mode: modeOf(device, row), host, context: before.context, like: true };
      }
    }
    return undefined;
  };
  return withPrompt(device, prompt);
}

/** Is this row one of the `known` prompts with the name that was just `given` in the place of the `old` one? */
export function isRenamed(
  known: readonly string[],
  old: string | undefined,
  given: string,
  row: string,
): boolean {
  if (old === undefined || old === "" || old === given) return false;
  return known.some((one) => {
    const at = one.lastIndexOf(old);
    return at >= 0 && `${one.slice(0, at)}${given}${one.slice(at + old.length)}` === row;
  });
}

/** The mode of a row that the profile does not know: only where it has no words of its own do the usual ones count. */
export function modeOf({ profile }: Device, row: string): string {
  return profile.learn === true ? modeOfWords(row) : UNKNOWN_MODE;
}

function modeOfWords(words: string): string {
  return /\((?:conf|cfg|edit)|(?:\b|_)config/i.test(words) ? "config" : "exec";
}
