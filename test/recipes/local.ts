import { execFileSync, spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { recipes } from "../../src/recipes/index.ts";
import { NATURE_STEPS, type Nature, natureOf, programsStep, withPrograms } from "../../src/recipes/nature.ts";
import type { RanSteps } from "../../src/recipes/ran.ts";
import type { Planned, Shown } from "../../src/recipes/recipe.ts";
import { scriptOf, stepsIn } from "../../src/recipes/script.ts";
import type { Sh } from "../../src/recipes/sh.ts";

/** Steps as this machine runs them; `path`: the only folder of programs there is; `given`: what a step reads. */
export function ranHere(
  steps: Readonly<Record<string, Sh>>,
  path?: string,
  given?: { readonly step: string; readonly line: string },
): RanSteps {
  const { line, mark } = scriptOf(steps, { reads: given?.step });
  // The system's own folders are put behind: a test that has only some programs takes them away.
  const sent =
    path === undefined
      ? line
      : line.replace('PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"', 'PATH="$PATH"');
  const { stdout } = spawnSync("/bin/sh", ["-c", sent], {
    encoding: "utf8",
    ...(given === undefined ? {} : { input: `${given.line}\n` }),
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: path ?? process.env.PATH, SHELL: "/bin/bash" },
  });
  return stepsIn(stdout.split("\n"), mark);
}

export function natureHere(path?: string): Nature {
  const more = programsStep(recipes.flatMap(({ programs = [] }) => programs));
  const ran = ranHere({ ...NATURE_STEPS, more }, path);
  return withPrograms(natureOf(ran), ran);
}

export function planned(name: string, inputs: object, nature: Nature): Planned {
  const recipe = recipes.find((one) => one.name === name);
  if (recipe === undefined) throw new Error(`there is no recipe ${name}`);
  const plan = recipe.plan(inputs, nature);
  if (typeof plan === "string") throw new Error(plan);
  return plan;
}

/** By the folder of programs: it is asked once for all runs of a test file, as the runner does. */
const natures = new Map<string | undefined, Nature>();

/** A recipe on this machine. */
export function runHere(name: string, inputs: object = {}, path?: string): Shown<unknown> {
  const nature = natures.get(path) ?? natureHere(path);
  natures.set(path, nature);
  const plan = planned(name, inputs, nature);
  return plan.read(ranHere(plan.steps, path));
}

/** Steps that came to this elsewhere. */
export function said(outputs: Readonly<Record<string, string>>): RanSteps {
  return new Map(
    Object.entries(outputs).map(([name, text]) => [
      name,
      { lines: text === "" ? [] : text.split("\n"), exit: 0 },
    ]),
  );
}

/** BusyBox's programs in a folder, as the only ones of a small system. */
export function linkBusybox(folder: string): void {
  const program = execFileSync("which", ["busybox"], { encoding: "utf8" }).trim();
  for (const applet of execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n"))
    symlinkSync(program, join(folder, applet));
}
