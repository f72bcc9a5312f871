import { messageOf } from "../base/errors.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { TOOLSETS } from "../base/toolsets.ts";
import { locateInventory } from "../inventory/locate.ts";
import type { OwnRecipes } from "../recipes/own/load.ts";
import type { AnyRecipe } from "../recipes/recipe.ts";
import type { Surroundings } from "./surroundings.ts";

/** Anything larger is no inventory. */
const LOOKED_INTO = 4 * 1024 * 1024;

/** The operator's own recipes, where the inventory names a folder of them; each fault is reported, and keeps no other away. */
export async function ownRecipes(
  around: Surroundings,
  report: (sentence: string) => void,
): Promise<readonly AnyRecipe[]> {
  const { recipes, faults } = await recipesIn(await recipesFolder(around).catch(() => undefined));
  for (const fault of faults) report(`a recipe is left out: ${fault}`);
  return recipes.map(({ recipe }) => recipe);
}

/** The folder's recipes; none where there is no folder. Names of all tools are taken, whether their toolset is on or not. */
export async function recipesIn(folder: string | undefined): Promise<OwnRecipes> {
  if (folder === undefined) return { recipes: [], faults: [] };
  try {
    const [{ loadRecipes }, { toolsOn }] = await Promise.all([
      import("../recipes/own/load.ts"),
      import("../tools/index.ts"),
    ]);
    return await loadRecipes(
      folder,
      toolsOn(TOOLSETS).map(({ name }) => name),
    );
  } catch (error) {
    return { recipes: [], faults: [`recipes_dir ${folder}: ${messageOf(error)}`] };
  }
}

/** The inventory is read as one only where it says anything of recipes: clients wait for the list of tools. */
export async function recipesFolder(around: Surroundings): Promise<string | undefined> {
  const path = await locateInventory(around);
  if (path === undefined) return undefined;
  const text = String(await readRegularFile(path, LOOKED_INTO));
  if (!text.includes("recipes_dir")) return undefined;
  const [{ loadInventory }, { resolvePath }] = await Promise.all([
    import("../inventory/load.ts"),
    import("../inventory/merge.ts"),
  ]);
  const { settings, folder } = await loadInventory(path);
  return settings.recipes_dir === undefined
    ? undefined
    : resolvePath(settings.recipes_dir, folder, around.home);
}
