import { RISKS, type Risk } from "../risk.ts";
import { type Action, type Part, type Pattern, parsePattern } from "./pattern.ts";
import type { GrammarFile, ModeFile, RiskFile } from "./schema.ts";

/** What a pattern says of the lines it fits. */
export interface Rule {
  readonly risk: Risk;
  readonly why: string;
  readonly action: Action | undefined;
  /** Words of its pattern. */
  readonly depth: number;
}

/** Commands by their words; the deepest rule on the way of a line speaks for it. */
export interface Node {
  readonly words: Map<string, Node>;
  /** Words that are not abbreviated. */
  readonly whole: Set<string>;
  any: Node | undefined;
  range: Node | undefined;
  management: Node | undefined;
  rule: Rule | undefined;
}

export interface Rules {
  readonly root: Node;
  /** Patterns with gaps: those that read come first; the others make a line worse, never milder. */
  readonly gaps: readonly { readonly parts: readonly Part[]; readonly rule: Rule }[];
  readonly mild: readonly (readonly Part[])[];
}

export interface Mode extends Rules {
  readonly name: string;
  readonly parent: string | undefined;
  readonly unknown: Risk;
  readonly also: string | undefined;
  readonly candidate: "shared" | "private" | undefined;
  readonly negated: Rules;
}

export interface Body {
  readonly parts: readonly Part[];
  readonly until: string | undefined;
}

/** How lines of a family of platforms are read. */
export interface Grammar {
  readonly id: string;
  readonly name: string;
  readonly dialect: "words" | "routeros";
  readonly start: string;
  readonly prompts: ReadonlyMap<string, string>;
  /** How a change is made so that it undoes itself unless it is confirmed; undefined: nothing is known. */
  readonly armed: string | undefined;
  readonly comments: readonly string[];
  readonly separators: readonly string[];
  readonly run: readonly string[];
  readonly negations: readonly string[];
  /** What only says in which part of the device something is done. */
  readonly scopes: readonly (readonly Part[])[];
  readonly text: readonly string[];
  readonly textTakes: "line" | "word";
  /** `text`: a quote that stays open takes the lines behind it, too. */
  readonly quotes: "line" | "text";
  readonly bodies: readonly Body[];
  readonly pipes: Readonly<Record<"read" | "write" | "opaque", readonly string[]>>;
  readonly modes: ReadonlyMap<string, Mode>;
}

/** The reason where a grammar gives none. */
export const WHY: Readonly<Record<Risk, string>> = {
  read: "only reads",
  write: "changes something small",
  opaque: "what it does cannot be known from the text",
  disruptive: "takes a service, a link or somebody's access away",
  irreversible: "what it destroys cannot be brought back",
};

/**
 * A grammar from its own file and those it extends, the furthest first: a pattern replaces the same one of a file before.
 *
 * @throws Error naming the field of a pattern, a mode or an action that is wrong.
 */
export function compileGrammar(files: readonly GrammarFile[]): Grammar {
  const last = <T>(of: (file: GrammarFile) => T | undefined): T | undefined =>
    files.map(of).findLast((value) => value !== undefined);
  const names = new Set(files.flatMap(({ modes }) => Object.keys(modes ?? {})));
  const modes = new Map([...names].map((name) => [name, compileMode(name, files)]));
  const start = last(({ start }) => start) ?? "exec";
  if (!modes.has(start)) throw new Error(`start: there is no mode "${start}"`);
  for (const [name, { parent, also }] of modes)
    for (const [field, other] of [
      ["parent", parent],
      ["also", also],
    ] as const)
      if (other !== undefined && !modes.has(other))
        throw new Error(`modes.${name}.${field}: there is no mode "${other}"`);
  const all = (of: (file: GrammarFile) => readonly string[] | undefined) =>
    files.flatMap((file) => of(file) ?? []).map((word) => word.toLowerCase());
  return {
    id: last(({ id }) => id) ?? "",
    name: last(({ name }) => name) ?? "",
    dialect: last(({ dialect }) => dialect) ?? "words",
    start,
    prompts: new Map(files.flatMap(({ prompts }) => Object.entries(prompts ?? {}))),
    armed: files.at(-1)?.armed,
    comments: last(({ comments }) => comments) ?? [],
    separators: last(({ separators }) => separators) ?? [],
    run: (last(({ run }) => run) ?? []).map((word) => word.toLowerCase()),
    negations: (last(({ negations }) => negations) ?? []).map((word) => word.toLowerCase()),
    scopes: all(({ scopes }) => scopes).map((scope) => parsePattern(scope).parts),
    text: all(({ text }) => text),
    textTakes: last(({ text_takes }) => text_takes) ?? "line",
    quotes: last(({ quotes }) => quotes) ?? "line",
    // The nearest file's first: the first that fits counts.
    bodies: files
      .toReversed()
      .flatMap(({ bodies = [] }) =>
        bodies.map(({ line, until }) => ({ parts: parsePattern(line).parts, until })),
      ),
    pipes: {
      read: all(({ pipes }) => pipes?.read),
      write: all(({ pipes }) => pipes?.write),
      opaque: all(({ pipes }) => pipes?.opaque),
    },
    modes,
  };
}

function compileMode(name: string, files: readonly GrammarFile[]): Mode {
  const own = files.flatMap(({ modes }) => modes?.[name] ?? []);
  const last = <T>(of: (mode: ModeFile) => T | undefined): T | undefined =>
    own.map(of).findLast((value) => value !== undefined);
  return {
    name,
    parent: last(({ parent }) => parent),
    unknown: last(({ unknown }) => unknown) ?? "opaque",
    also: last(({ also }) => also),
    candidate: last(({ candidate }) => candidate),
    ...compileRules(own, `modes.${name}`),
    negated: compileRules(
      own.flatMap(({ negated }) => negated ?? []),
      `modes.${name}.negated`,
    ),
  };
}

function compileRules(files: readonly RiskFile[], field: string): Rules {
  const root = newNode();
  const gaps: { parts: readonly Part[]; rule: Rule }[] = [];
  const mild: (readonly Part[])[] = [];
  for (const file of files) {
    for (const risk of RISKS)
      for (const [why, { parts, action }] of patternsOf(file[risk], `${field}.${risk}`)) {
        const rule = { risk, why: why ?? WHY[risk], action, depth: parts.length };
        if (parts.some(({ is }) => is === "gap")) gaps.push({ parts, rule });
        else plant(root, parts, rule);
      }
    for (const [, { parts }] of patternsOf(file.mild, `${field}.mild`)) mild.push(parts);
  }
  return { root, gaps, mild };
}

function* patternsOf(rules: RiskFile["read"], field: string): Iterable<[string | undefined, Pattern]> {
  const groups: [string | undefined, readonly string[]][] = Array.isArray(rules)
    ? [[undefined, rules]]
    : Object.entries(rules ?? {});
  for (const [why, texts] of groups)
    for (const text of texts) {
      try {
        yield [why, parsePattern(text)];
      } catch (error) {
        throw new Error(`${field}: "${text}": ${error instanceof Error ? error.message : String(error)}`);
      }
    }
}

export function newNode(): Node {
  return {
    words: new Map(),
    whole: new Set(),
    any: undefined,
    range: undefined,
    management: undefined,
    rule: undefined,
  };
}

/** A later rule for the same words replaces an earlier one: RISKS go from mild to bad. */
function plant(node: Node, parts: readonly Part[], rule: Rule): void {
  const [part, ...rest] = parts;
  if (part === undefined) {
    node.rule = rule;
    return;
  }
  for (const child of childrenFor(node, part)) plant(child, rest, rule);
}

function childrenFor(node: Node, part: Part): Node[] {
  if (part.is === "any") {
    node.any ??= newNode();
    return [node.any];
  }
  if (part.is === "range") {
    node.range ??= newNode();
    return [node.range];
  }
  if (part.is === "management") {
    node.management ??= newNode();
    return [node.management];
  }
  if (part.is === "gap") return [];
  for (const word of part.whole) node.whole.add(word);
  return [...part.words, ...part.whole].map((word) => {
    const child = node.words.get(word) ?? newNode();
    node.words.set(word, child);
    return child;
  });
}
