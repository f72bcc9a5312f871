import { breadth } from "../access/steps/breadth.ts";
import { pace } from "../access/steps/pace.ts";
import { keepNurserySmall } from "../base/nursery.ts";
import type { RealmsOptions } from "../desk/realms.ts";
import { Room } from "../multiplexer/limits.ts";
import { auditPath } from "./audit-log.ts";
import { type Parts, partsOf } from "./parts.ts";
import { workspaceOf } from "./workspace.ts";

/** Opens the workspaces of realms: each with sessions, gate and files of its own over one inventory, one log, one set of connections. */
export function realmWorkspaces(parts: Parts): RealmsOptions["open"] {
  const room = new Room();
  const shared = [pace(parts.clock), breadth(parts.clock)];
  keepNurserySmall();
  return async (owner, scope) => {
    const own = partsOf(parts.around, {
      clock: parts.clock,
      within: { parts, scope, owner, room, limits: shared },
    });
    const [opened, log] = [await workspaceOf(own), await own.audit()];
    const auditFile = auditPath((await own.directory()).settings, parts.around);
    return { ...opened, auditFile, note: (event) => log?.record(event) };
  };
}
