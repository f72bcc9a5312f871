import { RE2JS } from "re2js";
import type { PolicyRule } from "../base/contract/policy.ts";
import type { Classified } from "./classify.ts";
import { RISKS, type Risk } from "./risk.ts";
import { simpleCommands } from "./simple-commands.ts";
import { allowable } from "./via.ts";

const compiled = new Map<string, RE2JS>();
/** Patterns come from one inventory; more than this many different ones means it was edited often. */
const MAX_COMPILED = 512;

/** The inventory's reading has tried every pattern: one that does not compile here was never read. */
function regexOf(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const regex = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

function matches({ pattern }: PolicyRule, text: string): boolean {
  return regexOf(pattern).matches(text.trim());
}

/** The first rule of a kind that matches a line, a command of one, or what one comes to. */
export function ruleFor(
  rules: readonly PolicyRule[],
  is: "ask" | "deny",
  { judged }: Classified,
): PolicyRule | undefined {
  const own = rules.filter((rule) => rule.is === is);
  if (own.length === 0) return undefined;
  const texts = new Set(
    judged.flatMap(({ text, findings }) => [
      ...linesOf(text),
      ...simpleCommands(text),
      ...findings.flatMap(({ meaning, from, to }) => [meaning, text.slice(from, to)]),
    ]),
  );
  return own.find((rule) => [...texts].some((text) => matches(rule, text)));
}

function linesOf(text: string): readonly string[] {
  return [text, ...text.split(/\r\n?|\n/)];
}

/**
 * The rules that allow everything of it that is riskier than `passes`; undefined: something is left. Each finding for
 * itself, so that what an allowed command is chained to is not allowed with it.
 */
export function allowedBy(
  rules: readonly PolicyRule[],
  { judged }: Classified,
  passes: Risk,
): readonly PolicyRule[] | undefined {
  const allow = rules.filter((rule) => rule.is === "allow");
  const limit = RISKS.indexOf(passes);
  const risky = judged.flatMap(({ text, findings }) =>
    findings.filter(({ risk }) => RISKS.indexOf(risk) > limit).map((finding) => ({ text, finding })),
  );
  if (allow.length === 0 || risky.length === 0) return undefined;
  const found = risky.map(({ text, finding }) => {
    const own = finding.via === undefined ? [text.slice(finding.from, finding.to)] : [];
    const texts = [allowable(finding), ...own];
    return allow.find((rule) => texts.some((one) => matches(rule, one)));
  });
  return found.every((rule) => rule !== undefined) ? [...new Set(found)] : undefined;
}
