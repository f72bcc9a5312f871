import type { Clock } from "../../../base/clock.ts";
import { errorCode, messageOf, SshMcpError } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import type { Changing } from "../../../changes/changing.ts";
import { claim, type Evidence, runningIs, timerOf } from "../../../changes/machine.ts";
import type { SavedChange } from "../../../changes/states.ts";
import { graceOf, knownIn } from "../../../changes/timer.ts";
import type { ChangeProfile } from "../../../devices/profile-change.ts";
import type { Result } from "../../../results/result.ts";
import type { ToolContext } from "../context.ts";
import { inOrder } from "./candidate.ts";
import { Hands } from "./hands.ts";
import { configOf, pendingOf } from "./look.ts";
import { targetOf } from "./plan.ts";
import { page } from "./shown.ts";
import { anewWord } from "./work.ts";

const SETTLE_MS = 2_000;

/**
 * A change that an earlier process armed, or whose end stayed unknown: the device is looked at, nothing of the change is ever
 * sent again, and `cancel` undoes it where its timer still runs. @throws SshMcpError.
 */
export async function lookLeft(
  context: ToolContext,
  changing: Changing,
  left: SavedChange,
  what: "look" | "cancel",
): Promise<Result> {
  const { device } = (await context.multiplexer.plan({ host: left.host })).host;
  const profile = changing.profile(left.platform, device);
  if (profile === undefined)
    throw new SshMcpError("unsupported", `${left.platform} has no section change any more; nothing was sent`);
  if (what === "look") return look(context, changing, left, profile);
  const command = (profile.cancel ?? []).flatMap(({ send }) => send ?? []).join("\n");
  if (command === "")
    throw new SshMcpError(
      "unsupported",
      `${left.platform} has nothing that undoes a change at once; nothing was sent`,
    );
  const { access, caller, notes = [] } = context;
  const target = await targetOf(context, left.host, left.platform);
  const subject = `undo change ${left.id}, which was armed before:\n${command}`;
  let result: Result | undefined;
  await access.pass(
    caller,
    { verb: "exec", command, subject },
    target,
    async (permit) => {
      result = await look({ ...context, notes: [] }, changing, left, profile, permit.id);
    },
    { notes },
  );
  if (result === undefined) throw new SshMcpError("internal", "the device was not looked at");
  return result;
}

/** `under`: it is undone first, where its timer runs. */
async function look(
  context: ToolContext,
  changing: Changing,
  left: SavedChange,
  profile: ChangeProfile,
  under?: number,
): Promise<Result> {
  const { clock } = context;
  const began = clock.now();
  const hands = new Hands(context, left.host, under);
  const session = `${left.id.toLowerCase()}-look`;
  const seen: string[] = [];
  try {
    await hands.login(session, anewWord()).catch((error: unknown) => {
      throw new SshMcpError(
        "not_ready",
        `${left.host} cannot be reached, so it is not known how ${left.id} ended: ${messageOf(error)}`,
        whenOver(left, profile, clock.wallTime()),
      );
    });
    if (under !== undefined) seen.push(await undone(hands, session, left, profile, clock));
    let evidence = await evidenceOf(hands, session, left, profile, clock.wallTime());
    if (evidence.timer === "none" && evidence.running !== "before" && evidence.running !== "after") {
      await new Promise<void>((resolve) => void clock.after(SETTLE_MS, resolve));
      evidence = await evidenceOf(hands, session, left, profile, clock.wallTime());
    }
    const holder = holderOf(left);
    const end = holder === undefined ? claim(evidence, false) : undefined;
    if (end !== undefined) changing.states.keep({ ...left, stage: "ended", end });
    return page({
      host: left.host,
      lines: [
        ...seen,
        `a fresh login shows: timer ${evidence.timer}, running configuration ${WORDS[evidence.running]}`,
        ...(holder === undefined
          ? []
          : [`process ${holder}, which began it, is still there: it may be at work on it`]),
        ...(end === undefined ? [whenOver(left, profile, clock.wallTime())] : []),
      ],
      words: [`change=${left.id}`],
      notes: ["nothing of the change was sent again"],
      state: end ?? "UNKNOWN",
      facts: { change: left.id, end: end ?? null, ...evidence },
      durationMs: clock.now() - began,
    });
  } finally {
    await hands.closeAll();
  }
}

/** Another process that began it and is alive, as far as its number tells: it claims the end itself. */
export function holderOf({ pid }: Pick<SavedChange, "pid">): number | undefined {
  if (pid === process.pid || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // It is there, and another user's.
    return errorCode(error) === "EPERM" ? pid : undefined;
  }
}

/** Undoes it where the timer that runs is known to be its own. In words. */
async function undone(
  hands: Hands,
  session: string,
  left: SavedChange,
  profile: ChangeProfile,
  clock: Clock,
): Promise<string> {
  const { is, row = "" } = await pendingOf(hands, session, profile);
  if (is !== "runs") return `no timer of it runs (${is} ${visibleLine(row, 120)}): nothing was sent`;
  const config = await configOf(hands, session, profile);
  const state = "why" in config ? undefined : config.state;
  if (!isItsOwn(left, state, clock.wallTime()))
    return `a timer runs (${visibleLine(row, 120)}), but it is not known that it is this change's: nothing was sent`;
  const came = await inOrder(hands, session, profile.cancel, { id: left.id, timer: undefined });
  return came.is === "done" ? "it was cancelled" : `it could not be cancelled: ${visibleLine(came.why, 200)}`;
}

/**
 * May a timer that runs be the one of this change? Not once its own time is over, and not while the device runs with anything
 * else than it was left with. `state`: of the running configuration; undefined: it could not be read.
 */
export function isItsOwn(
  { until, after, confirmed = false }: Pick<SavedChange, "until" | "after" | "confirmed">,
  state: string | undefined,
  now: number,
): boolean {
  if (confirmed || until === undefined || now >= until || state === undefined) return false;
  return after === undefined || state === after;
}

const WORDS: Readonly<Record<Evidence["running"], string>> = {
  before: "as before the change",
  after: "as with the change",
  same: "as before the change, which shows no difference with it either",
  other: "neither as before nor as was read with the change",
  unknown: "not read",
};

async function evidenceOf(
  hands: Hands,
  session: string,
  { before, after, until, armingUntil, confirmed = false }: SavedChange,
  profile: ChangeProfile,
  now: number,
): Promise<Evidence> {
  const pending = await pendingOf(hands, session, profile);
  const config = await configOf(hands, session, profile);
  if ("why" in config) return { reached: true, timer: pending.is, running: "unknown" };
  const { state } = config;
  const running = runningIs(state, before, after);
  const timer = profile.pending === undefined ? "none" : pending.is;
  const armed = { until, armingUntil, graceMs: graceOf(profile), mayRun: !confirmed };
  return { reached: true, timer: timerOf(timer, running, armed, now), running };
}

function whenOver(left: SavedChange, profile: ChangeProfile, now: number): string {
  const { id, until } = left;
  const { cancel } = profile;
  if (until === undefined) return "Nothing undoes it by itself on this platform.";
  const seconds = Math.round((until - now) / 1000);
  return seconds > 0
    ? `Its timer has ${seconds} s left: ssh_change(change: "${id}") looks again${cancel === undefined ? "" : ", with cancel: true it is undone at once"}.`
    : `Its time was over ${-seconds} s ago: ssh_change(change: "${id}") looks again${behind(knownIn(left, profile, now))}.`;
}

function behind(ms: number | undefined): string {
  return ms === undefined ? "" : `; nothing can act any more in ${Math.ceil(ms / 1000)} s at the latest`;
}
