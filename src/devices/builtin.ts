import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * The profiles of `devices/`, parsed but not checked, by id. The build puts them here as data (scripts/build.mjs); from
 * the sources they are read from the folder.
 */
export function builtinProfiles(): ReadonlyMap<string, unknown> {
  return filesOf("devices");
}

/** The grammars of `devices/grammars/`, in the same way. */
export function builtinGrammars(): ReadonlyMap<string, unknown> {
  return filesOf("devices/grammars");
}

/** What was read of a folder, as JSON: each caller gets objects of its own, and no YAML is parsed twice. */
const read = new Map<string, string>();

function filesOf(path: string): ReadonlyMap<string, unknown> {
  const text = read.get(path) ?? JSON.stringify(entriesOf(path));
  read.set(path, text);
  return new Map(JSON.parse(text));
}

function entriesOf(path: string): readonly (readonly [string, unknown])[] {
  const folder = join(import.meta.dirname, "..", "..", path);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map(
      (file) => [file.slice(0, -".yaml".length), parse(readFileSync(join(folder, file), "utf8"))] as const,
    );
}
