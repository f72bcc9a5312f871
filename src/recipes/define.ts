import { z } from "zod";
import type { AnyRecipe, Recipe } from "./recipe.ts";

export function defineRecipe<Inputs extends z.ZodRawShape, Facts>(recipe: Recipe<Inputs, Facts>): AnyRecipe {
  const schema = z.object(recipe.inputs);
  return Object.freeze({
    name: recipe.name,
    toolset: recipe.toolset,
    title: recipe.title,
    description: recipe.description,
    ...(recipe.changes === undefined ? {} : { changes: recipe.changes }),
    ...(recipe.programs === undefined ? {} : { programs: recipe.programs }),
    ...(recipe.seconds === undefined ? {} : { seconds: recipe.seconds }),
    inputs: recipe.inputs,
    schema: recipe.inputs,
    asks: (given) => recipe.asks?.(schema.parse(given)) ?? recipe.programs ?? [],
    plan(given, nature) {
      const inputs = schema.parse(given);
      const steps = recipe.steps(inputs, nature);
      if (typeof steps === "string") return steps;
      const secret = recipe.secret?.(inputs);
      return {
        steps,
        ...(secret === undefined ? {} : { secret }),
        read: (ran) => recipe.read(ran, inputs, nature),
      };
    },
  } satisfies AnyRecipe);
}
