import type { Catalog } from "../devices/catalog.ts";
import type { Grammar } from "../policy/cli/grammar.ts";
import { grammarOf } from "../policy/cli/library.ts";

/** The risk grammar of a platform; undefined: what reads commands there is a Unix shell. */
export async function grammarFor(catalog: Catalog, platform: string): Promise<Grammar | undefined> {
  if (platform === "posix" || platform === "auto" || catalog.profile(platform)?.framing === "sentinel")
    return undefined;
  return grammarOf(platform, catalog);
}
