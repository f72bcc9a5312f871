import { resolve } from "node:path";
import { TOOLSETS } from "../../base/toolsets.ts";
import { readRecipe } from "../../recipes/own/load.ts";
import { toolsOn } from "../../tools/index.ts";

/** Prints what is wrong with a recipe's file, or what it becomes. Returns the exit code. */
export async function checkRecipe(path: string): Promise<number> {
  const file = resolve(path);
  const read = await readRecipe(file);
  const faults = "recipe" in read ? clash(read.recipe.name, `${file}, ${read.line}`) : read;
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (!("recipe" in read) || faults.length > 0) return 1;
  const { name, description, changes } = read.recipe;
  process.stdout.write(`ssh_${name}: ${description}${changes === true ? " (may change the host)" : ""}\n`);
  return 0;
}

function clash(name: string, where: string): string[] {
  if (!toolsOn(TOOLSETS).some((tool) => tool.name === `ssh_${name}`)) return [];
  return [`${where}: there is a tool ssh_${name} already; give it another name`];
}
