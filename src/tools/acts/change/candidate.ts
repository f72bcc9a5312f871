import { SshMcpError } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import { type Plan, typed } from "../../../changes/plan.ts";
import type { ChangeStep } from "../../../devices/profile-change.ts";
import type { Hands, Typed } from "./hands.ts";

const LINE_MS = 2_000;
const COMPARE_MS = 60_000;

/** Steps one behind the other, until one is not done. Left out: done, with nothing to show. */
export async function inOrder(
  hands: Hands,
  session: string,
  steps: readonly ChangeStep[] | undefined,
  plan: Pick<Plan, "id" | "timer">,
  timeoutMs?: number,
): Promise<Typed> {
  const lines: string[] = [];
  for (const step of steps ?? []) {
    const came = await hands.step(session, step, typed(step, plan), timeoutMs);
    lines.push(...came.lines);
    if (came.is !== "done") return { ...came, lines };
  }
  return { is: "done", lines };
}

/** `mostMs`: what is not typed by then is not typed any more, once the session is closed. */
export function typeLines(
  hands: Hands,
  session: string,
  plan: Plan,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<Typed> {
  const { lines, profile } = plan;
  return hands.run(session, lines.join("\n"), {
    mode: profile.lines_mode,
    timeoutMs: Math.max(LINE_MS, Math.min(30_000 + lines.length * LINE_MS, mostMs)),
  });
}

/** Enters the candidate, types the lines, and shows the device's own difference; they are in the candidate then. */
export async function loaded(hands: Hands, session: string, plan: Plan): Promise<Typed> {
  const { profile } = plan;
  const entered = await inOrder(hands, session, profile.enter, plan);
  if (entered.is !== "done") return entered;
  const lines = await typeLines(hands, session, plan);
  if (lines.is !== "done") return lines;
  if (profile.compare === undefined) return { is: "done", lines: [] };
  const shown = await hands.ask(session, profile.compare, COMPARE_MS);
  return shown.is === "done" ? { is: "done", lines: shown.lines.map((line) => line.trimEnd()) } : shown;
}

/** The difference as the device has it, of a candidate that is dropped again. @throws SshMcpError where it takes a line for wrong. */
export async function compared(
  hands: Hands,
  session: string,
  plan: Plan,
): Promise<readonly string[] | undefined> {
  if (plan.profile.way !== "candidate") return undefined;
  const came = await loaded(hands, session, plan);
  const checked =
    came.is === "done" ? await inOrder(hands, session, plan.profile.check, plan, COMPARE_MS) : came;
  const dropped = await inOrder(hands, session, plan.profile.discard, plan);
  const left =
    dropped.is === "done" ? "it was dropped" : `it could NOT be dropped: ${visibleLine(dropped.why, 160)}`;
  if (checked.is !== "done")
    throw new SshMcpError(
      "invalid_argument",
      `the device does not accept the candidate: ${checked.why}; nothing was committed, ${left}`,
      "Correct the line and plan again.",
    );
  if (dropped.is !== "done")
    throw new SshMcpError("not_ready", `the candidate was read, but ${left}`, "Drop it by hand (ssh_shell).");
  return came.lines;
}
