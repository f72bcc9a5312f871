import { RISKS, type Risk } from "../risk.ts";
import { type Option, type Parsed, parseOptions } from "./options.ts";
import { classOfPath, type Deed, UNKNOWN } from "./paths.ts";
import type { Condition, Program, Rule } from "./table.ts";
import { riskOfVerbs } from "./verbs.ts";
import type { Arg } from "./words.ts";

/** What one command comes to, and why. */
export interface Outcome {
  readonly risk: Risk;
  readonly why: string;
}

/** What is said where a table says nothing. */
export const USUAL_WHY: Readonly<Record<Risk, string>> = {
  read: "only reads",
  write: "changes something small",
  opaque: "what it does cannot be known from the text",
  disruptive: "takes away or replaces what others rely on",
  irreversible: "what it removes or overwrites is gone",
};

export function outcome(risk: Risk, why?: string): Outcome {
  return { risk, why: why ?? USUAL_WHY[risk] };
}

/** The worse of two; the first of those that are equally bad. */
export function worse(one: Outcome, other: Outcome): Outcome {
  return RISKS.indexOf(other.risk) > RISKS.indexOf(one.risk) ? other : one;
}

/** Judges the arguments of a program by its table. */
export function byTable(program: Program, args: readonly Arg[], folder: string | undefined): Outcome {
  const parsed = parseOptions(args, { valued: program.valued, dashLong: program.traits.has("dashlong") });
  const words = args.map(({ text }) => text);
  const [only] = words;
  if (words.length === 1 && (only === "--help" || only === "--version")) return outcome("read");
  const abbrev = program.traits.has("abbrev");
  const fitting = program.rules.filter((rule) => fits(rule, parsed, words, abbrev));
  const finals = fitting.filter(({ final }) => final);
  if (finals.length > 0) return worstRule(finals);
  let result = base(program, fitting, parsed, abbrev);
  if (runsPrograms(parsed.options))
    result = worse(result, outcome("opaque", "runs a program of its options"));
  for (const rule of fitting) if (isConditional(rule)) result = worse(result, ofRule(rule));
  result = worse(result, ofPaths(program, parsed, folder));
  // Whoever does not know this option ends with an error; but what it leaves out is not proven.
  return isRehearsal(parsed.options) && result.risk !== "read"
    ? outcome("write", "only shows what it would do")
    : result;
}

/** Options that take a program to run, or code, whatever they belong to. */
const RUNS =
  /^--?(?:exec(?:ute)?|eval|evaluate|shell-escape|enable-write18|wrapper|to-command|checkpoint-action|use-askpass|askpass|rsh|(?:pre|post|deploy|renew)-hook|hostname-bin|lua-filter|proxy-?command|run-command|shell-command|on-(?:success|failure|change|exit))$/;

/** Does an option run a program? Letters that are put together (`-exec`) count only where they are written so. */
export function runsPrograms(options: readonly Option[]): boolean {
  return options.some(({ name }) => RUNS.test(name));
}

function isRehearsal(options: readonly Option[]): boolean {
  const rehearses = options.some(
    ({ name, value }) =>
      /^--(?:dry-?run|simulate|what-if)$/.test(name) && /^(?:client|server|true|all|)$/.test(value ?? ""),
  );
  return rehearses && !options.some(({ name }) => name === "--no-dry-run");
}

function ofRule(rule: Rule): Outcome {
  return outcome(rule.risk, rule.why);
}

function worstRule(rules: readonly Rule[]): Outcome {
  return rules.map(ofRule).reduce(worse);
}

function isConditional(rule: Rule): boolean {
  return rule.all.length > 0 || rule.none.length > 0;
}

/** The rule with the longest path, or the program itself. */
function base(program: Program, fitting: readonly Rule[], parsed: Parsed, abbrev: boolean): Outcome {
  const plain = fitting.filter((rule) => !isConditional(rule));
  const most = Math.max(0, ...plain.map(specificity));
  const best = plain.filter((rule) => specificity(rule) === most);
  const depth = Math.max(0, ...program.rules.map(({ path }) => path.length));
  const [first] = best;
  const known = first?.path.length ?? 0;
  const unknown = parsed.operands
    .slice(0, depth)
    .findIndex(({ text, glob }) => glob || text.includes(UNKNOWN));
  // A subcommand that is not known could be any of those that the table has at this place.
  if (
    unknown >= 0 &&
    program.rules.some(({ path }) => path.length > unknown && mayFit(path, parsed, unknown, abbrev))
  )
    return outcome("opaque", "which of its subcommands this is cannot be known");
  if (first !== undefined && known > 0) {
    const result = worstRule(best);
    const verb = program.traits.has("verbs") ? parsed.operands[known]?.text : undefined;
    const risk = verb !== undefined && /^[a-z]+$/.test(verb) ? riskOfVerbs([verb]) : undefined;
    return risk === "irreversible" || risk === "disruptive" ? worse(result, outcome(risk)) : result;
  }
  if (program.traits.has("verbs")) {
    const risk = riskOfVerbs(parsed.operands.slice(0, 4).map(({ text }) => text));
    if (risk !== undefined) return outcome(risk);
  }
  return first === undefined ? outcome(program.risk, program.why) : worstRule(best);
}

function mayFit(path: readonly string[], { operands }: Parsed, unknown: number, abbrev: boolean): boolean {
  return path.slice(0, unknown).every((word, at) => isWord(word, operands[at]?.text ?? "", abbrev));
}

function specificity(rule: Rule): number {
  return rule.path.reduce((sum, word) => sum + (word.includes("*") ? 1 : 10), 0);
}

function isWord(pattern: string, text: string, abbrev: boolean): boolean {
  if (pattern === text || pattern === "*") return true;
  if (abbrev && text !== "" && pattern.startsWith(text)) return true;
  if (!pattern.includes("*")) return false;
  const [head = "", tail = ""] = pattern.split("*");
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function fits(rule: Rule, parsed: Parsed, words: readonly string[], abbrev: boolean): boolean {
  if (!rule.path.every((word, at) => isWord(word, parsed.operands[at]?.text ?? "", abbrev))) return false;
  const left = parsed.operands.length - rule.path.length;
  const holds = (condition: Condition) => isTrue(condition, parsed.options, left, words, rule.final);
  return rule.all.every((some) => some.some(holds)) && !rule.none.some(holds);
}

function isTrue(
  condition: Condition,
  options: readonly Option[],
  operands: number,
  words: readonly string[],
  exact: boolean,
): boolean {
  switch (condition.is) {
    case "operands":
      return operands >= condition.least;
    case "word":
      return words.some((word) => condition.pattern.test(word));
    case "option":
      return options.some(
        ({ name, value }) =>
          (name === condition.name || (!exact && isCutShort(name, condition.name))) &&
          (condition.value === undefined || condition.value.toLowerCase() === value?.toLowerCase()) &&
          (condition.pattern === undefined || condition.pattern.test(value ?? "")),
      );
  }
}

/** `--forc` is `--force` to getopt_long(3). */
function isCutShort(name: string, whole: string): boolean {
  return name.length > 3 && name.startsWith("--") && whole.startsWith(name);
}

/** What comes of the files that the table says are written or taken away. */
function ofPaths(program: Program, { options, operands }: Parsed, folder: string | undefined): Outcome {
  let result = outcome("read");
  const look = (roles: readonly string[], deed: Deed) => {
    for (const role of roles)
      for (const path of pathsOf(role, options, operands)) result = worse(result, ofPath(path, deed, folder));
  };
  look(program.to, "replace");
  look(program.from, "delete");
  look(program.adds, "append");
  return result;
}

function pathsOf(role: string, options: readonly Option[], operands: readonly Arg[]): readonly string[] {
  const texts = operands.map(({ text }) => text);
  switch (role) {
    case "all":
      return texts;
    case "first":
      return texts.slice(0, 1);
    case "rest":
      return texts.slice(1);
    case "last":
      return texts.length > 1 ? texts.slice(-1) : [];
    case "butlast":
      return texts.slice(0, -1);
    default:
      return options.flatMap(({ name, value }) => (name === role && value !== undefined ? [value] : []));
  }
}

/** Files that are edited where they are. */
export function edited(files: readonly Arg[], folder: string | undefined): Outcome {
  return files
    .map(({ text }) => ofPath(text, "replace", folder))
    .reduce(worse, outcome("write", "edits files in place"));
}

/** A write to a file, in words. */
export function ofPath(path: string, deed: Deed, folder: string | undefined): Outcome {
  const risk = classOfPath(path, deed, folder ?? "~");
  const shown = path.replaceAll(UNKNOWN, "…");
  if (risk === "opaque") return outcome(risk, "which file it writes cannot be known");
  return outcome(risk, deed === "delete" ? `removes ${shown}` : `writes to ${shown}`);
}
