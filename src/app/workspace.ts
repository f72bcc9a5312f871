import { keepNurserySmall } from "../base/nursery.ts";
import type { Workspace } from "../desk/contract.ts";
import { identityFile } from "../secrets/identity.ts";
import { identityAt } from "../ssh/identity.ts";
import { type PartsOptions, partsOf } from "./parts.ts";
import type { Surroundings } from "./surroundings.ts";

/** Everything behind the protocol: inventory, connections, sessions, policy and audit. */
export async function openWorkspace(around: Surroundings, options: PartsOptions = {}): Promise<Workspace> {
  const parts = partsOf(around, { remembers: true, ...options });
  try {
    // The log first, so that it is closed last: how each session ended is still recorded.
    const access = await parts.access();
    const multiplexer = await parts.multiplexer();
    const files = await parts.files();
    const moving = await parts.moving();
    keepNurserySmall();
    const { clock, secrets, maskingOf, dispose } = parts;
    const identity = () => identityAt(identityFile(around));
    const log = await parts.audit();
    const note: Workspace["note"] = (event) => log?.record(event);
    return {
      note,
      access,
      multiplexer,
      files,
      moving,
      identity,
      clock,
      redact: secrets.redact,
      maskingOf,
      dispose,
    };
  } catch (error) {
    await parts.dispose();
    throw error;
  }
}
