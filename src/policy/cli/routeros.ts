import { type Finding, type Risk, worstOf } from "../risk.ts";
import { type CliFacts, dependsOn } from "./connected.ts";
import { type Grammar, type Mode, WHY } from "./grammar.ts";
import { abbreviates, matches } from "./pattern.ts";
import { type Statement, statementsOf } from "./routeros-statements.ts";
import type { CliState } from "./state.ts";
import type { Piece } from "./words.ts";

/** Blocks in blocks that are looked into. */
const DEEPEST = 8;
/** Commands of one text that are looked into, those in blocks counted. */
const MOST = 512;

interface Judged {
  readonly findings: readonly Finding[];
  readonly state: CliState;
}

/**
 * A text of RouterOS' console: menus are paths with blanks or slashes, a command is the first word that is one, and what
 * stands in brackets runs as well. The grammar's mode `menu` holds the words of menus, its start mode the commands.
 */
export function judgeRouterOs(
  text: Piece,
  grammar: Grammar,
  state: CliState,
  facts: CliFacts | undefined,
): Judged {
  const mode = grammar.modes.get(grammar.start);
  if (mode === undefined) return { findings: [], state };
  const budget = { left: MOST };
  return judgeBlock(text, { grammar, mode, facts, budget, depth: 0 }, state);
}

interface Console {
  readonly grammar: Grammar;
  readonly mode: Mode;
  readonly facts: CliFacts | undefined;
  readonly budget: { left: number };
  readonly depth: number;
}

function judgeBlock(text: Piece, console: Console, state: CliState): Judged {
  const findings: Finding[] = [];
  let now = state;
  const opaque = (why: string) =>
    findings.push({
      risk: "opaque",
      from: text.from,
      to: text.from + text.text.length,
      meaning: text.text.trim().slice(0, 200),
      why,
    });
  if (console.depth > DEEPEST) {
    opaque("blocks in blocks are not looked into so deep");
    return { findings, state };
  }
  if (console.depth === 0 && UNSEEN_KEYS.test(text.text))
    opaque("a key of the line editor is in it: what runs is not what is seen");
  for (const statement of statementsOf(text)) {
    if (console.budget.left-- <= 0) {
      opaque("too many commands");
      break;
    }
    const judged = judgeStatement(statement, console, now, findings);
    now = judged;
  }
  return { findings, state: console.depth === 0 ? now : state };
}

/** Tab completes, F1 and `?` help, others edit; line ends and blanks are none. */
const UNSEEN_KEYS = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f?]/;

function judgeStatement(
  statement: Statement,
  console: Console,
  state: CliState,
  findings: Finding[],
): CliState {
  const { from, to, nested, words: typed } = statement;
  const deeper = { ...console, depth: console.depth + 1 };
  const inner = nested.flatMap((piece) => judgeBlock(piece, deeper, state).findings);
  if (state.opaque !== undefined || statement.open) {
    const why = state.opaque === undefined ? "a bracket or a quote is open" : `${state.opaque} reads this`;
    findings.push({ risk: "opaque", from, to, meaning: typed.join(" "), why });
    return state;
  }
  const { words, args, absolute } = flattened(typed);
  const path = absolute ? [] : (state.path ?? []);
  const ways = waysOf(words, 0, console);
  const readings = ways.map((way) =>
    readingOf([...path, ...way.menu], way.command, [...way.rest, ...args], console),
  );
  const loud = inner.filter(({ risk }) => risk !== "read");
  if (typed.length > 0 || loud.length === 0) {
    const risk = worstOf(readings.map((one) => one.risk));
    const reading = readings.find((one) => one.risk === risk);
    if (reading !== undefined) {
      const on =
        reading.risk === "write" && reading.changes
          ? dependsOn([...path, ...typed.flatMap(parts)], console.facts)
          : undefined;
      findings.push({
        risk: on === undefined ? reading.risk : "disruptive",
        from,
        to,
        meaning: reading.meaning,
        why: on === undefined ? reading.why : `changes what this session comes by (${on})`,
      });
    }
  }
  findings.push(...loud);
  const goes = ways.find(({ command }) => command === undefined);
  const opened = readings.find(({ opens }) => opens !== undefined)?.opens;
  if (opened !== undefined) return { ...state, opaque: opened };
  const stays = goes === undefined || typed.length === 0 || readings.some(({ risk }) => risk !== "read");
  return stays ? state : { ...state, path: resolved([...path, ...goes.menu]) };
}

const parts = (word: string) => word.split("=");

/** `/interface/ethernet disable ether1 x=y` as words up to the first argument, and the arguments cut at their `=`. */
function flattened(typed: readonly string[]) {
  const absolute = typed[0]?.startsWith("/") === true;
  const words: string[] = [];
  const args: string[] = [];
  for (const word of typed) {
    if (args.length > 0 || word.includes("=") || /^["$[{(<>!]/.test(word))
      args.push(...parts(word).filter((part) => part !== ""));
    else words.push(...(word === "/" ? [] : word.split("/").filter((part) => part !== "")));
  }
  return { words, args, absolute };
}

interface Way {
  readonly menu: readonly string[];
  readonly command: string | undefined;
  readonly rest: readonly string[];
}

/** Every way to read words as menus and then a command; one without: they only lead to a menu. */
function waysOf(words: readonly string[], at: number, console: Console): Way[] {
  const menus = console.grammar.modes.get("menu")?.root.words ?? new Map<string, unknown>();
  const commands = console.mode.root.words;
  const word = words[at];
  if (word === undefined) return [{ menu: words, command: undefined, rest: [] }];
  const rest = words.slice(at + 1);
  const isMenu = menus.has(word) || word === "..";
  const isCommand = commands.has(word);
  const fits = (known: Iterable<string>) => [...known].filter((one) => abbreviates(word, one));
  const command = isCommand ? [word] : isMenu ? [] : fits(commands.keys());
  const ends = command.map((one): Way => ({ menu: words.slice(0, at), command: one, rest }));
  const goesOn = isMenu || (!isCommand && (command.length === 0 || fits(menus.keys()).length > 0));
  return goesOn ? [...ends, ...waysOf(words, at + 1, console)] : ends;
}

interface Reading {
  readonly risk: Risk;
  readonly why: string;
  readonly meaning: string;
  readonly changes: boolean;
  readonly opens: string | undefined;
}

function readingOf(
  menu: readonly string[],
  command: string | undefined,
  args: readonly string[],
  console: Console,
): Reading {
  const { mode, grammar } = console;
  const place = resolved(menu);
  const words = [...place, ...(command === undefined ? [] : [command]), ...args];
  const meaning = `/${words.join(" ")}`;
  const none = { meaning, changes: false, opens: undefined };
  if (command === undefined) {
    const menus = grammar.modes.get("menu")?.root.words ?? new Map<string, unknown>();
    const known = [...place].every(
      (word) => word === ".." || [...menus.keys()].some((one) => one.startsWith(word)),
    );
    if (!known || args.length > 0) return { ...none, risk: "opaque", why: "this command is not known" };
    return { ...none, risk: "read", why: "goes to a menu" };
  }
  const rule = mode.root.words.get(command)?.rule;
  const base = rule?.risk ?? "opaque";
  const opens = rule?.action?.is === "opaque" ? rule.action.words.join(" ") : undefined;
  const mild = mode.mild.some((pattern) => matches(pattern, words, 5));
  const worse = mode.gaps.filter(
    ({ parts, rule }) => (base !== "read" || rule.risk === "write") && matches(parts, words, 3),
  );
  const all: readonly { readonly risk: Risk; readonly why: string }[] = [
    { risk: base, why: rule?.why ?? WHY.opaque },
    ...worse.map(({ rule }) => rule),
  ];
  const risk = mild ? "write" : worstOf(all.map((one) => one.risk));
  const why = mild ? WHY.write : (all.find((one) => one.risk === risk)?.why ?? WHY[risk]);
  return { risk, why, meaning, changes: risk === "write", opens };
}

/** A path without its `..`. */
function resolved(path: readonly string[]): string[] {
  const kept: string[] = [];
  for (const word of path) {
    if (word === "..") kept.pop();
    else kept.push(word);
  }
  return kept;
}
