import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { type Fault, inventoryInvalid, type KeyPath } from "./faults.ts";
import { inPlainWords, TOO_DEEP } from "./yaml-words.ts";

/** A parsed YAML file that knows where each value stands. */
export interface YamlSource {
  readonly value: unknown;
  /** Keys that occur twice in one host's entry, or hosts of the same name. */
  readonly faults: readonly Fault[];
  /** Line of the value at `path`, or of the nearest thing around it; with `key`, of that key inside it. */
  lineOf(path: KeyPath, key?: string): number;
}

const NO_NAME = "a list or a mapping is no key";
const TWICE = "the same key occurs twice in one mapping";

/** Nesting of an inventory; people write six levels. */
const DEEPEST = 64;

/**
 * The line on which a text becomes nested deeper than any inventory; undefined: nowhere. Looked at before the parser sees it,
 * which needs a kilobyte for each level: brackets outside of quotes and comments, and lists that begin within lists.
 */
export function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  let line = 1;
  let quote = "";
  let dashes = 0;
  let before = "\n";
  for (const char of text) {
    if (char === "\n") line++;
    if (quote !== "") {
      if (char === quote && !(quote === '"' && before === "\\")) quote = "";
      // An escaped backslash escapes nothing.
      before = before === "\\" && char === "\\" ? "" : char;
      continue;
    }
    const begins = /[\s[{,:-]/.test(before);
    if (char === "#" && /\s/.test(before)) quote = "\n";
    else if ((char === '"' || char === "'") && begins) quote = char;
    else if (char === "[" || char === "{") depth++;
    else if ((char === "]" || char === "}") && depth > 0) depth--;
    if (char === "-" || char === "?") dashes++;
    else if (char !== " ") dashes = 0;
    if (depth > DEEPEST || (dashes > DEEPEST && before === " ")) return line;
    before = char;
  }
  return undefined;
}

/** A key that occurs twice in one mapping, or is none that a name can be, and the host in whose entry that is. */
interface OddKey {
  readonly at: number;
  readonly host: string | undefined;
  readonly message: string;
}

/** One pass over all mappings: the parser itself compares each key with every other of its mapping. */
function oddKeys(contents: unknown): OddKey[] {
  const found: OddKey[] = [];
  const waiting: { node: unknown; path: readonly string[] }[] = [{ node: contents, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path } = next;
    if (isSeq(node)) {
      for (const item of node.items) waiting.push({ node: item, path });
      continue;
    }
    if (!isMap(node)) continue;
    const keys = new Set<unknown>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : key;
      const own = path.length < 2 ? [...path, isCollection(key) ? "" : String(name)] : path;
      const message = isCollection(key) || isAlias(key) ? NO_NAME : keys.has(name) ? TWICE : undefined;
      const host = own[0] === "hosts" && !isCollection(key) ? own[1] : undefined;
      if (message !== undefined && isNode(key)) found.push({ at: key.range?.[0] ?? 0, host, message });
      keys.add(name);
      waiting.push({ node: value, path: own });
    }
  }
  return found.sort((one, other) => one.at - other.at);
}

/**
 * Parses YAML 1.2 of the core schema: no custom tags, duplicate keys are errors, aliases are limited.
 * @throws SshMcpError `inventory_invalid`.
 */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const fail = (line: number, message: string) => inventoryInvalid(file, [{ path: [], line, message }]);

  const deep = tooDeepAt(text);
  if (deep !== undefined) throw fail(deep, `not valid YAML: ${TOO_DEEP}`);
  let document: ReturnType<typeof parseDocument>;
  let value: unknown;
  const faults: Fault[] = [];
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: "core",
      uniqueKeys: false,
    });
    const found = [...document.errors, ...document.warnings].map((fault) => ({
      code: fault.code,
      message: fault.message,
      line: lineAt(fault.pos[0]),
    }));
    if (found.length > 0)
      throw inventoryInvalid(
        file,
        inPlainWords(found, text).map(({ line, message }) => ({
          path: [],
          line,
          message: `not valid YAML: ${message}`,
        })),
      );
    for (const { at, host, message } of oddKeys(document.contents)) {
      if (host === undefined) throw fail(lineAt(at), `not valid YAML: ${message}`);
      faults.push({ path: ["hosts", host], line: lineAt(at), message });
    }
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof SshMcpError) throw error;
    // Nesting that overflows the stack, aliases that multiply or lead nowhere: never an inventory.
    const [, alias] = /Unresolved alias.*: (\S+)$/.exec(messageOf(error)) ?? [];
    const at = alias === undefined ? -1 : text.indexOf(`*${alias}`);
    throw fail(
      at < 0 ? 1 : lineAt(at),
      `not valid YAML: ${error instanceof RangeError ? TOO_DEEP : messageOf(error)}`,
    );
  }
  const pairOf = indexed();
  /** The node at a path; undefined: there is none. */
  const nodeAt = (path: KeyPath) => {
    let node: unknown = document.contents;
    for (const part of path)
      node = isMap(node)
        ? pairOf(node, String(part))?.value
        : isSeq(node)
          ? node.items[Number(part)]
          : undefined;
    return node;
  };
  return {
    value,
    faults,
    lineOf(path, key) {
      for (let depth = path.length; depth >= 0; depth--) {
        const node = nodeAt(path.slice(0, depth));
        if (key !== undefined && depth === path.length && isMap(node)) {
          const pair = pairOf(node, key);
          if (pair !== undefined && isNode(pair.key) && pair.key.range) return lineAt(pair.key.range[0]);
        }
        if (isNode(node) && node.range) return lineAt(node.range[0]);
      }
      return 1;
    },
  };
}

/** Finds pairs by key without going through the whole mapping each time. */
function indexed() {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>();
  return (map: YAMLMap, key: string): Pair | undefined => {
    let index = indexes.get(map);
    if (index === undefined) {
      index = new Map();
      for (const pair of map.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
        if (name !== undefined && !index.has(name)) index.set(name, pair);
      }
      indexes.set(map, index);
    }
    return index.get(key);
  };
}
