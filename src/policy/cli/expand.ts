import type { Risk } from "../risk.ts";
import { type Grammar, type Mode, type Node, newNode, type Rule, type Rules, WHY } from "./grammar.ts";
import { type Action, abbreviates, MANAGEMENT, matches, RANGE } from "./pattern.ts";

/** One way to read a line: the risk, why, the words spelled out as far as they are known, and what it does to the mode. */
export interface Reading {
  readonly risk: Risk;
  readonly why: string;
  readonly meaning: string;
  readonly action: Action | undefined;
  /** The mode whose command it is. */
  readonly mode: string;
}

/** Shorter abbreviations of something milder than what is around it may be of something else. */
const CLEAR_ABBREVIATION = 3;
/** At the end of a line two letters are a keyword as often as a value: `set int ge-0/0/0 di`. */
const SHORTEST = 2;
/** Words of two letters that are whole: `set status up` says nothing of an upgrade. */
const SHORT = /^(?!(?:up|on|in|to|no|ip|id|of|or|by|at)$)[a-z]{2}$/;
/** What makes a line milder is nearly a whole word. */
const CLEAR_WORD = 5;
/** Prefixes in front of prefixes that are followed. */
const DEEPEST = 4;

/**
 * Every way to read the words of a line in a mode; none: the mode knows no such command. `words` are in lower case, `path`
 * is the words of the parts of the mode that the line is in.
 */
export function readingsIn(
  mode: Mode,
  words: readonly string[],
  grammar: Grammar,
  path: readonly string[],
  depth = 0,
): Reading[] {
  const [first, ...rest] = words;
  if (first === undefined || depth > DEEPEST) return [];
  const found: Reading[] = [];
  const start = grammar.modes.get(grammar.start);
  for (const run of grammar.run)
    if (start !== undefined && mode !== start && abbreviates(first, run) && rest.length > 0) {
      const ran = readingsIn(start, rest, grammar, [], depth + 1);
      found.push(...(ran.length > 0 ? ran.map(stays) : [unknownIn(start, rest)]));
      if (run === first) return found;
    }
  if (mode.parent !== undefined)
    for (const negation of grammar.negations)
      if (abbreviates(first, negation) && rest.length > 0) {
        found.push(...negated(mode, negation, rest, path));
        if (negation === first) return found;
      }
  if (mode.parent !== undefined && /^\d/.test(first))
    found.push(...numbered(mode, words, grammar, path, depth));
  const own = inside(ofRules(mode, words, path, mode.unknown, mode.name), words, grammar, depth);
  if (mode.root.words.has(first)) return own;
  found.push(...own);
  const also = mode.also === undefined ? undefined : grammar.modes.get(mode.also);
  if (also === undefined) return found;
  const elsewhere = readingsIn(also, words, grammar, [], depth + 1);
  // An abbreviation may be of either; a whole word that is known here is meant here.
  return found.length === 0 || also.root.words.has(first) ? [...found, ...elsewhere] : found;
}

/** An entry of a list: by its number, or an address. */
function numbered(
  mode: Mode,
  words: readonly string[],
  grammar: Grammar,
  path: readonly string[],
  depth: number,
): Reading[] {
  const [first = "", ...rest] = words;
  if (/^\d+$/.test(first)) return readingsIn(mode, rest, grammar, path, depth + 1);
  if (!/^[\da-f]*[.:][\da-f.:/]+$/.test(first)) return [];
  return [{ risk: "write", why: WHY.write, meaning: words.join(" "), action: undefined, mode: mode.name }];
}

/** A line of `configure …` in one piece: the rest is a statement of that mode. */
function inside(readings: readonly Reading[], words: readonly string[], grammar: Grammar, depth: number) {
  const [first] = readings;
  const target =
    first?.action?.is === "mode" && first.action.words.includes("with") ? first.action.words[0] : undefined;
  const mode = target === undefined ? undefined : grammar.modes.get(target);
  if (mode === undefined || first === undefined || words.length < 2) return [...readings];
  const inner = readingsIn(mode, words.slice(1), grammar, [], depth + 1);
  const known = inner.length > 0 ? inner : [unknownIn(mode, words.slice(1))];
  return known.map(
    (one): Reading => ({
      ...one,
      meaning: `${first.meaning.split(" ")[0]} ${one.meaning}`,
      action:
        one.action?.is === "enter" || one.action?.is === "nest"
          ? { is: "mode", words: [mode.name] }
          : one.action,
    }),
  );
}

/** Names that vendors give to what destroys or restarts. */
const SOUNDS_BAD =
  /format|eras|reload|reboot|reset|restart|delet|wipe|factory|halt|power-?(?:off|down|cycle)|upgrad|downgrad|install|zeroi[sz]|purg|destroy|rollback|restor|remov|switch-?over|fail-?over|unconfig|decommission/;

function opaqueWord(words: readonly string[], mode: Mode): Reading {
  return {
    risk: "opaque",
    why: "this command is not known",
    meaning: words.join(" "),
    action: undefined,
    mode: mode.name,
  };
}

/** What a command is that no pattern begins with. */
export function unknownIn(mode: Mode, words: readonly string[]): Reading {
  if (mode.unknown === "write" && SOUNDS_BAD.test(words[0] ?? ""))
    return {
      ...opaqueWord(words, mode),
      why: "this command is not known, and its name does not sound harmless",
    };
  if (mode.unknown === "opaque") return opaqueWord(words, mode);
  const why = WHY[mode.unknown];
  return { risk: mode.unknown, why, meaning: words.join(" "), action: undefined, mode: mode.name };
}

/** A command that another mode ran leaves this one where it is, but where a program took over. */
function stays(reading: Reading): Reading {
  return reading.action?.is === "opaque" ? reading : { ...reading, action: undefined };
}

const TAKES_OUT = "takes out what was configured";

function negated(mode: Mode, negation: string, rest: readonly string[], path: readonly string[]): Reading[] {
  const taken: Reading = {
    risk: "disruptive",
    why: TAKES_OUT,
    meaning: rest.join(" "),
    action: mode.candidate === undefined ? undefined : { is: "delete", words: [] },
    mode: mode.name,
  };
  const [first = ""] = rest;
  const known = mode.negated.root.words;
  // A whole word that is something else than what is mild abbreviates none of that.
  const other = !known.has(first) && mode.root.words.has(first);
  const rules = other ? { ...mode.negated, root: newNode() } : mode.negated;
  const found = ofRules(rules, rest, path, "disruptive", mode.name, true);
  const others =
    !known.has(first) &&
    !other &&
    [...mode.root.words.keys()].some((word) => abbreviates(first, word) && !known.has(word));
  if (found.length === 0 || others) found.push(taken);
  return found.map((one) => ({ ...one, meaning: `${negation} ${one.meaning}` }));
}

/** `strict`: what is mild here is mild in whole words alone. */
function ofRules(
  rules: Rules,
  words: readonly string[],
  path: readonly string[],
  unknown: Risk,
  mode: string,
  strict = false,
): Reading[] {
  const ends = walk(rules.root, words, 0, undefined, [], strict);
  const found = ends.map(
    ({ rule, spelled }): Reading => ({
      risk: rule?.risk ?? unknown,
      why: rule?.why ?? WHY[unknown],
      meaning: spelled.join(" "),
      action: rule?.action,
      mode,
    }),
  );
  const reads = found.length > 0 && found.every(({ risk }) => risk === "read");
  const whole = [...path, ...words];
  const inPart = (parts: Parameters<typeof matches>[0]) =>
    path.length > 0 && parts[0]?.is !== "gap" && matches(parts, whole, CLEAR_ABBREVIATION);
  const suits = (parts: Parameters<typeof matches>[0], least: number) =>
    matches(parts, words, least) || inPart(parts);
  // The same with the words spelled out as far as the tree knows them: `s int ge-0/0/0 dis` is `set interfaces …`.
  const spelledOut = found.map((_one, at) => ends[at]?.spelled ?? words);
  const least = SHORT.test(words.at(-1) ?? "") ? SHORTEST : CLEAR_ABBREVIATION;
  const suitsAny = (parts: Parameters<typeof matches>[0]) =>
    suits(parts, CLEAR_ABBREVIATION) || spelledOut.some((spelled) => matches(parts, spelled, least));
  const meaning = found[0]?.meaning ?? words.join(" ");
  const looks = rules.gaps.find(
    ({ parts, rule }) => rule.risk === "read" && suits(parts, CLEAR_ABBREVIATION),
  );
  if (looks !== undefined) return [{ ...looks.rule, meaning, mode }];
  if (!reads && rules.mild.some((parts) => suits(parts, CLEAR_WORD)))
    return [{ risk: "write", why: WHY.write, meaning, action: undefined, mode }];
  // A rule for two words and more knows this command better than a word anywhere in it.
  const known = ends.length > 0 && ends.every(({ rule }) => (rule?.depth ?? 0) > 1);
  const worse = rules.gaps
    // What looks may name anything; only a pattern for its own first word makes it worse.
    .filter(({ parts, rule }) => rule.risk !== "read" && !(reads && parts[0]?.is === "gap"))
    .filter(({ parts }) => (!known && suitsAny(parts)) || inPart(parts))
    .map(({ rule }): Reading => ({ ...rule, meaning, mode }));
  return [...found, ...worse];
}

interface Found {
  readonly rule: Rule | undefined;
  readonly spelled: readonly string[];
}

/** The ends of every way of the words through the tree. */
function walk(
  node: Node,
  words: readonly string[],
  at: number,
  rule: Rule | undefined,
  spelled: readonly string[],
  strict: boolean,
): Found[] {
  const word = words[at];
  const here = { rule, spelled: [...spelled, ...words.slice(at)] };
  if (word === undefined) return [here];
  const exact = node.words.get(word);
  if (exact !== undefined) return walk(exact, words, at + 1, exact.rule ?? rule, [...spelled, word], strict);
  const { short, atHyphen } = abbreviated(node, word, strict);
  // What abbreviates a keyword clearly is no value.
  const value =
    (MANAGEMENT.test(word) ? node.management : undefined) ??
    (RANGE.test(word) ? node.range : undefined) ??
    node.any;
  const open: [string, Node | undefined][] =
    short.length > 0 && word.length >= CLEAR_ABBREVIATION ? short : [...short, [word, value]];
  const found = open.flatMap(([literal, child]) =>
    child === undefined ? [] : walk(child, words, at + 1, child.rule ?? rule, [...spelled, literal], strict),
  );
  if (found.length === 0) return at === 0 ? [] : [here];
  const unclear = strict || atHyphen || word.length < CLEAR_ABBREVIATION;
  return at > 0 && short.length > 0 && unclear ? [...found, here] : found;
}

/** The literals that a word abbreviates; where there are none, those that it is the part before a hyphen of. */
function abbreviated(
  node: Node,
  word: string,
  strict: boolean,
): { readonly short: [string, Node][]; readonly atHyphen: boolean } {
  const short: [string, Node][] = [];
  const hyphened: [string, Node][] = [];
  if (word === "") return { short, atHyphen: false };
  for (const entry of node.words) {
    const [literal] = entry;
    if (!literal.startsWith(word) || node.whole.has(literal)) continue;
    (literal[word.length] === "-" ? hyphened : short).push(entry);
  }
  if (strict) return { short, atHyphen: false };
  return short.length > 0 ? { short, atHyphen: false } : { short: hyphened, atHyphen: hyphened.length > 0 };
}
