import { z } from "zod";
import type { Toolset } from "../base/toolsets.ts";
import { recipes } from "../recipes/index.ts";
import type { AnyRecipe } from "../recipes/recipe.ts";
import { runRecipe } from "./acts/recipe.ts";
import { parameters } from "./parameters.ts";
import { defineTool, type Tool } from "./tool.ts";

/** The tools of a toolset that are recipes: one each. */
export function recipeTools(toolset: Toolset): readonly Tool[] {
  return Object.freeze(recipes.filter((recipe) => recipe.toolset === toolset).map(toolOf));
}

/** A recipe as a tool. */
export function toolOf(recipe: AnyRecipe): Tool {
  const { name, title, description, inputs, changes = false } = recipe;
  return defineTool({
    name: `ssh_${name}`,
    title,
    description,
    annotations: {
      readOnlyHint: !changes,
      destructiveHint: changes,
      idempotentHint: !changes,
      openWorldHint: true,
    },
    schema: z.object({
      host: z.string().min(1).describe("Host name."),
      ...inputs,
      timeout_s: parameters.timeout_s,
      max_tokens: parameters.max_tokens,
    }),
    async handler({ host, timeout_s, max_tokens, ...given }, context) {
      const result = await runRecipe(context, recipe, { host: String(host), inputs: given, timeout_s });
      return { result, maxTokens: max_tokens };
    },
  });
}
