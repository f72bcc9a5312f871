import type { Risk } from "../risk.ts";

/**
 * What programs do, as data. A table is text, one rule a line:
 *
 *     git = W                          a program (or several), what it does where nothing else is said
 *       valued -C --git-dir            its options that take a value
 *       is abbrev                      traits: see TRAITS
 *       to last -o                     operands and options that name a file it writes
 *       from first                     operands that name a file it takes away
 *       adds all                       operands that name a file it makes, or adds to
 *       R status log remote/show       subcommands, by their words
 *       X push if -f --force : why     one of these options; a second `if` has to hold as well; `unless`: none of these
 *       r push if --dry-run            a small letter has the last word, whatever else holds
 *
 * `.` is the program itself, `*` a part of any word. Conditions: `-f` and `--force` (also put together or cut short),
 * `--flag=value`, `--flag~pattern` for what an option is given (such options take a value), `+` or `++` for at least one or two operands, `~pattern` for a word that matches.
 * Letters: R read, W write, O opaque, D disruptive, X irreversible.
 */
export type TableText = string;

export type Condition =
  | { readonly is: "option"; readonly name: string; readonly value?: string; readonly pattern?: RegExp }
  | { readonly is: "operands"; readonly least: number }
  | { readonly is: "word"; readonly pattern: RegExp };

export interface Rule {
  readonly path: readonly string[];
  readonly risk: Risk;
  /** Has the last word. */
  readonly final: boolean;
  readonly all: readonly (readonly Condition[])[];
  readonly none: readonly Condition[];
  readonly why: string | undefined;
}

/**
 * - `abbrev`: subcommands may be cut short (ip, nmcli);
 * - `dashlong`: options are words behind one dash;
 * - `verbs`: a subcommand that is not in the table is judged by the verbs in it (the command lines of clouds);
 * - `nested`: without operands it reads what is typed from then on; `editor`: always, but with an option that ends it;
 *   `pager`: also behind a pipe.
 */
const TRAITS: ReadonlySet<string> = new Set(["abbrev", "dashlong", "verbs", "nested", "editor", "pager"]);

export interface Program {
  readonly risk: Risk;
  readonly why: string | undefined;
  readonly valued: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  /** `first`, `last`, `rest`, `all`, or an option. */
  readonly to: readonly string[];
  readonly from: readonly string[];
  readonly adds: readonly string[];
  readonly rules: readonly Rule[];
}

const LETTERS: Readonly<Record<string, Risk>> = {
  R: "read",
  W: "write",
  O: "opaque",
  D: "disruptive",
  X: "irreversible",
};

/** @throws Error with the line, for a table that is not one: a mistake of ours, found by every test. */
export function programsOf(...tables: readonly TableText[]): ReadonlyMap<string, Program> {
  const programs = new Map<string, Program>();
  for (const table of tables) {
    for (const block of table.split(/\n(?=\S)/)) {
      const lines = block.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
      const [head, ...rest] = lines;
      if (head === undefined) continue;
      const { names, program } = programOf(head, rest);
      for (const name of names) {
        if (programs.has(name)) throw new Error(`the table has ${name} twice`);
        programs.set(name, program);
      }
    }
  }
  return programs;
}

function programOf(
  head: string,
  lines: readonly string[],
): { readonly names: readonly string[]; readonly program: Program } {
  const [, names = "", letter = "", why] = /^(.+?) = ([RWODX])(?: : (.*))?$/.exec(head.trim()) ?? [];
  const risk = LETTERS[letter];
  if (risk === undefined) throw new Error(`not a program of a table: ${head}`);
  const valued: string[] = [];
  const traits: string[] = [];
  const to: string[] = [];
  const from: string[] = [];
  const adds: string[] = [];
  const rules: Rule[] = [];
  for (const line of lines) {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "valued") valued.push(...rest);
    else if (word === "is") traits.push(...rest);
    else if (word === "to") to.push(...rest);
    else if (word === "from") from.push(...rest);
    else if (word === "adds") adds.push(...rest);
    else rules.push(...rulesOf(line.trim()));
  }
  for (const trait of traits) if (!TRAITS.has(trait)) throw new Error(`no such trait: ${trait}`);
  for (const { all, none } of rules)
    for (const one of [...all.flat(), ...none])
      if (one.is === "option" && (one.value !== undefined || one.pattern !== undefined))
        valued.push(one.name);
  const program = { risk, why, valued: new Set(valued), traits: new Set(traits), to, from, adds, rules };
  return { names: names.split(/\s+/), program };
}

function rulesOf(line: string): readonly Rule[] {
  const [before = "", why] = line.split(/ : (.*)/);
  const [, letter = "", rest = ""] = /^([RWODXrwodx]) (.*)$/.exec(before) ?? [];
  const risk = LETTERS[letter.toUpperCase()];
  if (risk === undefined) throw new Error(`not a rule of a table: ${line}`);
  const [paths = "", ...clauses] = rest.split(/ (?=(?:if|unless) )/);
  const all: (readonly Condition[])[] = [];
  const none: Condition[] = [];
  for (const clause of clauses) {
    const [kind, ...words] = clause.trim().split(/\s+/);
    const conditions = words.map(conditionOf);
    if (kind === "if") all.push(conditions);
    else none.push(...conditions);
  }
  const final = letter !== letter.toUpperCase();
  return paths
    .trim()
    .split(/\s+/)
    .map((path) => ({ path: path === "." ? [] : path.split("/"), risk, final, all, none, why }));
}

function conditionOf(word: string): Condition {
  if (/^\++$/.test(word)) return { is: "operands", least: word.length };
  if (word.startsWith("~")) return { is: "word", pattern: new RegExp(word.slice(1), "i") };
  if (!/^-/.test(word)) throw new Error(`not a condition of a table: ${word}`);
  const [, name = "", sign, value = ""] = /^([^=~]+)(?:([=~])(.*))?$/s.exec(word) ?? [];
  if (sign === undefined) return { is: "option", name };
  return sign === "="
    ? { is: "option", name, value }
    : { is: "option", name, pattern: new RegExp(value, "i") };
}
