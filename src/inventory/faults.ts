import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";

export type KeyPath = readonly (string | number)[];

/** One fault of an inventory, with the place it stands at. */
export interface Fault {
  readonly path: KeyPath;
  readonly line: number;
  readonly message: string;
  /** It concerns the whole file, though it stands in one entry. */
  readonly everywhere?: boolean;
}

/** All that a person writes, and a bound for what a program does. */
const MAX_FAULTS = 40;

/** The one form in which an inventory's faults are told: `file:line: key.path: what is wrong`. */
export function inventoryInvalid(file: string, faults: readonly Fault[]): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    shownFaults(file, faults).join("\n"),
    "Correct the file; it is read again with the next call.",
  );
}

/** One host's entry is faulty, and only that host is refused. */
export function hostRefused(file: string, name: string, faults: readonly Fault[]): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `The host "${visibleLine(name, 100)}" is refused, its entry in the inventory has mistakes: ${shownFaults(file, faults).join("; ")}`,
    "Correct the entry; the file is read again with the next call. The other hosts are not affected.",
  );
}

function shownFaults(file: string, faults: readonly Fault[]): string[] {
  const shown = faults.slice(0, MAX_FAULTS).map((fault) => {
    const key = fault.path.length === 0 ? "" : ` ${visibleLine(fault.path.join("."), 200)}:`;
    return `${file}:${fault.line}:${key} ${visibleLine(fault.message, 500)}`;
  });
  if (faults.length > MAX_FAULTS) shown.push(`… and ${faults.length - MAX_FAULTS} more`);
  return shown;
}
