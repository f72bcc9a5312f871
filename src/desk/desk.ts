import { DEFAULT_TOOLSETS, type Toolset } from "../base/toolsets.ts";
import { Told } from "../results/told.ts";
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
  return {
    async definitions() {
      const on = await toolsets();
      const { definitions } = await import("../tools/definitions.ts");
      return [...definitions.core, ...on.flatMap((name) => definitions[name])];
    },
    async call(caller, tool, args) {
      const on = await toolsets();
      const { dispatch } = await import("./dispatch.ts");
      return dispatch({ ...parts, on }, caller, tool, args, told.by(caller.id));
    },
  };
}
