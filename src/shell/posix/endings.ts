import type { Mark } from "../../terminal/scanner.ts";
import type { Level } from "../record/shell-level.ts";
import { directoryOf } from "./directory.ts";
import type { MarksState } from "./marks-state.ts";
import { behind, exitCode } from "./phase.ts";

const NO_EVAL =
  "the shell did not carry out the line's eval (a function of yours named builtin or eval, a DEBUG trap that skips commands, a key of the line editor that changes the line, or `set -n`)";
const CUT = "it did not arrive whole";
const GONE =
  "the function __m, which frames commands here, was removed while it ran: it has ended, its status is not known, and the shell is set up again";

/** An end mark or a prompt mark: a command is over, or a prompt stands. */
export function onEnd(state: MarksState, mark: Mark): void {
  const top = state.level;
  if (top === undefined || mark.level > top.number) return;
  const [idText, statusText, ...rest] = mark.fields.split(";");
  const id = Number(idText);
  const exit = exitCode(statusText);
  const cwd = directoryOf(rest.join(";"));
  if (/^\d+$/.test(statusText ?? "")) top.status = Number(statusText);
  if (mark.level < top.number) {
    leaveTo(state, mark, id, exit, cwd);
    return;
  }
  const phase = state.phase;
  // A prompt hook taken for lost was only slow: this is the prompt behind our question.
  const late = mark.kind === "P" && !top.hooked && phase.at !== "settling";
  top.hooked ||= late;
  switch (phase.at) {
    case "identify":
    case "hooking":
      if (id === phase.inside && phase.missed.length < 2)
        state.phase = { ...phase, missed: [...phase.missed, mark] };
      return;
    case "settling":
      if (mark.kind !== "P" && top.hooked) return;
      settled(state, top, state.prompting ? state.held.take() : undefined);
      state.port.event({ type: "prompt", exit, cwd });
      return;
    case "hold":
      // The prompt hook of the command before may come late; one with our own id means the line was cut short.
      if (late) return;
      if (id === phase.id || (mark.kind === "P" && phase.owed === 0) || (mark.kind === "D" && phase.pinged))
        end(state, phase.id, exit, cwd, "dropped", mark);
      else if (mark.kind === "P") state.phase = { ...phase, owed: phase.owed - 1 };
      return;
    case "ping":
    case "run":
      if (id !== phase.id) return;
      state.dropEcho();
      end(state, id, exit, cwd, mark.kind === "D" ? "mark" : "prompt", mark);
      return;
    case "post":
    case "prompt": {
      if (late || (mark.kind !== "P" && !phase.pinged)) return;
      // Only the ping was answered: the prompt hook is gone (or never worked).
      if (phase.pinged && mark.kind === "D") top.hooked = false;
      // At the prompt already, this one is for what was typed there.
      const fewer = mark.kind === "P" && phase.at === "prompt" ? 1 : 0;
      state.dropEcho();
      state.phase = { at: "prompt", owed: Math.max(0, phase.owed - fewer), pinged: false };
      state.port.event({ type: "prompt", exit, cwd });
      return;
    }
  }
}

function end(
  state: MarksState,
  id: number,
  exit: number | undefined,
  cwd: string | undefined,
  how: "mark" | "prompt" | "dropped",
  mark: Mark,
): void {
  state.endTrace(how === "mark");
  if (how === "dropped") state.releaseHeld();
  const phase = state.phase;
  // The interrupt that had the line dropped has brought this very prompt.
  const ahead = "ahead" in phase ? phase.ahead - (how === "dropped" ? 1 : 0) : 0;
  // What the command printed last is drawn while it still counts as running: no query in it is answered.
  state.port.tidy();
  state.phase = behind(mark, ahead);
  const { jobs } = state;
  state.port.event({ type: "ended", id, exit, cwd, how, ...(jobs ? { jobs } : {}) });
}

/** A mark of a lower level: every shell above it is gone, and so is the command that held them. */
function leaveTo(
  state: MarksState,
  mark: Mark,
  id: number,
  exit: number | undefined,
  cwd: string | undefined,
): void {
  const target = state.levels[mark.level - 1];
  const above = state.levels[mark.level];
  if (target === undefined || above === undefined || id !== above.openedBy) return;
  const inner = [
    state.running,
    ...state.levels
      .slice(mark.level + 1)
      .map((level) => level.openedBy)
      .reverse(),
  ];
  state.endTrace(false);
  state.releaseHeld();
  state.levels.length = mark.level;
  const phase = state.phase;
  state.port.tidy();
  state.phase = behind(mark, "ahead" in phase ? phase.ahead : 0);
  for (const command of inner)
    if (command !== undefined) state.port.event({ type: "ended", id: command, exit, cwd, how: "left_shell" });
  state.port.event({ type: "ended", id, exit, cwd, how: mark.kind === "D" ? "mark" : "prompt", left: above });
}

/** `prompt`: held bytes that are the prompt itself; otherwise it follows the mark that settled this. */
export function settled(state: MarksState, level: Level, prompt?: Buffer): void {
  state.dropEcho();
  state.phase = { at: "prompt", owed: 0, pinged: false };
  state.port.event({ type: "ready", level });
  if (state.prompting) state.port.event({ type: "prompting" });
  if (prompt && prompt.length > 0) state.port.show(prompt);
}

/** The line is over, and the end mark within the eval was not reached. */
export function onNoEnd(state: MarksState, mark: Mark): void {
  const [idText = "", exit = "", begun, ...cwd] = mark.fields.split(";");
  const phase = state.phase;
  const level = state.level;
  const mine = state.isCurrent(mark) && "id" in phase && Number(idText) === phase.id;
  if (!level || !mine) return;
  const end = { ...mark, kind: "D", fields: [idText, exit, ...cwd].join(";") };
  if (phase.at !== "hold" || begun === "1") {
    onEnd(state, end);
    return;
  }
  // A minus: its eval does nothing.
  if (phase.read && exit !== "0" && begun !== "-") {
    // The shell could not read it, said so, and nothing of it was run: its message is the output.
    state.begin(phase.id, phase.text);
    state.releaseHeld();
    onEnd(state, end);
    return;
  }
  if (!phase.long) level.bare = !level.bare;
  state.dropEcho();
  state.phase = behind(end, phase.ahead);
  state.port.tidy();
  state.port.event({ type: "not run", id: phase.id, why: phase.long ? CUT : NO_EVAL });
}

/** The function that frames commands is no longer there: the shell is set up again. */
export function onGone(state: MarksState, mark: Mark): void {
  const phase = state.phase;
  if (!state.isCurrent(mark) || !("id" in phase) || Number(mark.fields) !== phase.id) return;
  state.endTrace(false);
  state.releaseHeld();
  const gone = state.levels.pop();
  state.phase = { at: "unframed", late: undefined };
  state.port.tidy();
  state.port.event({ type: "lost", id: phase.id, why: GONE, inside: gone?.openedBy ?? 0 });
}
