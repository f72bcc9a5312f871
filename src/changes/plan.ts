import { createHash } from "node:crypto";
import type { ChangeProfile, ChangeStep } from "../devices/profile-change.ts";
import type { Means } from "./machine.ts";
import type { Touch } from "./path.ts";
import type { Timer } from "./timer.ts";

/** One thing that has to hold with the change. */
export interface Check {
  readonly command: string;
  readonly mode?: string | undefined;
  /** RE2: a row has to match. */
  readonly expect?: string | undefined;
  /** RE2: no row may match. */
  readonly forbid?: string | undefined;
  /** RE2: as many rows match as before the change, or more. */
  readonly count?: string | undefined;
}

/** What a change comes to, as it is approved: nothing of it is looked up again when it is carried out. */
export interface Plan {
  readonly id: string;
  readonly host: string;
  readonly platform: string;
  readonly lines: readonly string[];
  readonly checks: readonly Check[];
  readonly comment?: string | undefined;
  readonly profile: ChangeProfile;
  readonly timer: Timer | undefined;
  /** SHA-256 of the running configuration it was planned for, and the configuration itself. */
  readonly before: string;
  readonly rows: readonly string[];
  /** The configuration of the next start differs: a save keeps that difference, too. */
  readonly unsaved: boolean;
  /** The device's own difference of its candidate; undefined: it shows none before. */
  readonly difference: readonly string[] | undefined;
  readonly touches: readonly Touch[];
  /** Rows that matched the pattern of each check with a count, before. */
  readonly counts: readonly (number | undefined)[];
}

/** A step as it is typed. */
export function typed({ send }: Pick<ChangeStep, "send">, { id, timer }: Pick<Plan, "id" | "timer">): string {
  return (send ?? "").replaceAll("{n}", timer?.typed ?? "").replaceAll("{id}", `ssh-mcp-${id}`);
}

export function meansOf({ way, arm, confirm, cancel, save, timer, guard }: ChangeProfile): Means {
  return {
    arms: arm !== undefined,
    atOnce: way === "candidate",
    cancels: cancel !== undefined,
    confirms: confirm !== undefined && (timer !== undefined || guard !== undefined),
    saves: save !== undefined,
  };
}

/** Every line of a change that goes as it should, in the order in which it is typed: what the policy judges. */
export function script(plan: Plan): readonly string[] {
  const { profile, lines } = plan;
  const { way, enter = [], check = [], arm = [], leave = [], confirm = [], save = [] } = profile;
  const text = (steps: readonly ChangeStep[]) =>
    steps.flatMap((step) => (step.send === undefined ? [] : [typed(step, plan)]));
  return way === "candidate"
    ? [...text(enter), ...lines, ...text(check), ...text(arm), ...text(confirm), ...text(save)]
    : [
        ...text(arm),
        ...(profile.lines_mode === "config" ? ["configure terminal"] : []),
        ...lines,
        ...text(leave),
        ...text(confirm),
        ...text(save),
      ];
}

/** What undoes it, which is typed only where something goes wrong. */
export function undoing(plan: Plan): readonly string[] {
  const { cancel = [], discard = [] } = plan.profile;
  return [...cancel, ...discard].flatMap((step) => (step.send === undefined ? [] : [typed(step, plan)]));
}

/**
 * What a person approves, complete, and all that the approval is bound to: the same lines for a device that has changed
 * meanwhile are another text. Secrets are in it as they are typed: the gate takes them out of what a person is shown.
 */
export function subjectOf(plan: Plan): string {
  const { lines, timer, checks, touches, before, profile, difference, platform, unsaved, comment } = plan;
  const parts = [
    ...(comment === undefined ? [] : [`comment: ${comment}`]),
    lines.join("\n"),
    difference === undefined ? "" : `the device's own difference:\n${difference.join("\n")}`,
    timer === undefined
      ? `nothing can undo this by itself on ${platform}${profile.guard === undefined ? "" : `, but for ${profile.guard.is}`}`
      : `undone by the device after ${timer.seconds} s unless it is confirmed (${undoes(profile)})`,
    ...touches.map(({ line, part, why }) => `may cut our way (${part}): ${line}: ${why}`),
    checks.length === 0
      ? "checked by a fresh login alone"
      : `checked by a fresh login and: ${checks.map(checkText).join("; ")}`,
    ...(unsaved && profile.save !== undefined ? ["the save also keeps what others have not saved"] : []),
    `running configuration SHA-256 ${before}`,
    `whole SHA-256 ${digestOf(plan)}`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

export function undoes({ timer }: ChangeProfile): string {
  return timer?.undoes === "reboot"
    ? "it RESTARTS with what was saved, which also drops what others have not saved"
    : "its configuration is put back";
}

export function checkText({ command, mode, expect, forbid, count }: Check): string {
  const wants = [
    ...(mode === undefined ? [] : [`in mode ${mode}`]),
    ...(expect === undefined ? [] : [`with ${expect}`]),
    ...(forbid === undefined ? [] : [`without ${forbid}`]),
    ...(count === undefined ? [] : [`with as many ${count} as before`]),
  ];
  return `${command} ${wants.join(" and ")}`.trim();
}

/** Of everything that decides what is done. */
export function digestOf(plan: Plan): string {
  const { host, platform, lines, checks, timer, before, difference, profile } = plan;
  return createHash("sha256")
    .update(JSON.stringify([host, platform, lines, checks, timer?.typed, before, difference, profile]))
    .digest("hex");
}
