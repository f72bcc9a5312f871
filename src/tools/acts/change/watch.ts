import { messageOf } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import { type Claim, claim, type Evidence, runningIs, timerOf } from "../../../changes/machine.ts";
import { graceOf } from "../../../changes/timer.ts";
import { textDiff } from "../../../remote/text/diff.ts";
import { configOf, pendingOf } from "./look.ts";
import { anewWord, textOf, type Work } from "./work.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** Looks at the device until it shows how the change ended; each look is a login of its own. */
export async function watch(work: Work): Promise<Claim> {
  const { record, context } = work;
  const { profile } = record.plan;
  const { clock } = context;
  // What the end of its session undoes counts from that end.
  if (profile.guard !== undefined) record.until = clock.wallTime() + profile.guard.seconds * 1000;
  const last = (record.until ?? clock.wallTime()) + graceOf(profile);
  let pause = FIRST_PAUSE_MS;
  let before: string | undefined;
  for (;;) {
    const late = clock.wallTime() >= last;
    const seen = await seenOf(work);
    // Twice the same without a timer: nothing is on its way any more.
    const settled = seen.timer === "none" && seen.state !== undefined && seen.state === before;
    before = seen.state;
    const end = claim(seen, late || settled);
    if (end !== undefined) {
      await showLeft(work, seen);
      return end;
    }
    await new Promise<void>((resolve) => void clock.after(pause, resolve));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5);
  }
}

interface Seen extends Evidence {
  readonly state?: string;
  readonly rows?: readonly string[];
  readonly why?: string;
}

const NOTHING = { reached: false, timer: "unknown", running: "unknown" } as const;

async function seenOf({ hands, record, context }: Work): Promise<Seen> {
  const { plan, after } = record;
  await hands.closeAll();
  const session = `${plan.id.toLowerCase()}-look`;
  try {
    await hands.login(session, anewWord());
  } catch (error) {
    return { ...NOTHING, why: messageOf(error) };
  }
  const pending = await pendingOf(hands, session, plan.profile);
  const config = await configOf(hands, session, plan.profile);
  await hands.close(session);
  const now = context.clock.wallTime();
  if ("why" in config) return { reached: true, timer: pending.is, running: "unknown", why: config.why };
  const { state, rows } = config;
  const running = runningIs(state, plan.before, after);
  if (pending.is === "runs") record.armingUntil = undefined;
  const { until, armingUntil, state: carried } = record;
  const mayRun = carried?.armed !== "no" && carried?.confirmed !== "yes";
  const shown = plan.profile.pending === undefined ? "none" : pending.is;
  const timer = timerOf(shown, running, { until, armingUntil, graceMs: graceOf(plan.profile), mayRun }, now);
  return { reached: true, timer, running, state, rows, ...(pending.row && { why: pending.row }) };
}

/** What the claim rests on, in rows. */
async function showLeft({ record }: Work, seen: Seen): Promise<void> {
  const { plan, shown, notes } = record;
  if (!seen.reached) {
    notes.push(`it could not be reached any more: ${visibleLine(seen.why ?? "", 300)}`);
    return;
  }
  shown.push(`a fresh login shows: timer ${seen.timer}, running configuration ${WORDS[seen.running]}`);
  if (seen.rows === undefined || seen.running === "before") return;
  const { lines } = await textDiff(textOf(plan.rows), textOf(seen.rows));
  record.left = lines;
}

const WORDS: Readonly<Record<Evidence["running"], string>> = {
  before: "as before the change",
  after: "as with the change",
  same: "as before the change, which shows no difference with it either",
  other: "neither as before nor as with the change",
  unknown: "not read",
};
