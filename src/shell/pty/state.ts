import type { ChannelEnd } from "../../ssh/contract.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { Command } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";

/** What is under way in a terminal, as its framing sees it. */
export type BaseState =
  /** Connected; no prompt was reached yet, a login may ask something. */
  | { readonly at: "starting" }
  /** The session's own set-up is being typed. */
  | { readonly at: "preparing" }
  | { readonly at: "prompt" }
  /** Text of the caller was typed at the prompt and not entered. */
  | { readonly at: "unsent" }
  /** The line is being emptied for a command, or what is on it is being looked at. */
  | { readonly at: "clearing"; readonly text: string }
  /** A command's line was typed, and nothing shows yet that it is taken. */
  | { readonly at: "typing"; readonly command: Command }
  | { readonly at: "running"; readonly command: Command | undefined }
  /** The shell that a command opened is being set up. */
  | { readonly at: "joining"; readonly command: Command | undefined };

/** The one state of a terminal. `asking` and `screen` hold until something happens, then `over` holds again. */
export type PtyState =
  | BaseState
  | { readonly at: "asking" | "screen"; readonly state: State; readonly over: BaseState }
  | { readonly at: "ended"; readonly end: ChannelEnd };

export type Asking = Extract<State, { state: "asking" }>;

/** The command in front, where the state names one. */
export function commandOf(state: PtyState): Command | undefined {
  if ("over" in state) return commandOf(state.over);
  return "command" in state ? state.command : undefined;
}

/** The row that asks. */
export function rowOf(state: PtyState): string | undefined {
  return state.at === "asking" && state.state.state === "asking" ? state.state.row : undefined;
}

/** What has the terminal acts on single keys: there is no line, and no Enter. */
export function actsOnKeys(state: PtyState): boolean {
  if (state.at === "screen") return true;
  return state.at === "asking" && state.state.state === "asking" && state.state.submit === "key";
}

/** Is it the same state still? Only what a decision may rest on counts: name, command, row. */
export function sameState(a: PtyState, b: PtyState): boolean {
  return a.at === b.at && commandOf(a) === commandOf(b) && rowOf(a) === rowOf(b);
}

/** Do two states say the same of what asks? */
export function sameStanding(a: State, b: State): boolean {
  if (a.state === "asking" && b.state === "asking") return a.asked === b.asked && a.row === b.row;
  return a.state === b.state && a.evidence === b.evidence;
}

/** A full-screen program or a line editor has the terminal. */
export function takesKeys({ alternate, modes }: ScreenView): boolean {
  return alternate || modes.applicationCursorKeys || modes.bracketedPaste;
}

/** Text at a prompt that nobody has entered, whether or not that reads like a question. */
export function isUnsent(state: PtyState | undefined): boolean {
  return state?.at === "unsent" || (state !== undefined && "over" in state && state.over.at === "unsent");
}
