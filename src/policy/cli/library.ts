import type { z } from "zod";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { nearest, visibleLine } from "../../base/text.ts";
import { builtinGrammars } from "../../devices/builtin.ts";
import { type Catalog, openCatalog } from "../../devices/catalog.ts";
import { compileGrammar, type Grammar } from "./grammar.ts";
import { type GrammarFile, grammarSchema } from "./schema.ts";

/** The grammar of a platform whose profile names none. */
export const DEFAULT_GRAMMAR = "generic";

/** Grammars by id, compiled when first asked for. */
export interface GrammarLibrary {
  ids(): readonly string[];
  /** @throws SshMcpError `inventory_invalid` for an unknown id or a bad file, naming file and field. */
  grammar(id: string): Grammar;
}

/** `files`: parsed YAML by id. */
export function openGrammars(files: ReadonlyMap<string, unknown>): GrammarLibrary {
  const compiled = new Map<string, Grammar>();

  function chain(id: string, path: readonly string[]): readonly GrammarFile[] {
    if (path.includes(id)) throw invalid(id, "extends: it extends itself");
    const parsed = grammarSchema.safeParse(files.get(id));
    if (!parsed.success) throw invalid(id, faults(parsed.error));
    if (parsed.data.id !== id) throw invalid(id, `id: "${parsed.data.id}" is not the name of the file`);
    const base = parsed.data.extends;
    if (base === undefined) return [parsed.data];
    if (!files.has(base))
      throw invalid(id, `extends: "${base}" does not exist; nearest: ${nearest(base, files.keys())[0]}`);
    return [...chain(base, [...path, id]), parsed.data];
  }

  return {
    ids: () => [...files.keys()].sort(),
    grammar(id) {
      const known = compiled.get(id);
      if (known !== undefined) return known;
      if (!files.has(id))
        throw new SshMcpError(
          "inventory_invalid",
          `there is no grammar "${visibleLine(id, 80)}"; nearest: ${nearest(id, files.keys()).slice(0, 3).join(", ")}`,
          "docs/profiles.md lists the grammars.",
        );
      const files_ = chain(id, []);
      try {
        const grammar = compileGrammar(files_);
        compiled.set(id, grammar);
        return grammar;
      } catch (error) {
        throw invalid(id, messageOf(error));
      }
    },
  };
}

function faults(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join(".")}: ${message}`)
    .join("\n");
}

function invalid(id: string, what: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `grammar ${id} (devices/grammars/${id}.yaml): ${what}`,
    "docs/profiles.md explains the format of a grammar.",
  );
}

let grammars: GrammarLibrary | undefined;
let profiles: Catalog | undefined;

/**
 * The grammar of a platform: that of its profile, else the generic one. `catalog`: where profiles are looked up; the
 * built-in ones by default.
 *
 * @throws SshMcpError `inventory_invalid` for a platform or a grammar that does not exist.
 */
export function grammarOf(platformId: string, catalog?: Catalog): Grammar {
  grammars ??= openGrammars(builtinGrammars());
  if (catalog === undefined) profiles ??= openCatalog();
  const known = catalog ?? profiles ?? openCatalog();
  const id = known.profile(platformId).grammar ?? DEFAULT_GRAMMAR;
  if (grammars.ids().includes(id)) return grammars.grammar(id);
  throw new SshMcpError(
    "inventory_invalid",
    `device profile ${platformId} (${known.origin(platformId)}): grammar: there is no grammar "${visibleLine(id, 80)}"; nearest: ${nearest(id, grammars.ids()).slice(0, 3).join(", ")}`,
    "docs/profiles.md lists the grammars.",
  );
}
