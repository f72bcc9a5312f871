import {
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { BY_HAND, type EditPath, editRefused } from "./edits.ts";
import { lineStart } from "./splice.ts";

/** A parsed text that knows where each part of it is. */
export interface Tree {
  readonly text: string;
  readonly contents: Node | null;
  readonly value: unknown;
  lineOf(offset: number): number;
  /** Aliases by the name of their anchor, with their offsets. */
  readonly aliases: ReadonlyMap<string, readonly number[]>;
}

/** A key with its value, and the mapping that it belongs to. */
export interface Entry {
  readonly pair: Pair;
  readonly map: YAMLMap;
  readonly index: number;
  /** The entry whose value the mapping is; undefined: it is the file itself, or an item of a list. */
  readonly owner: Entry | undefined;
}

/** Reads a text as the loader does. The loader has to accept it first. */
export function treeOf(text: string): Tree {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: "core",
    uniqueKeys: false,
    keepSourceTokens: true,
    logLevel: "silent",
  });
  if (document.errors.length + document.warnings.length > 0)
    throw editRefused("the result would be no valid YAML", BY_HAND);
  const aliases = new Map<string, number[]>();
  visit(document, {
    Alias: (_key, { source, range }) => {
      aliases.set(source, [...(aliases.get(source) ?? []), range?.[0] ?? 0]);
    },
  });
  return {
    text,
    contents: isNode(document.contents) ? document.contents : null,
    value: document.toJS({ maxAliasCount: 100 }),
    lineOf: (offset) => Math.max(1, lines.linePos(offset).line),
    aliases,
  };
}

/** How far a path leads: `rest` has the keys that are not there. */
export interface Found {
  /** The value where the path ends or where its next key is missing; undefined: nothing is written there. */
  readonly node: Node | undefined;
  /** The entry whose value that is. */
  readonly entry: Entry | undefined;
  readonly rest: EditPath;
}

/** Follows a path. @throws SshMcpError where it leads through an alias, a key that occurs twice or a plain value. */
export function follow(tree: Tree, path: EditPath): Found {
  let node: Node | undefined = tree.contents ?? undefined;
  let entry: Entry | undefined;
  for (const [depth, key] of path.entries()) {
    const rest = path.slice(depth);
    if (node === undefined || isNothing(tree, node)) return { node: undefined, entry, rest };
    refuseShared(tree, node, path);
    if (isMap(node)) {
      const found = entryOf(tree, node, key, entry, path);
      if (found === undefined) return { node, entry, rest };
      entry = found;
      node = isNode(found.pair.value) ? found.pair.value : undefined;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)];
      if (!isNode(item)) throw editRefused(`${shown(path)}: the list has no item ${key}`);
      node = item;
      entry = undefined;
    } else {
      const above = shown(path.slice(0, depth));
      throw editRefused(
        `line ${lineAt(tree, node)}: ${above} is a single value and has no key ${key}`,
        `Set ${above} as a whole: '${above}={${key}: …}'.`,
      );
    }
  }
  return { node: node !== undefined && isNothing(tree, node) ? undefined : node, entry, rest: [] };
}

/** @throws SshMcpError for a value that another place of the file refers to, or that refers to another. */
export function refuseShared(tree: Tree, node: Node, path: EditPath): void {
  if (isAlias(node))
    throw editRefused(
      `line ${lineAt(tree, node)}: ${shown(path)} is inside *${node.source}, which is shared with other places of the file`,
      `Edit what &${node.source} names by hand, or set the whole value where *${node.source} is, which then is its own.`,
    );
  refuseAnchored(tree, node, path);
}

/** @throws SshMcpError where an edit in `node` would change what aliases elsewhere show. */
function refuseAnchored(tree: Tree, node: Node, path: EditPath): void {
  const name = anchorOf(node);
  if (name === undefined) return;
  const others = (tree.aliases.get(name) ?? []).map((offset) => tree.lineOf(offset));
  if (others.length === 0) return;
  throw editRefused(
    `line ${lineAt(tree, node)}: ${shown(path)} belongs to &${name}, which line ${[...new Set(others)].join(", ")} uses too`,
    "Edit it by hand, for all of them or for one.",
  );
}

/** @throws SshMcpError where `node` or a part of it has an anchor that is used outside of `from` to `to`. */
export function refuseNeeded(
  tree: Tree,
  node: Node | undefined,
  path: EditPath,
  from: number,
  to: number,
): void {
  if (node === undefined) return;
  visit(node, {
    Node: (_key, inner) => {
      const name = anchorOf(inner);
      const outside = (tree.aliases.get(name ?? "") ?? []).filter((offset) => offset < from || offset >= to);
      const [first] = outside;
      if (first !== undefined)
        throw editRefused(
          `line ${lineAt(tree, inner)}: &${name} in ${shown(path)} is used in line ${tree.lineOf(first)}`,
          "Edit it by hand: the place that uses it needs a value first.",
        );
    },
  });
}

function anchorOf(node: unknown): string | undefined {
  return isScalar(node) || isCollection(node) ? node.anchor : undefined;
}

function entryOf(
  tree: Tree,
  map: YAMLMap,
  key: string,
  owner: Entry | undefined,
  path: EditPath,
): Entry | undefined {
  const found = map.items.flatMap((pair, index) =>
    isScalar(pair.key) && String(pair.key.value) === key ? [{ pair, map, index, owner }] : [],
  );
  if (found.length > 1)
    throw editRefused(
      `${shown(path)}: the key ${key} occurs twice, the second time in line ${tree.lineOf(keyStart(found[1]?.pair))}`,
      "Remove one of them by hand.",
    );
  return found[0];
}

/** True for a value that is not written: `web1:` alone. */
function isNothing(tree: Tree, node: Node): boolean {
  return isScalar(node) && node.value === null && tree.text.slice(...span(node)) === "";
}

/** Begin and end of what is written for a value, without anchor, tag and comment. */
export function span(node: Node): [number, number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

/** Where the content of a value ends: comments behind it are no part of it. */
export function contentEnd(node: Node): number {
  if (isFlow(node)) return span(node)[1];
  if (isMap(node)) {
    const last = node.items.at(-1);
    return last === undefined ? span(node)[1] : pairEnd(last);
  }
  if (isSeq(node)) return lastItemEnd(node);
  return isScalar(node) ? textEnd(node) : span(node)[1];
}

/** Blank lines behind a block of text are no part of it, unless it keeps them. */
function textEnd(node: Scalar): number {
  const { srcToken } = node;
  const end = span(node)[1];
  if (srcToken?.type !== "block-scalar") return end;
  const keeps = srcToken.props.some(
    (token) => token.type === "block-scalar-header" && token.source.includes("+"),
  );
  if (keeps) return end;
  const [blank = ""] = /(?:\n[ \t\r]*)*$/.exec(srcToken.source) ?? [];
  const [first = ""] = /^\n/.exec(blank) ?? [];
  return end - blank.length + first.length;
}

function lastItemEnd(seq: YAMLSeq): number {
  const item = seq.items.at(-1);
  const token = seq.srcToken?.type === "block-seq" ? seq.srcToken.items.at(-1) : undefined;
  const dash = Math.max(0, ...(token?.start ?? []).filter(isMark).map(markEnd));
  return isNode(item) ? Math.max(dash, contentEnd(item)) : dash;
}

/** Where a key with its value ends. */
export function pairEnd(pair: Pair): number {
  const { key, value } = pair;
  const written = isNode(value) && span(value)[1] > span(value)[0] ? contentEnd(value) : 0;
  return Math.max(isNode(key) ? span(key)[1] : 0, written, valuePlace(pair) ?? 0);
}

/** Behind the colon, the anchor and the tag: where a value may be inserted; undefined: there is no colon. */
export function valuePlace(pair: Pair): number | undefined {
  const marks = (pair.srcToken?.sep ?? []).filter(isMark);
  return marks.some(({ type }) => type === "map-value-ind") ? Math.max(...marks.map(markEnd)) : undefined;
}

/** Where a key begins, with its anchor or tag. */
export function keyStart(pair: Pair | undefined): number {
  const [mark] = (pair?.srcToken?.start ?? []).filter(({ type }) => type !== "comma").filter(isMark);
  const key = isNode(pair?.key) ? span(pair.key)[0] : 0;
  return mark === undefined ? key : Math.min(mark.offset, key);
}

/** `? key` on a line of its own. */
export function isExplicit(pair: Pair): boolean {
  return (pair.srcToken?.start ?? []).some(({ type }) => type === "explicit-key-ind");
}

const MARKS = ["map-value-ind", "explicit-key-ind", "seq-item-ind", "anchor", "tag"];

function isMark(token: CST.SourceToken): boolean {
  return MARKS.includes(token.type);
}

function markEnd({ offset, source }: CST.SourceToken): number {
  return offset + source.length;
}

export function isFlow(node: Node): boolean {
  return node.srcToken?.type === "flow-collection";
}

/** Written over lines by indentation. */
export function isBlock(node: Node): boolean {
  return isCollection(node) && !isFlow(node);
}

/** How far a key is indented, as blanks: also where a dash is in front of it. */
export function indentOf({ text }: Tree, pair: Pair): string {
  const start = keyStart(pair);
  return " ".repeat(start - lineStart(text, start));
}

export function lineAt(tree: Tree, node: unknown): number {
  return tree.lineOf(isNode(node) ? span(node)[0] : 0);
}

export function shown(path: EditPath): string {
  return path.join(".") || "the file";
}
