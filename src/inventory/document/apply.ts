import { SshMcpError } from "../../base/errors.ts";
import { type Inventory, parseInventory } from "../parse.ts";
import { splicesOf } from "./change.ts";
import { BY_HAND, type Edit, editRefused } from "./edits.ts";
import { expected, sameValue } from "./model.ts";
import { spliced } from "./splice.ts";
import { shown, treeOf } from "./tree.ts";

/** What to do about a value that the loader refuses. */
const MEND = "Give it again with what is allowed there; docs/inventory.md lists every key.";

/** An inventory's text behind its edits, as the loader reads it. */
export interface Edited {
  readonly text: string;
  readonly inventory: Inventory;
}

/**
 * Makes edits by splicing the text: every byte outside of them stays. After each the text is parsed again and has to say
 * what was asked and nothing else; the loader has to accept the result, with no more faulty hosts than before.
 * @throws SshMcpError `invalid_argument` for an edit that is not made, `inventory_invalid` for a file that is faulty already.
 */
export async function applyEdits(text: string, edits: readonly Edit[], path: string): Promise<Edited> {
  const before = await parseInventory(text, path);
  let result = text;
  for (const edit of edits) result = edited(result, edit);
  const inventory = await parseInventory(result, path).catch((error: unknown) => {
    if (!(error instanceof SshMcpError)) throw error;
    throw editRefused(`The edit has mistakes: ${error.message}`, MEND);
  });
  for (const [name, error] of inventory.refused)
    if (!before.refused.has(name) || touches(edits, name))
      throw editRefused(`The edit has mistakes: ${faultsOf(error)}`, MEND);
  return { text: result, inventory };
}

function edited(text: string, edit: Edit): string {
  if ([...edit.path, ...namesIn(edit)].includes("__proto__"))
    throw editRefused('the name "__proto__" cannot be used');
  const tree = treeOf(text);
  const wanted = expected(tree.value, edit);
  if (edit.kind === "set" && sameValue(wanted, tree.value)) return text;
  const result = spliced(text, splicesOf(tree, edit));
  // What the splices did is believed only once it was read.
  if (!sameValue(treeOf(result).value, wanted))
    throw editRefused(`${shown(edit.path)} cannot be changed without changing more than that`, BY_HAND);
  return result;
}

function namesIn(edit: Edit): readonly string[] {
  if (edit.kind === "rename") return [edit.to];
  return edit.kind === "add" ? [...edit.entries.keys()] : [];
}

/** The faults alone: the file on disk has none of them. */
function faultsOf({ message }: SshMcpError): string {
  return message.replace(/^The host "[^"]*" is refused, its entry in the inventory has mistakes: /, "");
}

/** True when an edit is about this host. */
function touches(edits: readonly Edit[], host: string): boolean {
  return edits.some((edit) => {
    const [first, name] = edit.path;
    if (first !== undefined && first !== "hosts") return false;
    return name === undefined ? namesIn(edit).includes(host) : name === host || namesIn(edit).includes(host);
  });
}
