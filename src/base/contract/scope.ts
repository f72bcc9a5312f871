import type { Toolset } from "../toolsets.ts";
import { matchesWildcards } from "../wildcards.ts";
import type { Level } from "./policy.ts";

/** What a caller may reach at most; nothing in it ever allows more than the operator's inventory does. Left out: no limit. */
export interface Scope {
  /** Names of hosts, with `*` and `?`. */
  readonly hosts?: readonly string[];
  readonly toolsets?: readonly Toolset[];
  /** The level of every host is this one or its own, whichever is stricter, and no rule of the operator's lifts it. */
  readonly level?: Level;
}

/** May this host be seen at all? */
export function reaches({ hosts }: Scope, name: string): boolean {
  return hosts === undefined || hosts.some((pattern) => matchesWildcards(name, pattern));
}
