import { messageOf } from "../../base/errors.ts";
import { type Fault, MOST_FAULTS, placeOf } from "./kinds.ts";

/** All documents of a stream; tags of applications (`!Ref`, `!vault`) are theirs to know. */
export async function checkYaml(text: string): Promise<readonly Fault[]> {
  const { isNode, LineCounter, parseAllDocuments, visit } = await import("yaml");
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { merge: true, logLevel: "silent", lineCounter });
  const faults: Fault[] = [];
  const fault = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    faults.push({ line: Math.max(1, line), column: Math.max(1, col), message: firstSentence(message) });
  };
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { pos, message } of document.errors.slice(0, MOST_FAULTS + 1)) fault(pos[0], message);
    const anchors = new Set<string>();
    visit(document, {
      Node(_, node) {
        if ("anchor" in node && typeof node.anchor === "string") anchors.add(node.anchor);
      },
      Alias(_, { source, range }) {
        if (!anchors.has(source)) fault(range?.[0] ?? 0, `*${source} is an alias of no anchor before it`);
      },
      Pair(_, { value }) {
        if (isNode(value) && faults.length > MOST_FAULTS) return visit.BREAK;
        return undefined;
      },
    });
  }
  return faults.slice(0, MOST_FAULTS + 1);
}

export async function checkToml(text: string): Promise<readonly Fault[]> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    parse(text, { integersAsBigInt: true });
    return [];
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return [{ line: error.line, column: error.column, message: firstSentence(error.message) }];
  }
}

/** Well-formed, its prefixes bound; what a document type declares elsewhere is taken as declared. */
export async function checkXml(text: string): Promise<readonly Fault[]> {
  const { SaxesParser } = await import("saxes");
  const parser = new SaxesParser({ xmlns: true, position: true });
  const faults: Fault[] = [];
  let elsewhere = false;
  parser.on("doctype", (declared) => {
    elsewhere = /^\s*[^\s[]+\s+(?:SYSTEM|PUBLIC)\b|<!ENTITY\s+%/.test(declared);
    for (const [, name] of declared.matchAll(/<!ENTITY\s+([^\s%]+)\s/g))
      if (name !== undefined) parser.ENTITIES[name] = "";
  });
  parser.on("error", (error) => {
    const message = messageOf(error).replace(/^(?:[^:\s]*:)?\d+:\d+: /, "");
    if (elsewhere && /undefined entity/.test(message)) return;
    if (faults.length <= MOST_FAULTS) faults.push({ line: parser.line, column: parser.column + 1, message });
  });
  parser.write(text).close();
  return faults;
}

/** Severity of an error in the language server protocol. */
const ERROR = 1;
/** The library's own pattern for the name of a stage takes time exponential in its length. */
const STAGE = /^\s*FROM\s.*\sAS\s+(\S+)/gim;

export async function checkDockerfile(text: string): Promise<readonly Fault[]> {
  for (const { index, 0: row, 1: name = "" } of text.matchAll(STAGE))
    if (!/^[a-z][a-z0-9_.-]{0,127}$/.test(name.toLowerCase()))
      return [{ ...placeOf(text, index + row.length - name.length), message: "no name for a stage" }];
  const { validate } = await import("dockerfile-utils");
  return validate(text)
    .filter(({ severity }) => severity === ERROR)
    .slice(0, MOST_FAULTS + 1)
    .map(({ range: { start }, message }) => ({
      line: start.line + 1,
      column: start.character + 1,
      message: typeof message === "string" ? message : message.value,
    }));
}

/** Without the piece of the text that libraries quote below. */
function firstSentence(message: string): string {
  return message
    .split("\n", 1)
    .join("")
    .replace(/^Invalid TOML document: /, "")
    .replace(/ at line \d+, column \d+:?$/, "");
}
