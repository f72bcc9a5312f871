import { partsOf } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf } from "../../base/errors.ts";

/** Writes what a person decided into the audit log, where one is kept; that it could not is said, and takes nothing back. */
export async function recorded(
  around: Surroundings,
  event: { readonly event: string; readonly [field: string]: string | undefined },
): Promise<void> {
  const parts = partsOf(around);
  try {
    (await parts.audit())?.record(event);
  } catch (error) {
    process.stderr.write(`ssh-mcp: this is not in the audit log: ${messageOf(error)}\n`);
  } finally {
    await parts.dispose();
  }
}
