import { SshMcpError } from "../../base/errors.ts";

/** Keys from the top of the file; an item of a list by its index. */
export type EditPath = readonly string[];

/** What may be written as a value: all that YAML's core schema has, and no date or binary. */
export type EditValue =
  | string
  | number
  | boolean
  | null
  | readonly EditValue[]
  | { readonly [key: string]: EditValue };

/** One change of the inventory's text. */
export type Edit =
  /** Sets the value at `path`; what is missing on the way there is added. */
  | { readonly kind: "set"; readonly path: EditPath; readonly value: EditValue }
  /** Adds keys that the mapping at `path` does not have. */
  | { readonly kind: "add"; readonly path: EditPath; readonly entries: ReadonlyMap<string, EditValue> }
  | { readonly kind: "remove"; readonly path: EditPath }
  | { readonly kind: "rename"; readonly path: EditPath; readonly to: string };

/** An edit that is not made: nothing was changed. */
export function editRefused(why: string, next?: string): SshMcpError {
  return new SshMcpError("invalid_argument", `${why}. Nothing was written.`, next);
}

/** For places of the file that only a person can edit as it is meant. */
export const BY_HAND = "Edit this place of the file by hand.";
