import type { Line, SessionFacts } from "../../base/contract/action.ts";
import { holds, type Permit, type Reason } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { addsEnter } from "../../terminal/entered-text.ts";
import type { FarEnd } from "./framing.ts";
import { commandOf, type PtyState, rowOf } from "./state.ts";

type Facts = Omit<SessionFacts, "name">;

/** What a decision about a terminal rests on; `cursorRow`: the cursor's row, drawn only where a program has the terminal. */
export function factsOf(
  state: PtyState,
  cursorRow: () => string,
  { place, level, evidence, platform }: Pick<FarEnd, "place" | "level" | "evidence" | "platform">,
): Facts {
  const command = commandOf(state)?.id;
  const at = nameOf(state);
  const front = at !== "prompt" && at !== "unsent" && at !== "ended";
  const row = rowOf(state) ?? (front ? cursorRow() : undefined);
  const question = "state" in state && state.state.state === "asking" ? state.state : undefined;
  return {
    state: at,
    ...(at === "prompt" ? { promptBy: evidence } : {}),
    ...(command === undefined ? {} : { command }),
    ...(row === undefined ? {} : { row }),
    ...(question === undefined ? {} : { asked: question.asked, askedBy: question.evidence }),
    ...(question?.submit === undefined ? {} : { submit: question.submit }),
    ...(platform === undefined ? {} : { platform }),
    ...(place === undefined ? {} : { mode: place.mode }),
    ...(place?.host === undefined ? {} : { hostname: place.host }),
    level,
  };
}

/** A line that nobody entered waits for its Enter, which reads like a question; a password being typed is one. */
function nameOf(state: PtyState): PtyState["at"] {
  if (!("over" in state) || state.over.at !== "unsent") return state.at;
  const secret = state.state.state === "asking" && state.state.asked === "password";
  return secret ? state.at : "unsent";
}

/** States in which a program has the terminal; it may go from one to the other while a decision is made. */
const IN_A_PROGRAM: readonly string[] = ["running", "asking", "screen"];

/**
 * What runs may have begun to ask meanwhile; another question than the one that was seen, another command, or none at all is
 * another matter, and so is one that acts on a single key for what holds an Enter. @throws SshMcpError `not_ready` naming both.
 */
export function assertAsDecided(decided: Facts, now: Facts, bytes: Buffer = NOTHING): void {
  const goesOn = decided.state === "running" && IN_A_PROGRAM.includes(now.state);
  const same =
    decided.command === now.command &&
    (decided.state === now.state || goesOn) &&
    (decided.state !== "asking" || now.state !== "asking" || decided.row === now.row);
  if (!same || (decided.state !== now.state && addsEnter(bytes, now))) throw changed(decided, now);
  assertSamePlace(decided, now);
}

/** The same shell, and the same mode of a device: elsewhere the same words mean something else. */
export function assertSamePlace(decided: Facts, now: Facts): void {
  if (decided.mode !== now.mode || decided.level !== now.level) throw changed(decided, now);
}

function changed(decided: Facts, now: Facts): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `the session changed between the decision and the act: it was ${described(decided)} and is ${described(now)}; nothing was sent`,
    "ssh_read screen:true shows what is there now; ssh_send answers it, ssh_shell runs a command at a prompt.",
  );
}

/**
 * Every line that an order enters is permitted, before the first is typed. @throws SshMcpError `not_ready` where only the
 * steps to a mode have changed since it was decided on; `internal`.
 */
export function assertHeld(permit: Permit, lines: readonly Line[]): void {
  const missing = lines.find(({ text }) => !holds(permit, NOTHING, { as: "line", of: text }));
  if (missing === undefined) return;
  if (missing.why === "command") throw noPermit({ as: "line", of: missing.text });
  throw new SshMcpError(
    "not_ready",
    "the session changed its mode between the decision and the act; nothing was sent",
    "Run the command again.",
  );
}

/** A command may be typed where it was decided on. @throws SshMcpError. */
export function assertMayRun(permit: Permit, lines: readonly Line[], now: Facts): void {
  assertHeld(permit, lines);
  if (permit.at) assertSamePlace(permit.at, now);
}

/** The row that is claimed to be a prompt is the one it was decided on. @throws SshMcpError. */
export function assertMayClaim(permit: Permit, lines: readonly Line[], now: Facts): void {
  assertHeld(permit, lines);
  if (permit.at) assertAsDecided(permit.at, now);
}

export function noPermit(reason: Reason): SshMcpError {
  return new SshMcpError(
    "internal",
    `no permit for what was about to be typed (${reason.as}); nothing was sent`,
  );
}

const NOTHING = Buffer.alloc(0);

function described({ state, command, row, mode, level }: Facts): string {
  const place = `${mode === undefined ? "" : ` in mode ${mode}`}${level > 1 ? ` at level ${level}` : ""}`;
  const which = command === undefined ? "" : ` #${command}`;
  return `${state}${which}${place}${row === undefined || row.trim() === "" ? "" : ` (${visibleLine(row, 80)})`}`;
}
