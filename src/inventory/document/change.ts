import { isMap, isNode, isScalar, type Node, type Pair } from "yaml";
import { BY_HAND, type Edit, type EditPath, type EditValue, editRefused } from "./edits.ts";
import { flowAdd, flowRemove } from "./flow.ts";
import { blockLines, flowValue, likeOld, scalar } from "./render.ts";
import { lineEnd, lineStart, linesBehind, type Splice } from "./splice.ts";
import {
  contentEnd,
  type Entry,
  type Found,
  follow,
  indentOf,
  isBlock,
  isExplicit,
  isFlow,
  keyStart,
  pairEnd,
  refuseNeeded,
  refuseShared,
  shown,
  span,
  type Tree,
  valuePlace,
} from "./tree.ts";

const TAKEN = "Choose another name, or change what is there: ssh-mcp hosts set NAME KEY=VALUE";

/** The splices of one edit. @throws SshMcpError `invalid_argument` for what only a person can do as it is meant. */
export function splicesOf(tree: Tree, edit: Edit): Splice[] {
  switch (edit.kind) {
    case "set":
      return set(tree, edit.path, edit.value);
    case "add":
      return add(tree, edit.path, edit.entries);
    case "remove":
      return remove(tree, edit.path);
    case "rename":
      return rename(tree, edit.path, edit.to);
  }
}

function set(tree: Tree, path: EditPath, value: EditValue): Splice[] {
  const found = follow(tree, path);
  const [missing, ...deeper] = found.rest;
  if (missing !== undefined) {
    const inner = deeper.reduceRight<EditValue>((child, key) => ({ [key]: child }), value);
    return addTo(tree, found, path.slice(0, -deeper.length - 1), new Map([[missing, inner]]));
  }
  if (found.node === undefined) return fill(found.entry, path, flowValue(value));
  refuseNeeded(tree, found.node, path, -1, -1);
  return replace(tree, found, path, value);
}

function add(tree: Tree, path: EditPath, entries: ReadonlyMap<string, EditValue>): Splice[] {
  const found = follow(tree, path);
  const { node } = found;
  for (const { key } of isMap(node) ? node.items : [])
    if (isScalar(key) && entries.has(String(key.value)))
      throw editRefused(
        `${shown([...path, String(key.value)])} is there already, in line ${tree.lineOf(span(key)[0])}`,
        TAKEN,
      );
  if (found.rest.length === 0) return addTo(tree, found, path, entries);
  const [first = "", ...deeper] = found.rest;
  const inner = deeper.reduceRight<EditValue>(
    (child, key) => ({ [key]: child }),
    Object.fromEntries(entries),
  );
  return addTo(tree, found, path.slice(0, -found.rest.length), new Map([[first, inner]]));
}

/** Adds keys to the mapping that was found, or to where none is written yet. */
function addTo(
  tree: Tree,
  { node, entry }: Found,
  path: EditPath,
  entries: ReadonlyMap<string, EditValue>,
): Splice[] {
  const { text } = tree;
  const lines = (indent: string) => {
    const step = stepOf(tree);
    return [...entries].flatMap(([key, value]) =>
      blockLines(key, value, { indent, step, level: path.length }),
    );
  };
  if (node === undefined && entry === undefined) return [linesBehind(text, text.length, lines(""))];
  if (node !== undefined) refuseShared(tree, node, path);
  if (isMap(node)) {
    const last = node.items.at(-1);
    if (last !== undefined && !isFlow(node)) {
      const [first = last] = node.items;
      return [linesBehind(text, pairEnd(last), lines(indentOf(tree, first)))];
    }
    if (last !== undefined || !/^\{\s*\}$/.test(text.slice(...span(node)))) return flowAdd(node, entries);
  } else if (node !== undefined && !(isScalar(node) && node.value === null))
    throw editRefused(`line ${tree.lineOf(span(node)[0])}: ${shown(path)} is no mapping`, BY_HAND);
  return begin(tree, { node, entry }, entries, lines);
}

/** The first keys of a mapping that is `{}`, `null` or not written at all. */
function begin(
  tree: Tree,
  { node, entry }: Pick<Found, "node" | "entry">,
  entries: ReadonlyMap<string, EditValue>,
  lines: (indent: string) => string[],
): Splice[] {
  const { text } = tree;
  if (entry === undefined || isFlow(entry.map) || isExplicit(entry.pair)) {
    if (node !== undefined)
      return [{ ...between(...span(node)), text: flowValue(Object.fromEntries(entries)) }];
    return fill(entry, [], flowValue(Object.fromEntries(entries)));
  }
  const below = lines(indentOf(tree, entry.pair) + stepOf(tree));
  const place = valuePlace(entry.pair) ?? pairEnd(entry.pair);
  if (node === undefined) return [linesBehind(text, place, below)];
  const [from, to] = span(node);
  // Written on a line of its own it stays; what is added comes behind the colon's line.
  const blank = text.slice(place, from);
  if (blank.trim() !== "" || blank.includes("\n"))
    return [{ from, to, text: flowValue(Object.fromEntries(entries)) }];
  return [{ from: place, to, text: "" }, linesBehind(text, to, below)];
}

/** A value where there is none, as in `web1:`. */
function fill(entry: Entry | undefined, path: EditPath, value: string): Splice[] {
  if (entry === undefined) throw editRefused(`${shown(path)} cannot be set where it is`, BY_HAND);
  const place = valuePlace(entry.pair);
  const at = place ?? pairEnd(entry.pair);
  return [{ from: at, to: at, text: place === undefined ? `: ${value}` : ` ${value}` }];
}

function replace(tree: Tree, { node, entry }: Found, path: EditPath, value: EditValue): Splice[] {
  if (node === undefined) return [];
  const { text } = tree;
  const [from] = span(node);
  const to = contentEnd(node);
  if (isBlock(node)) return [...unblocked(tree, node, entry, path, flowValue(value))];
  const old = text.slice(from, to);
  if (!/^[|>]/.test(old) || node.srcToken?.type !== "block-scalar")
    return [{ from, to, text: likeOld(value, old) }];
  // The comment behind the mark of a block of text stays.
  const [, comment = ""] = /^\S+([ \t]+#[^\r\n]*)?/.exec(old) ?? [];
  const [end = ""] = /\r?\n$/.exec(old) ?? [];
  return [{ from, to, text: `${flowValue(value)}${comment}${end}` }];
}

/** Lines of a value go, and `value` comes behind its colon. */
function unblocked(
  tree: Tree,
  node: Node,
  entry: Entry | undefined,
  path: EditPath,
  value: string,
): Splice[] {
  const { text } = tree;
  const [from] = span(node);
  const place = entry === undefined ? undefined : valuePlace(entry.pair);
  const start = lineStart(text, from);
  if (place === undefined || place > start || text.slice(start, from).trim() !== "")
    throw editRefused(`line ${tree.lineOf(from)}: ${shown(path)} cannot be replaced where it is`, BY_HAND);
  return [
    { from: place, to: place, text: ` ${value}` },
    { ...between(start, lineEnd(text, contentEnd(node))), text: "" },
  ];
}

function remove(tree: Tree, path: EditPath): Splice[] {
  const { entry, rest, node } = follow(tree, path);
  if (rest.length > 0 || path.length === 0) throw editRefused(`there is no ${shown(path)} in the file`);
  if (entry === undefined) throw editRefused(`${shown(path)} is an item of a list`, "Set the whole list.");
  const { pair, map } = entry;
  refuseNeeded(tree, node, path, keyStart(pair), pairEnd(pair));
  if (isFlow(map)) return flowRemove(tree, entry);
  if (isExplicit(pair))
    throw editRefused(
      `line ${tree.lineOf(keyStart(pair))}: the key is written with a question mark`,
      BY_HAND,
    );
  if (map.items.length === 1) return unblocked(tree, map, entry.owner, path, "{}");
  return removeLines(tree, entry);
}

/** The lines of one key of a block mapping. Comments above and below them stay. */
function removeLines(tree: Tree, { pair, map, index }: Entry): Splice[] {
  const { text } = tree;
  const from = keyStart(pair);
  const start = lineStart(text, from);
  const to = pairEnd(pair);
  if (text.slice(start, from).trim() === "") return [{ from: start, to: lineEnd(text, to), text: "" }];
  // Behind a dash the next key takes its place.
  const next = map.items[index + 1];
  const after = next === undefined ? to : keyStart(next);
  if (next === undefined || text.slice(to, after).trim() !== "")
    throw editRefused(`line ${tree.lineOf(from)}: the key cannot be removed from behind its dash`, BY_HAND);
  return [{ from, to: after, text: "" }];
}

function rename(tree: Tree, path: EditPath, to: string): Splice[] {
  const { entry, rest } = follow(tree, path);
  if (rest.length > 0 || entry === undefined) throw editRefused(`there is no ${shown(path)} in the file`);
  const named = ({ key }: Pair) => isScalar(key) && String(key.value) === to;
  const taken = entry.map.items.find(named);
  if (taken !== undefined)
    throw editRefused(
      `${shown([...path.slice(0, -1), to])} is there already, in line ${tree.lineOf(keyStart(taken))}`,
      TAKEN,
    );
  const { key } = entry.pair;
  if (!isNode(key)) return [];
  const [from, end] = span(key);
  return [
    {
      from,
      to: end,
      text: /^["']/.test(tree.text.slice(from, end)) ? likeOld(to, tree.text.slice(from, end)) : scalar(to),
    },
  ];
}

/** The blanks of one level: as the file's own first level, else two. */
function stepOf(tree: Tree): string {
  const { contents } = tree;
  for (const { value } of isMap(contents) && !isFlow(contents) ? contents.items : []) {
    const [first] = isMap(value) && isBlock(value) ? value.items : [];
    if (first !== undefined) return indentOf(tree, first);
  }
  return "  ";
}

function between(from: number, to: number): { readonly from: number; readonly to: number } {
  return { from, to };
}
