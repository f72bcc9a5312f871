import { type ArgumentKind, argumentKind } from "./arguments.ts";
import type { Token } from "./tokens.ts";

/** A place in the tree of commands. `R` is what a whole command does. */
export interface Node<R> {
  /** Keywords up to here, arguments as `<kind>`. */
  readonly path: string;
  readonly keywords: Map<string, Node<R>>;
  readonly values: { readonly name: string; readonly kind: ArgumentKind; readonly next: Node<R> }[];
  run: R | undefined;
}

export interface Matched<R> {
  readonly kind: "matched";
  readonly node: Node<R>;
  readonly args: Readonly<Record<string, string>>;
  /** What is left from a `|` on. */
  readonly pipe: readonly Token[];
}

export type Failure =
  | { readonly kind: "ambiguous"; readonly at: number }
  | { readonly kind: "incomplete" }
  /** `at`: the column of the first character that fits nothing. */
  | { readonly kind: "invalid"; readonly at: number; readonly word: number };

export function emptyTree<R>(): Node<R> {
  return { path: "", keywords: new Map(), values: [], run: undefined };
}

/** Adds `show interfaces <interface:INTERFACE>`: words, and arguments as `<name:kind>`. Without `run` a stub. */
export function add<R>(tree: Node<R>, syntax: string, run: R | undefined): void {
  let node = tree;
  for (const part of syntax.split(" ")) node = step(node, part);
  node.run ??= run;
}

function step<R>(node: Node<R>, part: string): Node<R> {
  const [, name, kind] = /^<(\w+):(.+)>$/.exec(part) ?? [];
  const path = `${node.path} ${kind === undefined ? part : `<${kind}>`}`.trimStart();
  const fresh = (): Node<R> => ({ ...emptyTree<R>(), path });
  if (name === undefined || kind === undefined) {
    const next = node.keywords.get(part) ?? fresh();
    node.keywords.set(part, next);
    return next;
  }
  const known = node.values.find((value) => value.name === name && value.next.path === path);
  if (known !== undefined) return known.next;
  const next = fresh();
  node.values.push({ name, kind: argumentKind(kind), next });
  return next;
}

/** Follows words through the tree, keywords shortened as far as they stay unique. */
export function walk<R>(tree: Node<R>, words: readonly Token[], line: string): Matched<R> | Failure {
  const args: Record<string, string> = {};
  let node = tree;
  for (let index = 0; index < words.length; ) {
    const token = words[index];
    if (token === undefined) break;
    if (token.text.startsWith("|") && /^(?:show|more)\b/.test(node.path))
      return { kind: "matched", node, args, pipe: words.slice(index) };
    const found = keywordsLike(node, token.text);
    const [only] = found;
    if (only !== undefined && found.length === 1) {
      node = only.next;
      index++;
      continue;
    }
    if (found.length > 1) return { kind: "ambiguous", at: token.at };
    const value = readValue(node, words.slice(index), line);
    if (value === "incomplete") return { kind: "incomplete" };
    if (value === "invalid") return { kind: "invalid", at: token.at + fitting(node, token.text), word: index };
    args[value.name] = value.value;
    node = value.next;
    index += value.used;
  }
  return { kind: "matched", node, args, pipe: [] };
}

/** Keywords that begin with `text`, or the one that is `text`. */
export function keywordsLike<R>(node: Node<R>, text: string): { readonly word: string; readonly next: Node<R> }[] {
  const wanted = text.toLowerCase();
  const found = [...node.keywords].map(([word, next]) => ({ word, next }));
  const exact = found.filter(({ word }) => word === wanted);
  return exact.length > 0 ? exact : found.filter(({ word }) => word.startsWith(wanted));
}

function readValue<R>(node: Node<R>, words: readonly Token[], line: string) {
  let misfit: "incomplete" | "invalid" = "invalid";
  for (const { name, kind, next } of node.values) {
    const read = kind.read(words, line);
    if (typeof read !== "string") return { name, next, ...read };
    if (read === "incomplete") misfit = read;
  }
  return misfit;
}

/** How many characters of `text` some keyword begins with. */
function fitting<R>(node: Node<R>, text: string): number {
  let longest = 0;
  for (const keyword of node.keywords.keys()) {
    let length = 0;
    while (length < text.length && text[length]?.toLowerCase() === keyword[length]) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}
