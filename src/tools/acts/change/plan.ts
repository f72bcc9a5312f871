import { randomBytes } from "node:crypto";
import type { HostFacts } from "../../../base/contract/action.ts";
import { SshMcpError } from "../../../base/errors.ts";
import { patternOf } from "../../../base/pattern.ts";
import { visibleLine } from "../../../base/text.ts";
import type { Changing } from "../../../changes/changing.ts";
import { onlyReaches, unfit } from "../../../changes/checks.ts";
import { pathIn, touches } from "../../../changes/path.ts";
import { type Check, type Plan, script, subjectOf, undoing } from "../../../changes/plan.ts";
import { configIn, forbiddenIn, missingIn, stateOf } from "../../../changes/rows.ts";
import { armedOn, type SavedChange } from "../../../changes/states.ts";
import { graceOf, timerFor } from "../../../changes/timer.ts";
import type { ChangeProfile } from "../../../devices/profile-change.ts";
import type { ToolContext } from "../context.ts";
import { platformOf } from "../device-ask.ts";
import { compared } from "./candidate.ts";
import { Hands } from "./hands.ts";
import { configOf, pendingOf } from "./look.ts";

export interface Wanted {
  readonly host: string;
  readonly lines: readonly string[];
  readonly checks: readonly Check[];
  readonly confirmAfterS?: number | undefined;
  readonly comment?: string | undefined;
}

export interface Planned {
  readonly plan: Plan;
  /** What the policy makes of it: `allow`, or that a human will be asked. */
  readonly verdict: string;
  readonly risk: string | undefined;
}

/** Looks at the device, and changes nothing on it. @throws SshMcpError naming what keeps the change from being made safely. */
export async function planChange(context: ToolContext, changing: Changing, wanted: Wanted): Promise<Planned> {
  const { host, checks, comment, confirmAfterS } = wanted;
  const { platform } = await platformOf(context, { host });
  const { device } = (await context.multiplexer.plan({ host })).host;
  const profile = profileFor(changing, host, platform, device);
  const lines = linesIn(wanted.lines, profile);
  for (const { expect, forbid, count } of checks)
    for (const pattern of [expect, forbid, count]) if (pattern !== undefined) patternOf(pattern);
  const timer =
    profile.timer === undefined
      ? noTimer(confirmAfterS, platform)
      : timerFor(profile.timer, confirmAfterS, platform);
  const target = await targetOf(context, host, platform);
  await assertChecksRead(context, target, profile, checks);
  const hands = new Hands(context, host);
  const session = `plan-${randomBytes(3).toString("hex")}`;
  try {
    await hands.login(session);
    await assertReady(hands, session, profile, host);
    assertNoneArmed(context, changing, profile, host);
    const config = await configOf(hands, session, profile);
    if ("why" in config) throw unread(host, config.why);
    const counts: (number | undefined)[] = [];
    for (const check of checks) counts.push(await countOf(hands, session, check, host));
    const unsaved = await isUnsaved(hands, session, profile, config.state);
    const saved = changing.states.begin(host, platform);
    const draft: Plan = {
      id: saved.id,
      host,
      platform,
      lines,
      checks,
      comment,
      profile,
      timer,
      before: config.state,
      rows: config.rows,
      unsaved,
      difference: undefined,
      touches: touches(lines, pathIn(config.rows, wayIn(target.host))),
      counts,
    };
    const plan = { ...draft, difference: await compared(hands, session, draft) };
    const verdict = await judged(context, target, plan);
    return { plan, ...verdict };
  } finally {
    await hands.closeAll();
  }
}

function profileFor(
  changing: Changing,
  host: string,
  platform: string,
  own: Readonly<Record<string, unknown>> | undefined,
): ChangeProfile {
  const profile = changing.profile(platform, own);
  if (profile !== undefined) return profile;
  throw new SshMcpError(
    "unsupported",
    `how a change is undone on ${host} (${visibleLine(platform, 64)}) is not known; nothing was sent. It is for ${changing.platforms().join(", ")}`,
    "ssh_shell types lines of configuration without a net; docs/changes.md explains the section change of a device profile.",
  );
}

/** @throws SshMcpError for lines that are no change's. */
function linesIn(given: readonly string[], profile: ChangeProfile): readonly string[] {
  const lines = given
    .flatMap((line) => line.split(/\r\n|\r|\n/))
    .map((line) => line.replace(/\s+$/, ""))
    .filter((line) => line !== "");
  if (lines.length === 0) throw new SshMcpError("invalid_argument", "lines: there is none; nothing was sent");
  if (profile.max_lines !== undefined && lines.length > profile.max_lines)
    throw new SshMcpError(
      "invalid_argument",
      `lines: ${lines.length} are more than the ${profile.max_lines} that are sure to be undone here; nothing was sent`,
      "Make it several changes, one behind the other.",
    );
  const own = forbiddenIn(profile, lines);
  if (own === undefined) return lines;
  throw new SshMcpError(
    "invalid_argument",
    `lines: "${visibleLine(own, 120)}" is no line of a change: entering, leaving, confirming and saving are done by ssh_change itself, and commands that act at once cannot be undone; nothing was sent`,
    "Leave it out; give the lines of the configuration alone.",
  );
}

function noTimer(wanted: number | undefined, platform: string): undefined {
  if (wanted === undefined) return undefined;
  throw new SshMcpError(
    "invalid_argument",
    `confirm_after_s: ${platform} has no timer that undoes a change; nothing was sent`,
    "Leave confirm_after_s out: the plan says what undoes it there, if anything does.",
  );
}

export interface ChangeTarget {
  readonly host: HostFacts;
}

/** The host as the policy reads it: a platform that was found out counts as one that is named. */
export async function targetOf(
  { multiplexer }: ToolContext,
  host: string,
  platform: string,
): Promise<ChangeTarget> {
  const { facts } = await multiplexer.plan({ host });
  return { host: { ...facts, platform } };
}

export function wayIn({ address }: HostFacts): { readonly user?: string; readonly address?: string } {
  const [, user, at] = /^(.*)@(.*):\d+$/.exec(address) ?? [];
  return {
    ...(user === undefined || user === "" ? {} : { user }),
    ...(at === undefined ? {} : { address: at.replace(/^\[|\]$/g, "") }),
  };
}

/** A check is typed without asking anybody, so it may only read. @throws SshMcpError. */
async function assertChecksRead(
  { access }: ToolContext,
  target: ChangeTarget,
  profile: ChangeProfile,
  checks: readonly Check[],
): Promise<void> {
  for (const check of checks) {
    const why = unfit(profile, check);
    if (why !== undefined)
      throw new SshMcpError(
        "invalid_argument",
        `checks: ${why}; nothing was sent`,
        "A check is one line that reads (show, display, ping), in the mode of the change: leave its mode out.",
      );
    const { command } = check;
    const { risk = "read", is } = await access.check({ verb: "exec", command }, target);
    if ((is === "allow" && risk === "read") || (is !== "deny" && onlyReaches(check))) continue;
    throw new SshMcpError(
      "invalid_argument",
      `checks: "${visibleLine(command, 120)}" ${risk === "read" ? `does not pass the policy by itself (${is})` : `does more than read (${risk})`}; nothing was sent`,
      "A check asks for something: show, display, ping.",
    );
  }
}

/** @throws SshMcpError naming what is missing, or whose timer runs. */
async function assertReady(
  hands: Hands,
  session: string,
  profile: ChangeProfile,
  host: string,
): Promise<void> {
  for (const one of profile.prerequisites ?? []) {
    const came = await hands.ask(session, one);
    if (came.is === "lost") throw unread(host, came.why);
    const missing = missingIn(one, came.lines);
    if (missing !== undefined)
      throw new SshMcpError(
        "unsupported",
        `${host}: ${missing}. Nothing was changed, and nothing was set up`,
        "It is the operator's to decide: tell them what is missing.",
      );
    if (came.is === "refused")
      throw new SshMcpError("not_ready", `${host} refused "${one.ask}" (${came.why}); nothing was changed`);
  }
  const pending = await pendingOf(hands, session, profile);
  if (pending.is === "none" || profile.pending === undefined) return;
  const whose = pending.who === undefined ? "" : ` of ${visibleLine(pending.who, 60)}`;
  const left = pending.left === undefined ? "" : `, ${visibleLine(pending.left, 60)} left`;
  throw pending.is === "runs"
    ? new SshMcpError(
        "busy",
        `${host}: a change${whose} waits for its confirmation already${left} (${visibleLine(pending.row ?? "", 160)}); nothing was changed`,
        "Confirming or committing now would keep that one, too: wait until it is over, or ask whoever made it. ssh_change(list: true) names changes of this installation.",
      )
    : new SshMcpError(
        "not_ready",
        `${host}: whether a change waits for its confirmation cannot be read from "${profile.pending.ask}" (${visibleLine(pending.row ?? "no answer", 160)}); nothing was changed`,
        "ssh_shell shows what the device answers; a version of its own may be the reason (docs/changes.md).",
      );
}

/** Not every device shows a timer: those that this installation armed are known here. @throws SshMcpError `busy`. */
function assertNoneArmed(
  { clock }: ToolContext,
  { states }: Changing,
  profile: ChangeProfile,
  host: string,
): void {
  const other = armedOn(states.all(), { host, graceMs: graceOf(profile) }, clock.wallTime());
  if (other === undefined) return;
  throw new SshMcpError(
    "busy",
    `${mayBeArmed(other)}; nothing was changed`,
    `Confirming or committing now could keep that one, too: ssh_change(change: "${other.id}") shows how it goes; wait until it is over.`,
  );
}

export function mayBeArmed({ id, host }: SavedChange): string {
  return `${id} may still be armed on ${host}`;
}

function unread(host: string, why: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `${host} could not be looked at (${visibleLine(why, 300)}); nothing was changed`,
  );
}

async function countOf(
  hands: Hands,
  session: string,
  check: Check,
  host: string,
): Promise<number | undefined> {
  if (check.count === undefined) return undefined;
  const came = await hands.run(session, check.command, { mode: check.mode });
  if (came.is !== "done") throw unread(host, `${check.command}: ${came.why}`);
  return counted(check.count, came.lines);
}

export function counted(pattern: string, lines: readonly string[]): number {
  const { find } = patternOf(pattern);
  return lines.filter((line) => find(line.slice(0, 2_000)) !== undefined).length;
}

async function isUnsaved(
  hands: Hands,
  session: string,
  profile: ChangeProfile,
  running: string,
): Promise<boolean> {
  if (profile.startup === undefined) return false;
  const came = await hands.ask(session, { ...profile.running, ask: profile.startup });
  return came.is === "done" && stateOf(configIn(profile, came.lines)) !== running;
}

/** What the policy says of all that would be typed. @throws SshMcpError `denied` before anything is. */
async function judged(
  { access }: ToolContext,
  target: ChangeTarget,
  plan: Plan,
): Promise<Pick<Planned, "verdict" | "risk">> {
  const action = { verb: "exec", command: script(plan).join("\n") } as const;
  const verdict = await access.check({ ...action, subject: subjectOf(plan) }, target);
  if (verdict.is === "deny")
    throw new SshMcpError("denied", `${verdict.why}; nothing was changed`, verdict.wouldPass);
  for (const command of undoing(plan)) {
    const back = await access.check({ verb: "exec", command }, target);
    if (back.is === "deny")
      throw new SshMcpError(
        "denied",
        `the policy denies "${visibleLine(command, 120)}" (${back.why}), which would undo this change; nothing was changed`,
        "A change that cannot be undone is not begun: the operator can allow that command.",
      );
  }
  return {
    verdict: verdict.is === "ask" ? `a human will be asked: ${verdict.why}` : "passes without asking anybody",
    risk: verdict.risk,
  };
}
