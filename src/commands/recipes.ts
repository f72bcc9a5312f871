import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

const list: Subcommand = {
  name: "list",
  summary: "your own recipes, of the folder that the inventory names",
  options: [CONFIG],
  examples: [["ssh-mcp recipes list", "the tools they become, and what is wrong with the others"]],
  notes: "Exit code 0: every file of the folder is a recipe.",
  async run(given, setting) {
    const { listRecipes } = await import("./recipes/list.ts");
    return listRecipes(surroundings(given, setting));
  },
};

const check: Subcommand = {
  name: "check",
  summary: "is a file a recipe that can be used?",
  arguments: [{ name: "<file>", help: "a recipe in YAML" }],
  examples: [["ssh-mcp recipes check disk_hogs.yaml", "each fault with its line"]],
  notes: "Nothing is run. Exit code 0: it is.",
  async run(given) {
    const { checkRecipe } = await import("./recipes/check.ts");
    return checkRecipe(given.required("file"));
  },
};

/** `ssh-mcp recipes list|check`; `recipes` alone lists them. */
export const recipes: Subcommand = {
  ...list,
  name: "recipes",
  summary: "your own recipes: list, check",
  subcommands: [list, check],
};
