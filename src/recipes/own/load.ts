import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, messageOf } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { sourceIn } from "../../devices/source.ts";
import { distrust } from "../../secrets/permissions.ts";
import type { AnyRecipe } from "../recipe.ts";
import { defaultFaults, recipeOf } from "./build.ts";
import { ownSchema } from "./schema.ts";

/** A recipe is a page of YAML, and a folder has some of them. */
const MAX_BYTES = 64 * 1024;
const MOST_FILES = 200;

/** The recipes of an operator's own folder, and a sentence for each fault: what is wrong with one keeps no other away. */
export interface OwnRecipes {
  readonly recipes: readonly { readonly recipe: AnyRecipe; readonly file: string }[];
  readonly faults: readonly string[];
}

/** `taken`: names of tools that there are already. Never rejects for what is wrong with the folder or its files. */
export async function loadRecipes(folder: string, taken: readonly string[]): Promise<OwnRecipes> {
  let files: string[];
  try {
    const fault = distrust(folder, await stat(folder), "write");
    if (fault !== undefined) return { recipes: [], faults: [notTrusted(folder, fault)] };
    files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file) && !file.startsWith(".")).sort();
  } catch (error) {
    const why = errorCode(error) === "ENOENT" ? "is not there" : `cannot be read: ${messageOf(error)}`;
    return { recipes: [], faults: [`recipes_dir ${folder} ${why}`] };
  }
  const recipes: { recipe: AnyRecipe; file: string }[] = [];
  const faults: string[] =
    files.length > MOST_FILES
      ? [`recipes_dir ${folder} has ${files.length} files, of which ${MOST_FILES} are read`]
      : [];
  for (const name of files.slice(0, MOST_FILES)) {
    const file = join(folder, name);
    const read = await readRecipe(file);
    if (typeof read !== "object" || !("recipe" in read)) {
      faults.push(...read);
      continue;
    }
    const { recipe, line } = read;
    const other = recipes.find((one) => one.recipe.name === recipe.name);
    if (taken.includes(`ssh_${recipe.name}`))
      faults.push(`${file}, ${line}: there is a tool ssh_${recipe.name} already; give it another name`);
    else if (other !== undefined)
      faults.push(`${file}, ${line}: the name ${recipe.name} is that of ${other.file} already`);
    else recipes.push({ recipe, file });
  }
  return { recipes, faults };
}

/** One file's recipe and the line of its name, or its faults. */
export async function readRecipe(
  file: string,
): Promise<{ readonly recipe: AnyRecipe; readonly line: string } | readonly string[]> {
  let text: string;
  try {
    const bytes = await readRegularFile(file, MAX_BYTES, (stats) => {
      const fault = distrust(file, stats, "write");
      if (fault !== undefined) throw new Error(notTrusted("it", fault));
    });
    text = bytes.toString("utf8");
  } catch (error) {
    return [`${file}: ${errorCode(error) === "ENOENT" ? "there is no such file" : messageOf(error)}`];
  }
  const source = sourceIn(file, text);
  if (source.fault !== undefined) return [`${file}: ${source.fault}`];
  const parsed = ownSchema.safeParse(source.content);
  if (parsed.success) {
    const faults = defaultFaults(parsed.data).map(
      ({ name, message }) =>
        `${file}, ${source.lineOf(["inputs", name, "default"]) ?? "line 1"}: inputs.${name}.default: ${message}`,
    );
    if (faults.length > 0) return faults;
    return { recipe: recipeOf(parsed.data), line: source.lineOf(["name"]) ?? "line 1" };
  }
  return parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    const key = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    const where = path.length === 0 ? "" : `${path.join(".")}: `;
    return issue.message
      .split("\n")
      .map((message) => `${file}, ${source.lineOf(path, key) ?? "line 1"}: ${where}${message}`);
  });
}

function notTrusted(
  what: string,
  { reason, fix }: { readonly reason: string; readonly fix?: string },
): string {
  return `${what} ${reason}, so what it says is not run${fix === undefined ? "" : `; run: ${fix}`}`;
}
