import { recipesFolder, recipesIn } from "../../app/recipes.ts";
import type { Surroundings } from "../../app/surroundings.ts";

/** Prints the operator's own recipes; on stderr, why files of the folder are none. Returns the exit code. */
export async function listRecipes(around: Surroundings): Promise<number> {
  const folder = await recipesFolder(around);
  if (folder === undefined) {
    process.stderr.write("The inventory names no folder of recipes (settings: {recipes_dir: FOLDER}).\n");
    return 1;
  }
  const { recipes, faults } = await recipesIn(folder);
  const width = Math.max(0, ...recipes.map(({ recipe }) => recipe.name.length + 4));
  for (const { recipe, file } of recipes)
    process.stdout.write(
      `${`ssh_${recipe.name}`.padEnd(width)}  ${recipe.changes === true ? "may change" : "read-only "}  ${recipe.description}  (${file})\n`,
    );
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}
