import type { Device, PromptMatch } from "../../devices/device.ts";

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
    const mode = /\((?:conf|cfg|edit)|\bconfig/i.test(row.slice(stem.length)) ? "config" : "exec";
    return { mode, host, context: undefined };
  };
  return { ...device, prompt };
}
