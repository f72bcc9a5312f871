import type { Clock } from "../../base/clock.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { LinkInfo } from "../../ssh/contract.ts";
import type { Platform, Refuses } from "./prepare.ts";

export interface DeviceFacts {
  readonly host: ResolvedHost;
  readonly link: LinkInfo;
  readonly clock: Clock;
  /** The profile to begin with, and how the right one is found when the inventory does not say. */
  readonly platform: Platform;
  /** The prompt that was seen already, where the profile is still to be found. */
  readonly seenPrompt?: string;
  /** It is a prompt on the caller's word. */
  readonly claimed?: boolean | undefined;
  readonly refuses?: Refuses | undefined;
}
