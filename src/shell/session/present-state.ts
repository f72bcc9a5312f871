import { visibleLine } from "../../base/text.ts";
import type { Pty } from "../pty/pty.ts";
import type { Command, CommandLog } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";
import type { Settled } from "../record/waits.ts";
import type { SessionState } from "./types.ts";

const NEVER_OPENED: State = { state: "closed", evidence: "disconnect", detail: "never opened" };

/** What holds now without waiting for anything, and the command it is about; undefined while something runs. */
export function presentState(
  pty: Pty | undefined,
  { last, running }: CommandLog,
): { readonly state: State; readonly command: Command | undefined } | undefined {
  if (!pty || pty.end) return { state: pty?.closedState() ?? NEVER_OPENED, command: last };
  if (pty.standing) return { state: pty.standing, command: running };
  if (running || !pty.ready) return undefined;
  if (last?.holdsShell && last.endedAt === undefined) {
    const row = visibleLine(pty.sinks.screen.cursorRowText(), 200);
    return { state: { state: "asking", asked: "shell", evidence: "sentinel", row }, command: last };
  }
  const { evidence } = pty.far;
  if (last?.state === "done" || last?.state === "stopped")
    return { state: { state: last.state, evidence }, command: last };
  // A command whose end nobody saw is not what "done" is about.
  return { state: { state: "ready", evidence }, command: undefined };
}

/** The session's state in one word. */
export function sessionState(pty: Pty | undefined, { running }: CommandLog): SessionState {
  if (!pty) return "starting";
  if (pty.end) return "closed";
  if (pty.state.at === "asking" || pty.state.at === "screen") return pty.state.at;
  if (running) return "busy";
  if (!pty.ready) return "starting";
  return pty.far.unframed ? "unframed" : "ready";
}

/** A wait in which nothing ran did not leave anything running. */
export function atPrompt(state: State, idle: State): State {
  if (state.state !== "running" || idle.state === "running" || state.evidence === "held") return state;
  if (state.evidence === "output") return idle;
  const { evidence, match } = state;
  return { state: "ready", evidence, ...(match === undefined ? {} : { match }) };
}

/** A read that wanted whatever is new got it. */
export const NEWS: State = { state: "running", evidence: "output" };

const DRAWING: State = { state: "screen", evidence: "alternate_screen" };

/** Where a wait ended with nothing new: what has the terminal then. A program that never stops drawing is a screen all the same. */
export function asItStands(settled: Settled, { standing, end, sinks }: Pty): Settled {
  const { state } = settled;
  if (state.state !== "running" || state.evidence === "matched" || end) return settled;
  if (standing) return { ...settled, state: standing };
  return sinks.screen.view().alternate ? { ...settled, state: DRAWING } : settled;
}
