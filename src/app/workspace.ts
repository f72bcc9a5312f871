import { keepNurserySmall } from "../base/nursery.ts";
import type { Workspace } from "../desk/contract.ts";
import type { RealmWorkspace } from "../desk/realms.ts";
import { identityFile } from "../secrets/identity.ts";
import { identityAt } from "../ssh/identity.ts";
import { auditPath } from "./audit-log.ts";
import { type Parts, type PartsOptions, partsOf } from "./parts.ts";
import type { Surroundings } from "./surroundings.ts";

/** Everything behind the protocol: inventory, connections, sessions, policy and audit. */
export async function openWorkspace(around: Surroundings, options: PartsOptions = {}): Promise<Workspace> {
  const parts = partsOf(around, { remembers: true, ...options });
  const opened = await workspaceOf(parts);
  keepNurserySmall();
  const log = await parts.audit();
  return {
    ...opened,
    note: (event) => log?.record(event),
    auditFile: auditPath((await parts.directory()).settings, around),
    kept: parts.kept,
    identity: () => identityAt(identityFile(around)),
  };
}

/** What every caller's desk has behind it, however it calls. Releases the parts where one of them cannot be opened. */
export async function workspaceOf(parts: Parts): Promise<RealmWorkspace> {
  const { clock, secrets, maskingOf, kept, dispose } = parts;
  try {
    // The log first, so that it is closed last: how each session ended is still recorded.
    const access = await parts.access();
    const multiplexer = await parts.multiplexer();
    const files = await parts.files();
    const moving = await parts.moving();
    const changing = await parts.changing();
    const keeping = { snapshots: parts.snapshots(), kept };
    const { redact } = secrets;
    return { access, multiplexer, files, moving, changing, clock, redact, maskingOf, ...keeping, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
