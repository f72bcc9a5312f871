import { isIPv4 } from "node:net";

/** What a word of the command line may be. */
export interface Node<Context> {
  readonly children: Map<string, Node<Context>>;
  /** A value instead of a keyword. */
  parameter: { readonly kind: ParameterKind; readonly node: Node<Context> } | undefined;
  help: string;
  run: ((context: Context, values: readonly string[]) => void) | undefined;
}

export type ParameterKind = "WORD" | "LINE" | "A.B.C.D" | "<1-4094>" | "<0-512>" | "<1-120>";

const SHAPES: Readonly<Record<ParameterKind, (text: string) => boolean>> = {
  WORD: () => true,
  LINE: () => true,
  "A.B.C.D": isIPv4,
  "<1-4094>": (text) => isNumber(text, 1, 4094),
  "<1-120>": (text) => isNumber(text, 1, 120),
  "<0-512>": (text) => isNumber(text, 0, 512),
};

function isNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

export function emptyNode<Context>(): Node<Context> {
  return { children: new Map(), parameter: undefined, help: "", run: undefined };
}

/** Adds one command: keywords and `WORD`-like parameters separated by blanks. */
export function define<Context>(
  root: Node<Context>,
  path: string,
  help: Readonly<Record<string, string>>,
  run: (context: Context, values: readonly string[]) => void,
): void {
  let node = root;
  for (const word of path.split(" ")) {
    if (isParameter(word)) {
      node.parameter ??= { kind: word, node: emptyNode() };
      node = node.parameter.node;
      continue;
    }
    let next = node.children.get(word);
    if (next === undefined) {
      next = {
        ...emptyNode<Context>(),
        help: help[word] ?? `${word.charAt(0).toUpperCase()}${word.slice(1)} information`,
      };
      node.children.set(word, next);
    }
    node = next;
  }
  node.run = run;
}

function isParameter(word: string): word is ParameterKind {
  return Object.hasOwn(SHAPES, word);
}

export type Parsed<Context> =
  | { readonly ok: true; readonly run: NonNullable<Node<Context>["run"]>; readonly values: readonly string[] }
  | { readonly ok: false; readonly why: "ambiguous" | "incomplete" }
  | { readonly ok: false; readonly why: "invalid" | "unknown_word"; readonly column: number };

interface Word {
  readonly text: string;
  readonly column: number;
}

export function wordsOf(line: string): Word[] {
  return [...line.matchAll(/\S+/g)].map((match) => ({ text: match[0], column: match.index }));
}

/** Resolves a line, abbreviations and all. */
export function parseLine<Context>(root: Node<Context>, line: string): Parsed<Context> {
  const values: string[] = [];
  let node = root;
  for (const [index, word] of wordsOf(line).entries()) {
    const found = childNamed(node, word.text);
    if (found === "ambiguous") return { ok: false, why: "ambiguous" };
    if (found !== undefined) {
      node = found;
      continue;
    }
    const { parameter } = node;
    if (parameter && SHAPES[parameter.kind](word.text)) {
      values.push(parameter.kind === "LINE" ? line.slice(word.column).trimEnd() : word.text);
      node = parameter.node;
      if (parameter.kind === "LINE") break;
      continue;
    }
    const why = index === 0 && line.trim() === word.text ? "unknown_word" : "invalid";
    return { ok: false, why, column: misfit(node, word) };
  }
  return node.run ? { ok: true, run: node.run, values } : { ok: false, why: "incomplete" };
}

/** The caret stands under the first character that fits no keyword. */
function misfit<Context>(node: Node<Context>, word: Word): number {
  const text = word.text.toLowerCase();
  const shared = [...node.children.keys()].map((name) => {
    let length = 0;
    while (length < text.length && name[length] === text[length]) length++;
    return length;
  });
  return word.column + Math.max(0, ...shared);
}

export function childNamed<Context>(
  node: Node<Context>,
  word: string,
): Node<Context> | "ambiguous" | undefined {
  const text = word.toLowerCase();
  const exact = node.children.get(text);
  if (exact) return exact;
  const [first, second] = [...node.children].filter(([name]) => name.startsWith(text));
  return second ? "ambiguous" : first?.[1];
}

/** Rows of `?` behind what is typed; undefined: the words before it are no command. */
export function helpRows<Context>(root: Node<Context>, line: string): string[] | undefined {
  const words = wordsOf(line);
  const partial = line === "" || line.endsWith(" ") ? undefined : words.pop()?.text;
  let node = root;
  for (const { text } of words) {
    const child = childNamed(node, text);
    if (child === "ambiguous") return undefined;
    if (child) node = child;
    else if (node.parameter && SHAPES[node.parameter.kind](text)) node = node.parameter.node;
    else return undefined;
  }
  const names = [...node.children].filter(
    ([name]) => partial === undefined || name.startsWith(partial.toLowerCase()),
  );
  if (partial !== undefined) return names.length === 0 ? undefined : [names.map(([name]) => name).join("  ")];
  const width = Math.max(6, ...names.map(([name]) => name.length));
  const rows = names
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, child]) => `  ${name.padEnd(width)}  ${child.help}`);
  if (node.parameter) rows.push(`  ${node.parameter.kind}`);
  if (node.run) rows.push("  <cr>");
  return rows;
}

/** The one keyword the last word may be completed to. */
export function completion<Context>(root: Node<Context>, line: string): string | undefined {
  const words = wordsOf(line);
  const last = words.pop();
  if (last === undefined || line.endsWith(" ")) return undefined;
  let node = root;
  for (const { text } of words) {
    const child = childNamed(node, text);
    if (child === undefined || child === "ambiguous") return undefined;
    node = child;
  }
  const names = [...node.children.keys()].filter((name) => name.startsWith(last.text.toLowerCase()));
  const [only] = names;
  return names.length === 1 && only !== undefined ? `${line.slice(0, last.column)}${only} ` : undefined;
}
