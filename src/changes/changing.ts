import type { ChangeProfile } from "../devices/profile-change.ts";
import type { ChangeStates } from "./states.ts";

/** What changes that undo themselves need beside sessions and the gate. */
export interface Changing {
  readonly states: ChangeStates;
  /** How it is done on a platform; undefined: it is not known there. */
  profile(platform: string): ChangeProfile | undefined;
  /** Platforms where it is known. */
  platforms(): readonly string[];
  /** Takes secrets out of what is shown of a configuration. */
  mask(text: string): string;
}
