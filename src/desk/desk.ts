import { Told } from "../results/told.ts";
import type { Desk, DeskParts } from "./contract.ts";

/** A desk that loads the tools' own code with the first call; the list of tools costs nothing (scripts/build.mjs). */
export function createDesk(parts: DeskParts): Desk {
  const told = new Told();
  return {
    async definitions() {
      return (await import("../tools/definitions.ts")).definitions;
    },
    async call(caller, tool, args) {
      return (await import("./dispatch.ts")).dispatch(parts, caller, tool, args, told.by(caller.id));
    },
  };
}
