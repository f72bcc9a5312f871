import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { fileTrouble, messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";
import { builtinProfiles } from "./builtin.ts";

/** A profile is a page or two of YAML. */
const MAX_PROFILE_BYTES = 1024 * 1024;

type KeyPath = readonly (string | number)[];

/** A profile's content before it is checked, and where it stands. */
export interface Source {
  readonly content: unknown;
  /** `built in`, or the file. */
  readonly origin: string;
  /** Why the file is no YAML; told when somebody asks for this profile. */
  readonly fault: string | undefined;
  /** `line 12` of the value at `path`, or of `key` inside it; undefined where no file is at hand. */
  lineOf(path: KeyPath, key?: string): string | undefined;
}

export function builtinSources(): Map<string, Source> {
  const sources = [...builtinProfiles()].map(([id, content]): [string, Source] => [
    id,
    { content, origin: "built in", fault: undefined, lineOf: () => undefined },
  ]);
  return new Map(sources);
}

/** Every YAML file of an operator's own folder, by its name. @throws SshMcpError when the folder cannot be read. */
export function ownSources(dir: string): Map<string, Source> {
  let files: string[];
  try {
    files = readdirSync(dir).filter((file) => /\.ya?ml$/.test(file));
  } catch (error) {
    throw new SshMcpError(
      "inventory_invalid",
      `devices_dir ${dir} cannot be read: ${fileTrouble(error).replace("no such file", "no such folder")}`,
      "Create the folder or remove settings.devices_dir.",
    );
  }
  return new Map(files.sort().map((file) => [file.replace(/\.ya?ml$/, ""), sourceOf(join(dir, file))]));
}

function sourceOf(file: string): Source {
  try {
    return sourceIn(file, readRegularFileSync(file, MAX_PROFILE_BYTES).toString("utf8"));
  } catch (error) {
    return { content: undefined, origin: file, fault: fileTrouble(error), lineOf: () => undefined };
  }
}

/** A file's YAML, with the lines of what it says. Never throws for what is wrong with it. */
export function sourceIn(file: string, text: string): Source {
  const lines = new LineCounter();
  const lineAt = (offset: number) => `line ${Math.max(1, lines.linePos(offset).line)}`;
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${lineAt(error.pos[0])}: not valid YAML: ${error.message}`);
    return {
      content: document.toJS({ maxAliasCount: 100 }),
      origin: file,
      fault: undefined,
      lineOf(path, key) {
        for (let depth = path.length; depth >= 0; depth--) {
          const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
          if (key !== undefined && depth === path.length && isMap(node)) {
            const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
            if (pair !== undefined && isNode(pair.key) && pair.key.range) return lineAt(pair.key.range[0]);
          }
          if (isNode(node) && node.range) return lineAt(node.range[0]);
        }
        return undefined;
      },
    };
  } catch (error) {
    return { content: undefined, origin: file, fault: messageOf(error), lineOf: () => undefined };
  }
}
