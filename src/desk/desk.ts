import { DEFAULT_TOOLSETS, type Toolset } from "../base/toolsets.ts";
import { Told } from "../results/told.ts";
import type { Tool } from "../tools/tool.ts";
import type { Desk, DeskParts } from "./contract.ts";

/** A desk that loads the tools' own code with the first call; the list of tools costs nothing (scripts/build.mjs). */
export function createDesk(parts: DeskParts): Desk {
  const told = new Told();
  let asked: Promise<readonly Toolset[]> | undefined;
  // The list never changes while a server runs: a client may keep it.
  const toolsets = () => {
    asked ??= parts.toolsets?.() ?? Promise.resolve(DEFAULT_TOOLSETS);
    return asked;
  };
  let confirmed: Promise<boolean> | undefined;
  const mayConfirm = () => {
    confirmed ??= parts.mayConfirm?.() ?? Promise.resolve(false);
    return confirmed;
  };
  // Asked for once: where modules are loaded from their sources each asking is a round trip of its own.
  let loaded: Promise<typeof import("./dispatch.ts")> | undefined;
  let made: Promise<readonly Tool[]> | undefined;
  const custom = async (on: readonly Toolset[]) => {
    if (parts.recipes === undefined || !on.includes("custom")) return [];
    made ??= toolsOf(parts.recipes);
    return made;
  };
  return {
    async definitions() {
      const on = await toolsets();
      const { definitions } = await import("../tools/definitions.ts");
      const own = (await custom(on)).map(({ definition }) => definition);
      const all = [...definitions.core, ...on.flatMap((name) => definitions[name]), ...own];
      if (!(await mayConfirm())) return all;
      const { confirming } = await import("./confirming.ts");
      return all.map(confirming);
    },
    async call(caller, tool, args) {
      const on = await toolsets();
      const own = await custom(on);
      loaded ??= import("./dispatch.ts");
      const { dispatch } = await loaded;
      return dispatch(
        { ...parts, on, own, confirms: await mayConfirm() },
        caller,
        tool,
        args,
        told.by(caller.id),
      );
    },
  };
}

/** The tools' code is loaded for them where there are any. */
async function toolsOf(recipes: NonNullable<DeskParts["recipes"]>): Promise<readonly Tool[]> {
  const some = await recipes();
  if (some.length === 0) return [];
  const { toolOf } = await import("../tools/recipes.ts");
  return some.map(toolOf);
}
