import { pace } from "../access/steps/pace.ts";
import { keepNurserySmall } from "../base/nursery.ts";
import type { RealmsOptions } from "../desk/realms.ts";
import { Room } from "../multiplexer/limits.ts";
import { type Parts, partsOf } from "./parts.ts";

/** Opens the workspaces of realms: each with sessions, gate and files of its own over one inventory, one log, one set of connections. */
export function realmWorkspaces(parts: Parts): RealmsOptions["open"] {
  const room = new Room();
  const shared = pace(parts.clock);
  keepNurserySmall();
  return async (owner, scope) => {
    const own = partsOf(parts.around, {
      clock: parts.clock,
      within: { parts, scope, owner, room, pace: shared },
    });
    try {
      // The log is there before anything that is recorded.
      const access = await own.access();
      const multiplexer = await own.multiplexer();
      const files = await own.files();
      const moving = await own.moving();
      const { clock, secrets, dispose } = own;
      return { access, multiplexer, files, moving, clock, redact: secrets.redact, dispose };
    } catch (error) {
      await own.dispose();
      throw error;
    }
  };
}
