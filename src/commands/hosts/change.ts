import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { applyEdits } from "../../inventory/document/apply.ts";
import type { Edit } from "../../inventory/document/edits.ts";
import {
  type InventoryText,
  openInventory,
  type Saved,
  saveInventory,
} from "../../inventory/document/file.ts";
import { resolutionOf } from "../../inventory/document/resolution.ts";
import { treeOf } from "../../inventory/document/tree.ts";
import { namedInventory, ownInventory } from "../../inventory/locate.ts";
import { type Inventory, parseInventory } from "../../inventory/parse.ts";
import { print } from "../stdout.ts";
import { diffOf } from "./diff.ts";

/** An inventory that is going to be edited. */
export interface Opened {
  readonly path: string;
  readonly file: InventoryText;
  readonly inventory: Inventory;
  /** What the file says, as plain values. */
  readonly value: unknown;
}

/** A change that is ready to be written. */
export interface Prepared {
  readonly opened: Opened;
  readonly text: string;
  /** As people read it; empty: nothing changes. */
  readonly diff: string;
  /** What the loader and the way to the hosts have to say that they did not say before. */
  readonly notes: readonly string[];
}

/** The inventory that `--config` or the environment names, else the user's own. @throws SshMcpError. */
export async function openForEdits(around: Surroundings): Promise<Opened> {
  const path = namedInventory(around) ?? ownInventory(around);
  const file = await openInventory(path);
  const inventory = await parseInventory(file.text, path);
  return { path, file, inventory, value: treeOf(file.text).value };
}

/** Makes edits in memory. @throws SshMcpError where they or what they lead to are refused; nothing was written then. */
export async function prepare(
  opened: Opened,
  edits: readonly Edit[],
  around: Surroundings,
): Promise<Prepared> {
  const { text, inventory } = await applyEdits(opened.file.text, edits, opened.path);
  refuseSecrets(opened.inventory, inventory, around);
  const before = await resolutionOf(opened.inventory, around);
  const after = await resolutionOf(inventory, around);
  for (const [name, error] of after.faults)
    if (!before.faults.has(name))
      throw new SshMcpError("invalid_argument", `${error.message} Nothing was written.`, error.next);
  const wordsOf = (note: string) => note.replace(/:\d+:/, ":");
  const known = new Set([...opened.inventory.notes.map(wordsOf), ...before.twins]);
  return {
    opened,
    text,
    diff: diffOf(opened.file.text, text),
    notes: [...inventory.notes, ...after.twins].filter((note) => !known.has(wordsOf(note))),
  };
}

/**
 * @throws SshMcpError for what is given as the name of a variable and is none that is set, nor written like one: then it
 * may be the secret itself, and is not repeated.
 */
function refuseSecrets(before: Inventory, after: Inventory, { env }: Surroundings): void {
  const odd = after.secretVariables.filter(
    (name) =>
      !before.secretVariables.includes(name) && env[name] === undefined && !/^_?[A-Z][A-Z0-9_]*$/.test(name),
  );
  if (odd.length === 0) return;
  throw new SshMcpError(
    "invalid_argument",
    "A key that ends in _env takes the name of an environment variable; what was given is no variable that is set here, and " +
      "may be the secret itself. Nothing was written.",
    "Write the name in capitals (password_env=WEB1_PASSWORD), or use password_file (chmod 600) or password_command (pass show web1).",
  );
}

/** Prints a change and writes it, unless it is only looked at. Returns the exit code. */
export async function carryOut(prepared: Prepared, dryRun: boolean): Promise<number> {
  const { opened, text, diff, notes } = prepared;
  for (const note of notes) process.stderr.write(`Note: ${note}\n`);
  if (text === opened.file.text) {
    print(`${opened.path} says that already; nothing was written.\n`);
    return 0;
  }
  print(diff);
  if (dryRun) {
    print(`Nothing was written to ${opened.path} (--dry-run).\n`);
    return 0;
  }
  print(`${savedAs(await saveInventory(opened.file, text))}\n`);
  return 0;
}

/** What is said of a change that was written. */
export function savedAs({ target, backup }: Saved): string {
  return backup === undefined ? `Created ${target}.` : `Written to ${target}; as it was before: ${backup}`;
}
