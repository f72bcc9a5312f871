import { visibleLine } from "../base/text.ts";
import type { Classified } from "./classify.ts";
import { RISKS, type Risk } from "./risk.ts";
import { allowable } from "./via.ts";

/** Patterns that are named. */
const NAMED = 3;
const LONGEST = 120;

/**
 * The rule by which the operator lets exactly this pass, as it is written in an inventory; undefined: no rule says it well, as for
 * keys whose effect nobody knows.
 */
export function allowRules({ judged }: Pick<Classified, "judged">, passes: Risk): string | undefined {
  const limit = RISKS.indexOf(passes);
  const risky = judged.flatMap(({ findings }) => findings).filter(({ risk }) => RISKS.indexOf(risk) > limit);
  // Nobody should let that pass for good because an agent asked once.
  if (risky.some(({ risk }) => risk === "irreversible")) return undefined;
  const texts = [...new Set(risky.map((finding) => allowable(finding).trim()))];
  if (texts.length === 0 || texts.length > NAMED || texts.some(unfit)) return undefined;
  return `rules: [${texts.map((text) => `{allow: ${quoted(pattern(text))}}`).join(", ")}]`;
}

const unfit = (text: string) =>
  text === "" || text.length > LONGEST || NO_COMMAND.test(text) || visibleLine(text, LONGEST) !== text;
/** Keys by their names, and what is not shown. */
const NO_COMMAND = /<[\w-]+>|^\[\d+ characters/;

/** The text as an RE2 pattern of itself. */
function pattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A single-quoted YAML scalar. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
