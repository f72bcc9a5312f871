import type { Catalog } from "../devices/catalog.ts";
import { mergeProfiles } from "../devices/merge.ts";
import { profileSchema } from "../devices/profile.ts";
import type { ChangeProfile } from "../devices/profile-change.ts";
import type { ChangeStates } from "./states.ts";

/** What changes that undo themselves need beside sessions and the gate. */
export interface Changing {
  readonly states: ChangeStates;
  /**
   * How it is done on a platform; undefined: it is not known there. `own`: what the inventory says otherwise of one host, in
   * the fields of a profile, checked when it was read.
   */
  profile(platform: string, own?: Readonly<Record<string, unknown>>): ChangeProfile | undefined;
  /** Platforms where it is known. */
  platforms(): readonly string[];
  /** Takes secrets out of what is shown of a configuration. */
  mask(text: string): string;
}

export function createChanging(
  catalog: Catalog,
  { states, mask }: Pick<Changing, "states" | "mask">,
): Changing {
  return {
    states,
    mask,
    profile(platform, own) {
      if (!catalog.ids().includes(platform)) return undefined;
      const profile = catalog.profile(platform);
      if (own?.change === undefined) return profile.change;
      const { id, name } = profile;
      return mergeProfiles(profile, profileSchema.parse({ change: own.change, id, name })).change;
    },
    platforms: () => catalog.ids().filter((id) => catalog.profile(id).change !== undefined),
  };
}
