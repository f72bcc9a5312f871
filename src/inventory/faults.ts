import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";

export type KeyPath = readonly (string | number)[];

/** One fault of an inventory, with the place it stands at. */
export interface Fault {
  readonly path: KeyPath;
  readonly line: number;
  readonly message: string;
}

/** Enough to mend a file in one go, few enough to read. */
const MAX_FAULTS = 8;

/** The one form in which an inventory's faults are told: `file:line: key.path: what is wrong`. */
export function inventoryInvalid(file: string, faults: readonly Fault[]): SshMcpError {
  const shown = faults.slice(0, MAX_FAULTS).map((fault) => {
    const key = fault.path.length === 0 ? "" : ` ${visibleLine(fault.path.join("."), 200)}:`;
    return `${file}:${fault.line}:${key} ${visibleLine(fault.message, 500)}`;
  });
  if (faults.length > MAX_FAULTS) shown.push(`… and ${faults.length - MAX_FAULTS} more`);
  return new SshMcpError(
    "inventory_invalid",
    shown.join("\n"),
    "Correct the file; it is read again with the next call.",
  );
}
