import { visible, visibleLine } from "../../../base/text.ts";
import type { Claim, Step } from "../../../changes/machine.ts";
import { checkText, digestOf, undoes } from "../../../changes/plan.ts";
import { leftOf, type SavedChange } from "../../../changes/states.ts";
import { knownIn } from "../../../changes/timer.ts";
import type { Result } from "../../../results/result.ts";
import type { ChangeRecord } from "./book.ts";
import type { Planned } from "./plan.ts";

type Mask = (text: string) => string;

/** A plan, with all that somebody has to know before it is carried out. */
export function plannedShown(
  { plan, verdict, risk }: Planned,
  mask: Mask,
  began: number,
  now: number,
): Result {
  const { id, host, platform, lines, checks, timer, profile, difference, touches, unsaved, comment } = plan;
  const rows = [
    ...(comment === undefined ? [] : [`comment: ${visibleLine(comment, 300)}`]),
    ...(difference === undefined
      ? [
          `${platform} shows no difference before a line acts; the lines as they will be typed:`,
          ...shownRows(lines, mask),
        ]
      : ["the device's own difference:", ...shownRows(difference, mask)]),
    "",
    timer === undefined
      ? `undo: nothing can undo this by itself${profile.guard === undefined ? "" : `, but for ${profile.guard.is}`}`
      : `undo: the device ${timer.seconds} s after arming, unless confirmed${timer.rounded ? " (rounded up)" : ""}; ${undoes(profile)}`,
    `proof: a fresh login on new connections${checks.map((check) => `; ${checkText(check)}`).join("")}`,
    `save: ${profile.save === undefined ? "not needed on this platform" : "after the proof"}${unsaved && profile.save !== undefined ? "; the device holds changes that nobody has saved, which the save KEEPS, TOO" : ""}`,
    touches.length === 0
      ? "our way in: no line is known to touch it"
      : `our way in: ${touches.length} of ${lines.length} lines may cut it:`,
    ...touches.map(
      ({ line, under, part, why }) =>
        `  ${part}: ${visibleLine(mask(line), 160)}${under === undefined ? "" : ` (in ${visibleLine(mask(under), 80)})`}: ${why}`,
    ),
    `policy: ${visibleLine(verdict, 400)}`,
  ];
  return page({
    host,
    lines: rows,
    words: [
      `change=${id}`,
      risk === undefined ? undefined : `risk=${risk}`,
      timer && `timer=${timer.seconds}s`,
    ],
    notes: [
      ...profile.unconfirmed.map((one) => `not confirmed on a device: ${one}`),
      `nothing was changed; ssh_change(change: "${id}", go: true) carries it out`,
    ],
    state: "planned",
    facts: { change: id, digest: digestOf(plan) },
    durationMs: now - began,
  });
}

const CLAIMS: Readonly<Record<Claim, string>> = {
  kept: "kept",
  undone: "undone",
  unknown: "UNKNOWN",
  not_begun: "not begun",
  planned_again: "to be planned again",
};

const STEPS: Readonly<Record<Step, string>> = {
  recheck: "looking whether the device is as it was planned for",
  arm: "arming the undo",
  armed: "looking whether it is armed",
  apply: "typing the lines",
  checks: "checking",
  login: "proving it by a fresh login",
  confirm: "confirming",
  settled: "reading it back",
  save: "saving",
  cancel: "undoing it",
  watch: "watching until the device shows how it ended",
  end: "over",
};

/** A change as it is now: on its way, or ended. */
export function recordShown(record: ChangeRecord, mask: Mask, durationMs: number, now: number): Result {
  const { plan, state, end, shown, made, left, notes, until } = record;
  const why = state?.why ?? [];
  const first = left !== undefined && end !== "kept" && end !== "undone" ? left : made;
  const head =
    end === "planned_again"
      ? "what differs from the configuration it was planned for:"
      : end === "unknown"
        ? "the configuration now, against that before the change (ours, from two readings):"
        : "what the change makes of the running configuration (ours, from two readings):";
  const rows = [
    ...(end === undefined ? [] : [sentenceOf(end, record)]),
    ...why.map((one) => `because: ${visibleLine(mask(one), 400)}`),
    ...shown.map((row) => `seen: ${visibleLine(mask(row), 300)}`),
    ...(first === undefined || first.length === 0 || end === "not_begun"
      ? []
      : [head, ...shownRows(first, mask)]),
  ];
  const armed = state !== undefined && state.armed !== "no" && end === undefined;
  return page({
    host: plan.host,
    lines: rows,
    words: [
      `change=${plan.id}`,
      end !== undefined || state === undefined ? undefined : `step=${state.step}`,
      armed && until !== undefined
        ? `undone_in=${Math.max(0, Math.round((until - now) / 1000))}s`
        : undefined,
      end === "kept" ? `saved=${savedWord(record)}` : undefined,
    ],
    notes: [
      ...notes.map(mask),
      ...(end !== undefined || state === undefined
        ? []
        : [`${STEPS[state.step]}; ssh_change(change: "${plan.id}") waits for its end`]),
      ...(end === "planned_again" ? ["give the lines again for a new plan"] : []),
      ...(end === "unknown"
        ? [
            `ssh_change(change: "${plan.id}") looks at the device again; it is not claimed that anything was undone`,
            whenKnown(record, now),
          ]
        : []),
    ],
    state: end === undefined ? (state === undefined ? "planned" : "running") : wordOf(end, record),
    facts: { change: plan.id, end: end ?? null, step: state?.step ?? null, saved: state?.saved ?? null },
    durationMs,
  });
}

function wordOf(end: Claim, { state }: ChangeRecord): string {
  return end === "kept" && state?.proven !== true ? "NOT undone" : CLAIMS[end];
}

function whenKnown({ plan, until, armingUntil }: ChangeRecord, now: number): string {
  const left = knownIn({ until, armingUntil }, plan.profile, now);
  return left === undefined
    ? "the time of what was armed is over: a look that reaches the device shows what stays"
    : `the time of what was armed is over in ${Math.ceil(left / 1000)} s at the latest: a look behind that shows what stays`;
}

function savedWord({ state, plan }: ChangeRecord): string {
  if (plan.profile.save === undefined) return "not_needed";
  return state?.saved === "yes" ? "yes" : state?.saved === "perhaps" ? "unknown" : "NO";
}

function sentenceOf(end: Claim, { state, plan }: ChangeRecord): string {
  switch (end) {
    case "kept":
      if (state?.proven !== true)
        return "NOT undone: the device runs with the change, which was not proven; no timer is left that could undo it";
      return state.saved === "yes" || plan.profile.save === undefined
        ? "kept: it was proven, confirmed and is on the device"
        : "kept: it was proven and the device runs with it, but it is NOT known to be saved";
    case "undone":
      return "undone: the device shows the running configuration it had before, and no timer";
    case "unknown":
      return "UNKNOWN: what the device shows proves neither that it was kept nor that it was undone";
    case "not_begun":
      return "not begun: nothing was changed";
    case "planned_again":
      return "not begun: it has to be planned again";
  }
}

/** All changes: those of this process, and those that an earlier one left. */
export function listShown(
  records: readonly ChangeRecord[],
  saved: readonly SavedChange[],
  now: number,
): Result {
  const own = records.map((record) => {
    const { plan, state, end, until } = record;
    const underWay = state === undefined ? "planned" : `running, ${STEPS[state.step]}`;
    const how = end === undefined ? underWay : wordOf(end, record);
    return `${plan.id} ${plan.host} ${how}${end === undefined && state !== undefined ? leftOf(until, now) : ""}`;
  });
  const known = new Set(records.map(({ plan }) => plan.id));
  const others = saved
    .filter(({ id, stage }) => !known.has(id) && stage !== "planned")
    .map(({ id, host, stage, until, end }) =>
      stage === "ended"
        ? `${id} ${host} ${CLAIMS[end ?? "unknown"]}`
        : `${id} ${host} ARMED by a process that is gone or another one${leftOf(until, now)}: ssh_change(change: "${id}") looks at the device`,
    );
  const rows = [...own, ...others];
  return page({
    host: "changes",
    lines: rows.length === 0 ? ["no changes"] : rows.slice(0, MOST),
    words: [`changes=${rows.length}`],
    notes: rows.length > MOST ? [`only the newest ${MOST} are shown`] : [],
    facts: { changes: rows },
    durationMs: 0,
  });
}

const MOST = 50;

function shownRows(rows: readonly string[], mask: Mask): string[] {
  return mask(rows.join("\n"))
    .split("\n")
    .map((row) => `  ${visible(row)}`);
}

interface Page {
  readonly host: string;
  readonly lines: readonly string[];
  readonly words: readonly (string | undefined)[];
  readonly notes: readonly string[];
  readonly facts: unknown;
  readonly durationMs: number;
  readonly state?: string;
}

export function page(report: Page): Result {
  return { kind: "recipe", report: { name: "change", ...report } };
}
