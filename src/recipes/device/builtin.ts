import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * The files of `devices/queries/`, parsed but not checked, by platform. The build puts them here as data (scripts/build.mjs);
 * from the sources they are read from the folder.
 */
export function builtinQueries(): ReadonlyMap<string, unknown> {
  const folder = join(import.meta.dirname, "..", "..", "..", "devices", "queries");
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => [file.slice(0, -".yaml".length), parse(readFileSync(join(folder, file), "utf8"))]),
  );
}
