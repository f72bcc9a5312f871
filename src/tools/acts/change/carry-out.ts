import { messageOf } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import type { Changing } from "../../../changes/changing.ts";
import { FRESH, finished, next, type Step, type StepEvent } from "../../../changes/machine.ts";
import { meansOf } from "../../../changes/plan.ts";
import { pendingIn } from "../../../changes/rows.ts";
import { armedOn } from "../../../changes/states.ts";
import { graceOf } from "../../../changes/timer.ts";
import { textDiff } from "../../../remote/text/diff.ts";
import type { ToolContext } from "../context.ts";
import type { ChangeRecord } from "./book.ts";
import { inOrder, loaded, typeLines } from "./candidate.ts";
import { checked } from "./checks.ts";
import { Hands, type Typed } from "./hands.ts";
import { configOf, pendingOf } from "./look.ts";
import { mayBeArmed } from "./plan.ts";
import { watch } from "./watch.ts";
import { anewWord, savedOf, textOf, type Work } from "./work.ts";

/** As much of its time has to be left to confirm: what is confirmed too late may be undone in that very moment. */
const MARGIN_MS = 5_000;
const COMMIT_MS = 300_000;
const ARM_MS = 30_000;

/** Carries an approved plan out to its end; whatever happens on the way, the end is claimed on what the device shows. */
export async function carryOut(
  context: ToolContext,
  changing: Changing,
  record: ChangeRecord,
  under: number,
): Promise<void> {
  const { plan } = record;
  const hands = new Hands(context, plan.host, under);
  const work: Work = {
    context,
    changing,
    record,
    hands,
    own: `${plan.id.toLowerCase()}-change`,
    proof: undefined,
  };
  const means = meansOf(plan.profile);
  record.state = FRESH;
  try {
    while (record.state.step !== "end") {
      const { step } = record.state;
      if (step === "watch") {
        const end = await watch(work);
        // Refused before anything was armed or typed: there was nothing to undo.
        const untouched = end === "undone" && record.state.armed === "no" && record.state.applied === "no";
        record.state = finished(record.state, untouched ? "not_begun" : end);
        break;
      }
      const event = await doing[step](work).catch(
        (error: unknown): StepEvent => ({ is: "lost", why: messageOf(error) }),
      );
      record.state = next(record.state, event, means);
    }
  } finally {
    const { state } = record;
    record.end = state.end ?? "unknown";
    keepEnd(work);
    await hands.closeAll();
  }
}

type Doing = (work: Work) => Promise<StepEvent>;

const doing: Readonly<Record<Exclude<Step, "watch" | "end">, Doing>> = {
  recheck,
  arm,
  armed,
  apply,
  checks: checksHold,
  login,
  confirm,
  settled,
  save,
  cancel,
};

/** The device as it was planned for, and nobody else's timer. */
async function recheck({ hands, own, record, changing, context }: Work): Promise<StepEvent> {
  const { plan } = record;
  const { profile, host, id } = plan;
  const at = { host, id, graceMs: graceOf(profile) };
  const other = armedOn(changing.states.all(), at, context.clock.wallTime());
  if (other !== undefined) return { is: "failed", why: `${mayBeArmed(other)}; nothing was changed` };
  try {
    await hands.login(own);
  } catch (error) {
    return { is: "failed", why: `no session could be opened: ${messageOf(error)}; nothing was changed` };
  }
  const pending = await pendingOf(hands, own, profile);
  if (pending.is !== "none" && profile.pending !== undefined)
    return {
      is: "failed",
      why: `whether a change waits for its confirmation: ${pending.is} (${visibleLine(pending.row ?? "", 160)}); nothing was changed`,
    };
  const config = await configOf(hands, own, profile);
  if ("why" in config) return { is: "failed", why: `${config.why}; nothing was changed` };
  if (config.state !== plan.before) {
    const { lines } = await textDiff(textOf(plan.rows), textOf(config.rows));
    record.left = lines;
    return { is: "changed", why: "the device was changed after this was planned; nothing was typed" };
  }
  if (profile.way !== "candidate") return { is: "ok" };
  const came = await loaded(hands, own, plan);
  const same = came.is === "done" && came.lines.join("\n") === (plan.difference ?? []).join("\n");
  if (same) return { is: "ok" };
  const dropped = await inOrder(hands, own, profile.discard, plan);
  const left = dropped.is === "done" ? "" : `; the candidate could NOT be dropped: ${dropped.why}`;
  if (came.is !== "done") return { is: "failed", why: `${came.why}; nothing was committed${left}` };
  return { is: "changed", why: `the device's difference is another one now; nothing was committed${left}` };
}

/** From here on the device may be armed, and whoever comes after us has to know. */
async function arm({ hands, own, record, changing, context }: Work): Promise<StepEvent> {
  const { plan } = record;
  const { profile, timer } = plan;
  const candidate = profile.way === "candidate";
  if (candidate) {
    const good = await inOrder(hands, own, profile.check, plan, COMMIT_MS);
    if (good.is !== "done") {
      await inOrder(hands, own, profile.discard, plan);
      return { is: "failed", why: `${good.why}; nothing was committed` };
    }
  }
  const lasts = (timer?.seconds ?? profile.guard?.seconds ?? 0) * 1000;
  const until = () => (lasts === 0 ? undefined : context.clock.wallTime() + lasts);
  // Whoever finds this file without an answer in it: the device may begin to count as late as this.
  const longest = candidate ? COMMIT_MS : ARM_MS * (profile.arm?.length ?? 0);
  record.armingUntil = context.clock.wallTime() + longest;
  record.until = lasts === 0 ? undefined : record.armingUntil + lasts;
  changing.states.keep(savedOf(record, "armed"));
  const came = await inOrder(hands, own, profile.arm, plan, candidate ? COMMIT_MS : ARM_MS);
  if (came.is !== "lost" || came.over === true) {
    // The device counts from its answer at the latest.
    record.armingUntil = undefined;
    record.until = until();
  }
  changing.states.keep(savedOf(record, "armed"));
  record.shown.push(...firstRows(came));
  return eventOf(came);
}

/** It is armed where the device shows it; a profile without such a look rests on the answer to arming. */
async function armed(work: Work): Promise<StepEvent> {
  const { hands, own, record } = work;
  const { profile } = record.plan;
  if (profile.way === "candidate") return measured(work);
  if (profile.armed === undefined) return { is: "ok" };
  const came = await hands.run(own, profile.armed.ask, { mode: profile.armed.mode });
  const shows = came.is === "done" && pendingShows(profile, came.lines);
  return shows
    ? { is: "ok" }
    : { is: "failed", why: "the device does not show that the change is armed; no line was typed" };
}

async function apply(work: Work): Promise<StepEvent> {
  const { hands, own, record, changing, context } = work;
  const { profile } = record.plan;
  if (profile.arm === undefined) {
    changing.states.keep(savedOf(record, "armed"));
  }
  // Behind the time that undoes them lines would stay.
  const mostMs = record.until === undefined ? undefined : record.until - context.clock.wallTime() - MARGIN_MS;
  const came = await typeLines(hands, own, record.plan, mostMs);
  if (came.is !== "done") {
    if (came.is === "lost") await hands.close(own);
    return eventOf(came);
  }
  const { guard } = profile;
  if (guard !== undefined && hands.modeOf(own) !== guard.mode)
    return {
      is: "lost",
      why: `${guard.mode} mode ended while the lines were typed: nothing undoes them any more`,
    };
  const left = await inOrder(hands, own, profile.leave, record.plan);
  if (left.is !== "done") return eventOf(left);
  return measured(work);
}

/** What the device made of it: the state that a later look is compared with. */
async function measured({ hands, own, record, changing }: Work): Promise<StepEvent> {
  const { plan } = record;
  const over = await timeOver(hands, own, plan.profile);
  if (over !== undefined) return { is: "failed", why: over };
  const config = await configOf(hands, own, plan.profile);
  if ("why" in config) return { is: "lost", why: `what it changed could not be read: ${config.why}` };
  record.after = config.state;
  changing.states.keep(savedOf(record, "armed"));
  const { lines } = await textDiff(textOf(plan.rows), textOf(config.rows));
  record.made = lines;
  if (config.state === plan.before)
    record.notes.push("the running configuration is the same with it as before");
  return { is: "ok" };
}

async function checksHold({ hands, own, record }: Work): Promise<StepEvent> {
  const failed = await checked(hands, own, record);
  return failed === undefined ? { is: "ok" } : { is: "failed", why: failed };
}

/** A login on new connections, to a prompt, that may read what the change made: it is the way back in for everybody. */
async function login(work: Work): Promise<StepEvent> {
  const { hands, record } = work;
  const { plan } = record;
  const name = `${plan.id.toLowerCase()}-proof`;
  try {
    await hands.login(name, anewWord());
  } catch (error) {
    return { is: "failed", why: `a fresh login did not come through: ${messageOf(error)}` };
  }
  work.proof = name;
  const config = await configOf(hands, name, plan.profile);
  if ("why" in config) return { is: "failed", why: `a fresh login could not read the device: ${config.why}` };
  if (config.state !== record.after)
    return { is: "failed", why: "the running configuration changed again before it was confirmed" };
  record.shown.push("a fresh login on a new connection came to its prompt and read the change");
  return { is: "ok" };
}

async function confirm({ hands, own, proof, record, context }: Work): Promise<StepEvent> {
  const { plan, until } = record;
  if (plan.timer !== undefined && until !== undefined && context.clock.wallTime() > until - MARGIN_MS)
    return { is: "failed", why: "its time was nearly over, so it was NOT confirmed" };
  const { confirm_in, guard } = plan.profile;
  const session = confirm_in === "own" ? own : (proof ?? own);
  if (confirm_in === "own" && !hands.isUp(own))
    return { is: "failed", why: "the session that can confirm it is gone, so it was NOT confirmed" };
  const over = await timeOver(hands, session, plan.profile);
  if (over !== undefined) return { is: "failed", why: `${over}, so it was NOT confirmed` };
  // The same key enters and leaves: what is not in it any more would enter it.
  if (guard !== undefined && hands.modeOf(own) !== guard.mode)
    return { is: "lost", why: `the session is not in ${guard.mode} mode any more` };
  const came = await inOrder(hands, session, plan.profile.confirm, plan, COMMIT_MS);
  record.shown.push(...firstRows(came));
  return eventOf(came);
}

/** A link may be silent until the timer has undone it, and come back without a word: then nothing waits to be confirmed. */
async function timeOver(
  hands: Hands,
  session: string,
  profile: ChangeRecord["plan"]["profile"],
): Promise<string | undefined> {
  if (profile.timer === undefined || profile.pending === undefined) return undefined;
  const { is } = await pendingOf(hands, session, profile);
  return is === "none" ? "the device shows no timer any more, so it may have undone it" : undefined;
}

/** No timer runs, and the configuration is the one that was proven. */
async function settled({ hands, own, proof, record, changing }: Work): Promise<StepEvent> {
  const { profile } = record.plan;
  if (profile.arm !== undefined) keepConfirmed(changing, record);
  const session = proof ?? own;
  const pending = await pendingOf(hands, session, profile);
  if (profile.pending !== undefined && pending.is !== "none")
    return {
      is: "failed",
      why: `after the confirmation: a timer ${pending.is === "runs" ? "still runs" : "may still run"} (${visibleLine(pending.row ?? "", 160)})`,
    };
  const config = await configOf(hands, session, profile);
  if ("why" in config) return { is: "lost", why: config.why };
  if (config.state !== record.after)
    return { is: "failed", why: "after the confirmation the configuration is another one than was proven" };
  return { is: "ok" };
}

/** Whoever comes after us need not wait for a timer that is gone; where it cannot be kept they do. */
function keepConfirmed(changing: Changing, record: ChangeRecord): void {
  try {
    changing.states.keep(savedOf(record, "armed"));
  } catch (error) {
    record.notes.push(`that it is confirmed could not be remembered: ${messageOf(error)}`);
  }
}

async function save({ hands, own, proof, record }: Work): Promise<StepEvent> {
  const { plan } = record;
  const { profile } = plan;
  const session = proof ?? own;
  const came = await inOrder(hands, session, profile.save, plan, COMMIT_MS);
  if (came.is !== "done") return eventOf(came);
  if (profile.startup === undefined) return { is: "ok" };
  const config = await configOf(hands, session, profile, profile.startup);
  if ("why" in config) return { is: "lost", why: `what was saved could not be read: ${config.why}` };
  return config.state === record.after
    ? { is: "ok" }
    : { is: "lost", why: "what was saved is not what runs, as the device shows both" };
}

/** Taken back at once, over the session that is still there or a new one. */
async function cancel(work: Work): Promise<StepEvent> {
  const { hands, own, proof, record, context } = work;
  const { plan, until } = record;
  const { cancel_in, pending } = plan.profile;
  if (until !== undefined && context.clock.wallTime() > until - MARGIN_MS)
    return { is: "failed", why: "its own time is nearly over, so it is left to that" };
  const may = cancel_in === "own" ? [own] : [own, proof];
  let session = may.find((one) => one !== undefined && hands.isUp(one));
  if (session === undefined) {
    if (cancel_in === "own") return { is: "failed", why: "the session that can undo it at once is gone" };
    await hands.closeAll();
    session = `${plan.id.toLowerCase()}-undo`;
    try {
      await hands.login(session, anewWord());
    } catch (error) {
      return { is: "lost", why: `no session is left to undo it: ${messageOf(error)}` };
    }
  }
  // What undoes the newest change would undo another one where this one is gone already.
  const runs = pending === undefined ? "runs" : (await pendingOf(hands, session, plan.profile)).is;
  if (runs !== "runs")
    return {
      is: "failed",
      why: runs === "none" ? "no timer runs any more" : "it is not known whether its timer runs",
    };
  // A timer that is shown was armed.
  if (pending !== undefined) record.armingUntil = undefined;
  const came = await inOrder(hands, session, plan.profile.cancel, plan, COMMIT_MS);
  record.shown.push(...firstRows(came));
  return eventOf(came);
}

function eventOf(came: Typed): StepEvent {
  if (came.is === "done") return { is: "ok" };
  return { is: came.is === "lost" ? "lost" : "failed", why: came.why };
}

function pendingShows(profile: ChangeRecord["plan"]["profile"], lines: readonly string[]): boolean {
  return profile.pending !== undefined && pendingIn(profile.pending, lines).is === "runs";
}

function firstRows({ lines }: Typed): string[] {
  return lines
    .filter((line) => line.trim() !== "")
    .slice(0, 3)
    .map((line) => visibleLine(line.trim(), 200));
}

/** What is unknown may still be armed: it stays to be looked at. */
function keepEnd({ record, changing }: Work): void {
  const { end } = record;
  if (end === undefined) return;
  try {
    changing.states.keep({ ...savedOf(record, end === "unknown" ? "armed" : "ended"), end });
  } catch (error) {
    record.notes.push(`its end could not be remembered: ${messageOf(error)}`);
  }
}
