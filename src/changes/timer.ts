import { SshMcpError } from "../base/errors.ts";
import type { ChangeProfile } from "../devices/profile-change.ts";

export type ProfileTimer = NonNullable<ChangeProfile["timer"]>;

/** A timer as the device takes it, and how long that is. */
export interface Timer {
  /** What is typed for {n}. */
  readonly typed: string;
  readonly seconds: number;
  /** It is longer than was asked for, as the device counts in minutes. */
  readonly rounded: boolean;
}

/** What is waited for where nobody says. */
export const DEFAULT_CONFIRM_S = 300;

const MINUTE_S = 60;
const GRACE_MS = 120_000;
const RESTART_MS = 900_000;

/** How long a device may take to be back behind its time. */
export function graceOf({ timer }: Pick<ChangeProfile, "timer">): number {
  return timer?.undoes === "reboot" ? RESTART_MS : GRACE_MS;
}

/**
 * How long it takes until nothing can act on a change by itself any more: what arms it has ended, and its time is over, with that
 * of the undoing. In milliseconds; undefined: that is past, or nothing counts.
 */
export function knownIn(
  { until, armingUntil }: { readonly until?: number | undefined; readonly armingUntil?: number | undefined },
  profile: Pick<ChangeProfile, "timer">,
  now: number,
): number | undefined {
  const over = until === undefined ? 0 : until + graceOf(profile);
  const left = Math.max(over, armingUntil ?? 0) - now;
  return left > 0 ? left : undefined;
}

/**
 * The device's timer for so many seconds: always rounded up, since a shorter one undoes a good change (napalm#1538).
 * @throws SshMcpError `invalid_argument` naming the bounds.
 */
export function timerFor(
  { unit, min, max }: ProfileTimer,
  wanted: number | undefined,
  platform: string,
): Timer {
  const unitS = unit === "minutes" ? MINUTE_S : 1;
  const asked = wanted ?? Math.min(Math.max(DEFAULT_CONFIRM_S, min * unitS), max * unitS);
  const count = Math.ceil(asked / unitS);
  if (count < min || count > max)
    throw new SshMcpError(
      "invalid_argument",
      `confirm_after_s: ${platform} takes ${min * unitS} to ${max * unitS} s, not ${asked}; nothing was sent`,
      `Give confirm_after_s between ${min * unitS} and ${max * unitS}${unitS === 1 ? "" : `; it is rounded up to whole minutes`}.`,
    );
  const seconds = count * unitS;
  return { typed: unit === "clock" ? clockOf(seconds) : String(count), seconds, rounded: seconds !== asked };
}

/** `00:05:00`. */
function clockOf(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
