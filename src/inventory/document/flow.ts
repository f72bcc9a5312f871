import type { YAMLMap } from "yaml";
import type { EditValue } from "./edits.ts";
import { flowValue, scalar } from "./render.ts";
import type { Splice } from "./splice.ts";
import { type Entry, keyStart, pairEnd, span, type Tree } from "./tree.ts";

/** Adds keys within the braces of a flow mapping. */
export function flowAdd(map: YAMLMap, entries: ReadonlyMap<string, EditValue>): Splice[] {
  const added = [...entries].map(([key, value]) => `${scalar(key)}: ${flowValue(value)}`).join(", ");
  const last = map.items.at(-1);
  if (last !== undefined) {
    const at = pairEnd(last);
    return [{ from: at, to: at, text: `, ${added}` }];
  }
  const at = span(map)[0] + 1;
  return [{ from: at, to: at, text: added }];
}

/** Removes one key of a flow mapping with the comma that belongs to it. */
export function flowRemove({ text }: Tree, { pair, map, index }: Entry): Splice[] {
  const from = keyStart(pair);
  const to = pairEnd(pair);
  const commas = commasOf(map);
  const [before, behind] = [commas[index], commas[index + 1]];
  const comma = (at: number): Splice => ({ from: at, to: at + 1, text: "" });
  if (index === map.items.length - 1) {
    // The comma in front goes; one that ends the list stays, unless nothing is left of it.
    const gap: Splice = { from, to, text: "" };
    if (before !== undefined && text.slice(before + 1, from).trim() === "")
      return [{ from: before, to, text: "" }];
    const superfluous = behind ?? before;
    return superfluous === undefined ? [gap] : [comma(superfluous), gap];
  }
  if (behind === undefined) return [{ from, to, text: "" }];
  // Comments between a value and its comma stay.
  if (text.slice(to, behind).trim() !== "") return [{ from, to, text: "" }, comma(behind)];
  const [blank = ""] = /^[ \t]*/.exec(text.slice(behind + 1)) ?? [];
  return [{ from, to: behind + 1 + blank.length, text: "" }];
}

/** Offset of the comma in front of each item; one more where a comma ends the list. */
function commasOf(map: YAMLMap): (number | undefined)[] {
  const { srcToken } = map;
  if (srcToken?.type !== "flow-collection") return [];
  return srcToken.items.map(({ start }) => start.find(({ type }) => type === "comma")?.offset);
}
