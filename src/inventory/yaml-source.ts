import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { type Fault, inventoryInvalid, type KeyPath } from "./faults.ts";

/** A parsed YAML file that knows where each value stands. */
export interface YamlSource {
  readonly value: unknown;
  /** Keys that occur twice in one host's entry, or hosts of the same name. */
  readonly faults: readonly Fault[];
  /** Line of the value at `path`, or of the nearest thing around it; with `key`, of that key inside it. */
  lineOf(path: KeyPath, key?: string): number;
}

const TOO_DEEP = "it is nested too deeply";

function inPlainWords(fault: { readonly code: string; readonly message: string }): string {
  if (fault.code === "MULTIPLE_DOCS") return "it holds several documents; keep one";
  if (fault.code === "DUPLICATE_KEY") return "the same key occurs twice in one mapping";
  return fault.message.includes("call stack") ? TOO_DEEP : fault.message;
}

/** The host in whose entry, or at whose name, the text at `offset` stands. */
function hostAt(contents: unknown, offset: number): string | undefined {
  if (!isMap(contents)) return undefined;
  const hosts = contents.items.find(({ key }) => isScalar(key) && key.value === "hosts")?.value;
  if (!isMap(hosts)) return undefined;
  const found = hosts.items.find(({ key, value }) => {
    const from = isNode(key) ? key.range?.[0] : undefined;
    const to = isNode(value) ? value.range?.[2] : isNode(key) ? key.range?.[2] : undefined;
    return from !== undefined && to !== undefined && from <= offset && offset < to;
  });
  return found !== undefined && isScalar(found.key) ? String(found.key.value) : undefined;
}

/**
 * Parses YAML 1.2 of the core schema: no custom tags, duplicate keys are errors, aliases are limited.
 * @throws SshMcpError `inventory_invalid`.
 */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const fail = (line: number, message: string) => inventoryInvalid(file, [{ path: [], line, message }]);

  let document: ReturnType<typeof parseDocument>;
  let value: unknown;
  const faults: Fault[] = [];
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: "core",
      uniqueKeys: true,
    });
    for (const fault of [...document.errors, ...document.warnings]) {
      const message = inPlainWords(fault);
      const host = fault.code === "DUPLICATE_KEY" ? hostAt(document.contents, fault.pos[0]) : undefined;
      if (host === undefined) throw fail(lineAt(fault.pos[0]), `not valid YAML: ${message}`);
      faults.push({ path: ["hosts", host], line: lineAt(fault.pos[0]), message });
    }
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof SshMcpError) throw error;
    // Nesting that overflows the stack, aliases that multiply or lead nowhere: never an inventory.
    throw fail(1, `not valid YAML: ${error instanceof RangeError ? TOO_DEEP : messageOf(error)}`);
  }
  return {
    value,
    faults,
    lineOf(path, key) {
      for (let depth = path.length; depth >= 0; depth--) {
        const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
        if (key !== undefined && depth === path.length && isMap(node)) {
          const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
          if (pair !== undefined && isNode(pair.key) && pair.key.range) return lineAt(pair.key.range[0]);
        }
        if (isNode(node) && node.range) return lineAt(node.range[0]);
      }
      return 1;
    },
  };
}
