import { configIn, type Pending, pendingIn, stateOf } from "../../../changes/rows.ts";
import type { ChangeProfile } from "../../../devices/profile-change.ts";
import type { Hands } from "./hands.ts";

/** What a device shows of itself. `why`: it could not be read. */
export type Config =
  | { readonly rows: readonly string[]; readonly state: string }
  | { readonly why: string; readonly lost: boolean };

const CONFIG_MS = 120_000;

export async function configOf(
  hands: Hands,
  session: string,
  profile: ChangeProfile,
  command = profile.running.ask,
): Promise<Config> {
  const came = await hands.ask(session, { ...profile.running, ask: command }, CONFIG_MS);
  if (came.is !== "done") return { why: came.why, lost: came.is === "lost" };
  const rows = configIn(profile, came.lines);
  // An empty answer is no configuration: it would equal any other one that failed to come.
  if (rows.length === 0) return { why: `${command}: the answer was empty`, lost: true };
  return { rows, state: stateOf(rows) };
}

/** Does a timer run, this change's or another's? */
export async function pendingOf(hands: Hands, session: string, profile: ChangeProfile): Promise<Pending> {
  const { pending } = profile;
  if (pending === undefined) return profile.timer === undefined ? { is: "none" } : { is: "unknown" };
  const came = await hands.ask(session, pending);
  return came.is === "done" ? pendingIn(pending, came.lines) : { is: "unknown", row: came.why };
}
