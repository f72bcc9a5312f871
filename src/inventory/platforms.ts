import { builtinProfiles } from "../devices/builtin.ts";

/** Platforms that are no profile: a shell, and the one that is found out. */
const WITHOUT_PROFILE = ["posix", "auto"];

let ids: readonly string[] | undefined;

/** What `platform` may say where the inventory names no folder of profiles of its own. */
export function builtinIds(): readonly string[] {
  ids ??= [...WITHOUT_PROFILE, ...builtinProfiles().keys()];
  return ids;
}
