import type { AssignmentPrefix, DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from "./parse.ts";
import { UNKNOWN } from "./paths.ts";
import type { Scope } from "./scope.ts";

/** One argument as the program gets it. */
export interface Arg {
  /** `UNKNOWN` takes the place of what is not known. */
  readonly text: string;
  /** As it is written. */
  readonly raw: string;
  readonly from: number;
  readonly to: number;
  /** Written as itself: no variable, no pattern, no braces in it. */
  readonly constant: boolean;
  /** Has a pattern for names of files in it. */
  readonly glob: boolean;
}

/** What one word may be, while it is put together. */
interface Draft {
  /** The words that braces, and blanks in variables, make of it. */
  texts: string[];
  constant: boolean;
  glob: boolean;
}

/** Words that braces may make of one. */
const MOST_WORDS = 32;

/** The arguments that a word makes; `choice`: which of several values a variable has this time. */
export function argsOf(word: Word, scope: Scope, choice = 0): readonly Arg[] {
  const at = { raw: word.text, from: word.pos, to: word.end };
  if (word.parts === undefined)
    return [{ ...at, text: word.value, constant: !startsAtUser(word.value), glob: false }];
  const draft: Draft = { texts: [""], constant: true, glob: false };
  for (const part of word.parts) extend(draft, part, scope, choice);
  return draft.texts.map((text) => ({ ...at, text, constant: draft.constant, glob: draft.glob }));
}

/** `~name`, of which only the shell knows where it is, is left as it is. */
function startsAtUser(value: string): boolean {
  return value.startsWith("~+") || value.startsWith("~-");
}

/** The text of a word that is not split: the value of an assignment, the target of a redirection. */
export function textOf(word: Word, scope: Scope, choice = 0): string {
  const args = argsOf(word, scope, choice);
  return args.length === 1 ? (args[0]?.text ?? "") : UNKNOWN;
}

function append(draft: Draft, text: string): void {
  draft.texts = draft.texts.map((before) => before + text);
}

function extend(draft: Draft, part: WordPart, scope: Scope, choice: number): void {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      append(draft, part.value);
      return;
    case "DoubleQuoted":
    case "LocaleString":
      for (const child of part.parts) {
        if (child.type !== "Literal") draft.constant = false;
        append(draft, quotedChild(child, scope, choice));
      }
      return;
    case "Glob":
    case "ExtendedGlob":
      draft.constant = false;
      draft.glob = true;
      append(draft, part.type === "Glob" ? part.text : "*");
      return;
    case "ProcessSubstitution":
      draft.constant = false;
      append(draft, "/dev/fd/63");
      return;
    case "BraceExpansion":
      draft.constant = false;
      braces(draft, part.text);
      return;
    default: {
      draft.constant = false;
      const value = quotedChild(part, scope, choice);
      const words = value.split(/[ \t\n]+/);
      if (words.length === 1 || scope.variables.has("IFS")) append(draft, value);
      else {
        // Blanks in an unquoted value end one word and begin the next.
        const last = draft.texts.pop() ?? "";
        draft.texts.push(...[last + (words[0] ?? ""), ...words.slice(1)].slice(0, MOST_WORDS));
      }
      if (/[*?[]/.test(value)) draft.glob = true;
    }
  }
}

function quotedChild(child: DoubleQuotedChild, scope: Scope, choice: number): string {
  switch (child.type) {
    case "Literal":
      return child.value;
    case "SimpleExpansion":
      return variableOf(child.text.slice(1), scope, choice);
    case "ParameterExpansion":
      return parameter(child, scope, choice);
    case "ArithmeticExpansion":
      return "0";
    case "CommandExpansion":
      return outputOf(child.text, scope);
  }
}

/** Variables of which the value does not matter to any verdict: numbers. */
const NUMBERS =
  /^(?:RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|EPOCHREALTIME|LINENO|UID|EUID|PPID|BASHPID|COLUMNS|LINES|SHLVL|[$?#])$/;

function variableOf(name: string, scope: Scope, choice: number): string {
  if (scope.variables.has(name)) {
    const values = scope.variables.get(name);
    return values === undefined || values.length === 0
      ? UNKNOWN
      : (values[choice % values.length] ?? UNKNOWN);
  }
  if (NUMBERS.test(name)) return "0";
  if (scope.environment.has(name)) return UNKNOWN;
  if (name === "HOME") return "~";
  if (name === "PWD" && scope.folder !== undefined) return scope.folder;
  if (name === "TMPDIR") return "/tmp";
  if (name === "XDG_RUNTIME_DIR") return "/run/user/0";
  return UNKNOWN;
}

function parameter(part: ParameterExpansionPart, scope: Scope, choice: number): string {
  if (part.prefix === "#") return "0";
  if (part.prefix !== undefined || part.index !== undefined) return UNKNOWN;
  const { operation } = part;
  const value = variableOf(part.parameter, scope, choice);
  if (operation === undefined) return value;
  switch (operation.type) {
    // What is cut off at the end, or written in other letters, stays in its folder; the exact text is not known.
    case "CaseModification":
      return value + UNKNOWN;
    case "Remove":
      if (value === UNKNOWN) return UNKNOWN;
      return (operation.operator.startsWith("#") ? value.slice(value.lastIndexOf("/") + 1) : value) + UNKNOWN;
    case "Default":
      return operation.operator === ":?" || operation.operator === "?" ? value : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** What the output of a few programs looks like, as far as a path of a file is concerned. */
const OUTPUTS: readonly (readonly [RegExp, string])[] = [
  [/^mktemp(?: -[dqut]+)*(?: (?:[\w.-]*X{3,}[\w.-]*|\/tmp\/[\w.-]+))?$/, "/tmp/tmp.x"],
  [
    /^(?:date(?: -u)?(?: (?:\+|-I|-d|--)[^$`|;&<>()]*)?|nproc|id -u|id -g|tput (?:cols|lines)|wc -l [^$`|;&<>()]*)$/,
    "0",
  ],
  // Tools whose documented set-up is `eval "$(tool init)"`.
  [
    /^(?:ssh-agent(?: -[sc])?|dircolors(?: -b)?|(?:\/\S+\/)?brew shellenv|(?:pyenv|rbenv|nodenv|goenv|jenv|direnv|starship|zoxide|mise|fnm|thefuck|conda|mamba|keychain|register-python-argcomplete)(?: [\w@./=-]+)*|docker-machine env(?: \w+)?|minikube docker-env|opam env)$/,
    ":",
  ],
  [
    /^(?:hostname(?: -[sf])?|whoami|id -un|logname|uname(?: -[a-z]+)?|git rev-parse --short HEAD)$/,
    `x${UNKNOWN}`,
  ],
];

function outputOf(raw: string, scope: Scope): string {
  const text = raw.replace(/^(?:\$\(|`)\s*|\s*[)`]$/g, "");
  if (text === "pwd") return scope.folder ?? UNKNOWN;
  return OUTPUTS.find(([known]) => known.test(text))?.[1] ?? UNKNOWN;
}

function braces(draft: Draft, text: string): void {
  const made = /^[\w./,:+@%=~{}* -]*$/.test(text) ? alternatives(text) : undefined;
  const texts = made?.flatMap((one) => draft.texts.map((before) => before + one));
  if (texts === undefined || texts.length > MOST_WORDS) append(draft, UNKNOWN);
  else draft.texts = texts;
}

/** The words of `{a,b{c,d}}`; of a range its ends, and something unknown for what is between. */
function alternatives(text: string): readonly string[] | undefined {
  const open = text.indexOf("{");
  if (open < 0) return [text];
  let depth = 0;
  let start = open + 1;
  const items: string[] = [];
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "," && depth === 1) {
      items.push(text.slice(start, at));
      start = at + 1;
    } else if (text[at] === "}" && --depth === 0) {
      items.push(text.slice(start, at));
      const [only = ""] = items;
      const range = items.length === 1 ? /^(.+?)\.\.(.+?)(?:\.\..*)?$/.exec(only) : null;
      if (items.length === 1 && range === null) return undefined;
      const inner =
        range === null
          ? items.map(alternatives)
          : [[range[1] ?? ""], [range[2] ?? ""], range[1] === range[2] ? [] : [UNKNOWN]];
      const rest = alternatives(text.slice(at + 1));
      if (rest === undefined || inner.some((one) => one === undefined)) return undefined;
      return inner.flatMap((one) =>
        (one ?? []).flatMap((middle) => rest.map((end) => text.slice(0, open) + middle + end)),
      );
    }
  }
  return undefined;
}

/** How many ways there are to choose the values of the variables that these words name. */
export function choicesOf(words: readonly Word[], scope: Scope): number {
  let most = 1;
  for (const word of words)
    for (const [, name = ""] of word.text.matchAll(/\$\{?(\w+)/g))
      most = Math.max(most, scope.variables.get(name)?.length ?? 1);
  return most;
}

/** The values of an assignment, as they are known. */
export function valuesOf(assignment: AssignmentPrefix, scope: Scope): readonly string[] | undefined {
  if (assignment.value.type === "ArrayValue" || assignment.index !== undefined || assignment.append)
    return undefined;
  const text = textOf(assignment.value, scope);
  return text === UNKNOWN ? undefined : [text];
}
