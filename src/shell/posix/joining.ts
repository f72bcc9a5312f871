import { randomBytes } from "node:crypto";
import type { Mark } from "../../terminal/scanner.ts";
import { onEnd, settled } from "./endings.ts";
import {
  bootstrapLine,
  familyOf,
  HOOK_BYTES,
  hasPromptVariable,
  hookCode,
  isFish,
  UNHOOK_LINE,
} from "./hooks.ts";
import type { MarksState } from "./marks-state.ts";
import { levelOf } from "./phase.ts";

/** Set-up of ours, permitted with the session or the command that opened the shell. */
const SETUP = { as: "setup" } as const;

/** Types the set-up line at a prompt; `inside`: the command that opened the shell to be joined, 0 for the login shell. */
export function bootstrap(state: MarksState, inside = 0): void {
  const number = state.levels.length + 1;
  const label = `${state.nonce}L${number}`;
  state.phase = { at: "identify", label, inside, missed: [] };
  state.type(bootstrapLine(label), SETUP);
}

/** The bootstrap was not answered: shows what came instead and steps back. `tidy`: the shell may sit in our raw read. */
export function abandonBootstrap(state: MarksState, running: number | undefined): { readonly tidy: boolean } {
  const phase = state.phase;
  const late = phase.at === "identify" ? phase.label : undefined;
  state.releaseHeld();
  if (phase.at === "settling") state.levels.pop();
  state.phase = running === undefined ? { at: "unframed", late } : { at: "run", id: running, ahead: 0 };
  if ("missed" in phase) for (const mark of phase.missed) onEnd(state, mark);
  return { tidy: phase.at === "hooking" };
}

/** After R without P: prompts carry no mark here; interrupted commands are found out by ping. */
export function settleWithoutHook(state: MarksState): void {
  const level = state.level;
  if (state.phase.at !== "settling" || level === undefined || !level.hooked) return;
  level.hooked = false;
  // The prompt that shows our hook literally is put back; the end mark of that line then says ready.
  if (hasPromptVariable(level.family)) state.type(UNHOOK_LINE, SETUP);
  else settled(state, level, state.held.take());
}

/** The set-up line runs: the shell has said what it is, and gets the hooks for that. */
export function onIdentity(state: MarksState, mark: Mark): void {
  const phase = state.phase;
  // An answer after we gave up still counts: the shell sits there with echo off, waiting for the hook code.
  const label = phase.at === "identify" ? phase.label : phase.at === "unframed" ? phase.late : undefined;
  if (label === undefined || mark.level !== state.levels.length + 1) return;
  const { inside, missed } = phase.at === "identify" ? phase : { inside: 0, missed: [] };
  // fish complains of the part of the line that is for other shells.
  if (isFish(mark.fields)) state.port.applyModes(state.held.take());
  else state.dropEcho();
  if (missed.length > 0) {
    // The program to join had ended: it is the shell around it that reads our line. It has its hooks already.
    state.port.put("\n".repeat(HOOK_BYTES), SETUP);
    state.phase = { at: "run", id: inside, ahead: 0 };
    for (const one of missed) onEnd(state, one);
    // The set-up line itself ends with one more prompt.
    state.expectPrompts(1);
    return;
  }
  const key = randomBytes(4).toString("hex");
  state.phase = { at: "hooking", identity: mark.fields, key, inside, missed };
  const code = hookCode(familyOf(mark.fields), label, key, mark.level > 1);
  // Without stty the terminal shows it.
  state.held.lines(Buffer.from(code));
  state.port.put(code, SETUP);
}

/** The hooks are in place; its first prompt shows whether they work. */
export function onReady(state: MarksState, mark: Mark): void {
  const phase = state.phase;
  if (phase.at !== "hooking" || mark.level !== state.levels.length + 1) return;
  const { identity, inside, key } = phase;
  state.levels.push(levelOf(mark, { identity, inside, key }));
  // fish complains of the rest of it, too.
  if (isFish(identity)) state.port.applyModes(state.held.take());
  else state.dropEcho();
  state.phase = { at: "settling" };
}
