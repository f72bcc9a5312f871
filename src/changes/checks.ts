import { visibleLine } from "../base/text.ts";
import type { ChangeProfile } from "../devices/profile-change.ts";
import type { Check } from "./plan.ts";
import { forbiddenIn } from "./rows.ts";

/** What makes a second command of the rest of a line, or runs one inside it. */
const SEPARATORS = /[;&|`{}$()[\]]/;
const REACH = /^\s*(?:do\s+)?(?:ping|traceroute)\b/i;

/** What keeps a check from being typed, whatever the policy says of it; undefined: nothing. */
export function unfit(profile: ChangeProfile, { command, mode }: Check): string | undefined {
  const named = `"${visibleLine(command, 120)}"`;
  if (/[\r\n]/.test(command)) return `${named} is more than one line`;
  if (forbiddenIn(profile, [command]) !== undefined)
    return `${named} ends, keeps or saves a change, or acts at once`;
  if (mode === undefined) return undefined;
  const { guard, confirm_in } = profile;
  if (guard !== undefined)
    return mode === guard.mode
      ? undefined
      : `${named} in mode ${mode} would leave ${guard.mode} mode, which keeps the change before it is proven`;
  // What only one session can confirm is confirmed where that session is.
  return confirm_in === "own"
    ? `${named} in mode ${mode} may take the session that has to confirm the change out of its mode`
    : undefined;
}

/** Does it only ask whether something is reached? The policy may ask a human about that, and the plan is what they see. */
export function onlyReaches({ command }: Check): boolean {
  return REACH.test(command) && !SEPARATORS.test(command);
}
