import { isDeepStrictEqual } from "node:util";
import { type Splice, spliced } from "../../inventory/document/splice.ts";

/** Nothing of ours or of a client's nests deeper; the parser recurses. */
const MOST_LEVELS = 200;

/** A value of a JSON text, with the range it is written in. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  /** Objects as maps: no name in a file is special. */
  readonly value: unknown;
  /** Undefined: no object. */
  readonly members: readonly JsonMember[] | undefined;
  /** There is a comma behind the last member. */
  readonly trailing: boolean;
}

export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly node: JsonNode;
}

/** JSON with comments and trailing commas, as editors and MCP clients write it. @throws SyntaxError, with line. */
export function parseJsonc(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

/**
 * `text` with a member more in the object that `path` leads to; objects that are missing on the way are made. All else
 * stays as it is written. Undefined: it cannot be added without changing what is there.
 */
export function withMember(
  text: string,
  path: readonly string[],
  key: string,
  value: unknown,
): { readonly text: string; readonly added: string } | undefined {
  if (text.trim() === "") {
    const whole = `${JSON.stringify(nested([...path, key], value), undefined, 2)}\n`;
    return { text: whole, added: whole };
  }
  const root = parseJsonc(text);
  let at = root;
  const missing = [...path];
  for (let next = missing[0]; next !== undefined; next = missing[0]) {
    const found = (at.members ?? []).filter((member) => member.key === next);
    if (found.length > 1) return undefined;
    const [only] = found;
    if (only === undefined) break;
    at = only.node;
    missing.shift();
  }
  const [first = key, ...rest] = [...missing, key];
  if (at.members === undefined || at.members.some((member) => member.key === first)) return undefined;
  const splices = addition(text, at, at.members, first, nested(rest, value));
  const result = spliced(text, splices);
  const wanted = added(root.value, [...path, key], value);
  if (!isDeepStrictEqual(parseJsonc(result).value, wanted)) return undefined;
  return { text: result, added: splices.map((one) => one.text).join("") };
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

/** What the file says with the member in it. */
function added(root: unknown, [key = "", ...rest]: readonly string[], value: unknown): unknown {
  const map = new Map(root instanceof Map ? root : []);
  map.set(key, rest.length === 0 ? mapped(value) : added(map.get(key), rest, value));
  return map;
}

function mapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, mapped(inner)]));
}

function addition(
  text: string,
  { start, end, trailing }: JsonNode,
  members: readonly JsonMember[],
  key: string,
  value: unknown,
): Splice[] {
  const last = members.at(-1);
  const breaks = text.includes("\r\n") ? "\r\n" : "\n";
  const spread = text.slice(start, end).includes("\n") || last === undefined;
  if (!spread && last !== undefined) {
    const member = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return [{ from: last.node.end, to: last.node.end, text: `, ${member}` }];
  }
  const outer = indentAt(text, start);
  const unit = unitOf(text);
  const inner = last === undefined ? outer + unit : indentAt(text, last.start);
  const lines = `${JSON.stringify(key)}: ${JSON.stringify(value, undefined, unit)}`.split("\n");
  const member = lines.map((line) => `${breaks}${inner}${line}`).join("");
  if (last === undefined) {
    const bare = text.slice(start + 1, end - 1).trim() === "";
    const place = { from: start + 1, to: bare ? end - 1 : start + 1 };
    return [{ ...place, text: bare ? `${member}${breaks}${outer}` : member }];
  }
  const behind = restOfLine(text, last.node.end, end - 1);
  if (trailing) return [{ from: behind, to: behind, text: `${member},` }];
  if (behind === last.node.end) return [{ from: behind, to: behind, text: `,${member}` }];
  return [
    { from: last.node.end, to: last.node.end, text: "," },
    { from: behind, to: behind, text: member },
  ];
}

/** Behind the comma and the comment that belong to the line of the last member; `limit`: where its object ends. */
function restOfLine(text: string, from: number, limit: number): number {
  const rest = text.slice(from, limit);
  const [own = ""] = /^[ \t]*,?[ \t]*(?:\/\*(?:(?!\*\/)[^\n])*\*\/[ \t]*)*(?:\/\/[^\r\n]*)?/.exec(rest) ?? [];
  return from + own.trimEnd().length;
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** One level of indentation, as the file has it. */
function unitOf(text: string): string {
  return /^(?:\t| {1,8})(?=")/m.exec(text)?.[0] ?? "  ";
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.#fault();
  }

  value(level: number): JsonNode {
    if (level > MOST_LEVELS) throw this.#fault();
    this.#skip();
    if (this.#text[this.#at] === "{") return this.#object(level);
    if (this.#text[this.#at] === "[") return this.#array(level);
    return this.#scalar();
  }

  #object(level: number): JsonNode {
    const start = this.#at++;
    const members: JsonMember[] = [];
    const trailing = this.#items("}", () => {
      const key = this.#scalar();
      if (typeof key.value !== "string") throw this.#fault(key.start);
      this.#skip();
      if (this.#text[this.#at] !== ":") throw this.#fault();
      this.#at++;
      members.push({ key: key.value, start: key.start, node: this.value(level + 1) });
    });
    const value = new Map(members.map(({ key, node }) => [key, node.value]));
    return { start, end: this.#at, value, members, trailing };
  }

  #array(level: number): JsonNode {
    const start = this.#at++;
    const value: unknown[] = [];
    const trailing = this.#items("]", () => value.push(this.value(level + 1).value));
    return { start, end: this.#at, value, members: undefined, trailing };
  }

  /** Returns whether a comma was the last thing before `closing`. */
  #items(closing: string, read: () => void): boolean {
    for (let comma = false; ; ) {
      this.#skip();
      if (this.#text[this.#at] === closing) {
        this.#at++;
        return comma;
      }
      read();
      this.#skip();
      comma = this.#text[this.#at] === ",";
      if (comma) this.#at++;
      else if (this.#text[this.#at] !== closing) throw this.#fault();
    }
  }

  #scalar(): JsonNode {
    const start = this.#at;
    const pattern = /"(?:[^"\\\r\n]|\\.)*"|true\b|false\b|null\b|-?\d[\d.eE+-]*/y;
    pattern.lastIndex = start;
    const [word] = pattern.exec(this.#text) ?? [];
    if (word === undefined) throw this.#fault();
    this.#at += word.length;
    try {
      return { start, end: this.#at, value: JSON.parse(word), members: undefined, trailing: false };
    } catch {
      throw this.#fault(start);
    }
  }

  /** Blanks and comments. */
  #skip(): void {
    const pattern = /(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #fault(at = this.#at): SyntaxError {
    const line = this.#text.slice(0, at).split("\n").length;
    return new SyntaxError(`it is no valid JSON in line ${line}`);
  }
}
