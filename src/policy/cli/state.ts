import { type Risk, worstOf } from "../risk.ts";
import type { Body, Grammar } from "./grammar.ts";
import type { Action } from "./pattern.ts";

/** What was changed in a candidate configuration since it was opened. */
export interface Pending {
  /** Anybody's commit makes it real. */
  readonly shared: boolean;
  readonly risk: Risk;
  /** What asks for a human at the commit, the first ones. */
  readonly lines: readonly string[];
}

/** Where a session of a device is: what lasts from one text to the next. */
export interface CliState {
  readonly mode: string;
  /** The parts of the mode it is in, outermost first: `interface Vlan10`; a menu, an edit path. Undefined: not known. */
  readonly path?: readonly string[];
  /** A nested shell, tclsh, an editor … that reads now. */
  readonly opaque?: string;
  /** Undefined in a mode with a candidate: what it holds is not known. */
  readonly pending?: Pending;
  /** The mode it may still be in: there may have been more parts to leave than were seen. */
  readonly perhaps?: string;
  /** Rows of a text come, up to one with this in it. */
  readonly until?: string;
}

/** Lines that are named at a commit. */
const MAX_LINES = 20;
const NOTHING = { risk: "read", lines: [] } as const;

/** The state at a prompt of this mode of the profile; by default the privileged exec prompt. */
export function stateAt(grammar: Grammar, mode?: string): CliState {
  const here = mode === undefined ? grammar.start : (grammar.prompts.get(mode) ?? mode);
  if (here.startsWith("!")) return { mode: grammar.start, opaque: here.slice(1) };
  // A prompt that is called otherwise here is somewhere in the mode.
  if (here === grammar.start)
    return mode === undefined || mode === here || mode === "enable"
      ? { mode: here, path: [] }
      : { mode: here };
  if (grammar.modes.has(here)) return { mode: here };
  if (here === "enable" || here === "exec" || here === "safe") return { mode: grammar.start, path: [] };
  return { mode: grammar.start, opaque: here === "shell" ? "a shell" : `the mode ${here}` };
}

/** `line`: the words as they were typed, for the path. */
export function after(state: CliState, action: Action | undefined, line: string, grammar: Grammar): CliState {
  if (action === undefined) return state;
  const { path } = state;
  switch (action.is) {
    case "mode":
      return entered(grammar, action);
    case "enter":
      return { ...state, path: [line] };
    case "nest":
      return { ...state, path: [...(path ?? []), line].slice(-MAX_LINES) };
    case "top":
      return { ...state, path: [] };
    case "up":
      if (path === undefined) return state;
      return path.length > 0 ? { ...state, path: path.slice(0, -1) } : out(state, grammar);
    case "unwind": {
      const at = (path ?? []).findLastIndex((part) => part.toLowerCase().startsWith(action.words[0] ?? ""));
      return path === undefined ? state : { ...state, path: path.slice(0, Math.max(0, at)) };
    }
    case "leave":
      return { mode: grammar.start, path: [] };
    case "opaque":
      return { ...state, opaque: action.words.join(" ") };
    case "commit":
    case "confirm":
    case "discard":
      if (action.words.includes("leave")) return { mode: grammar.start, path: [] };
      return { ...state, pending: { shared: state.pending?.shared ?? true, ...NOTHING } };
    case "delete":
    case "shell":
      return state;
  }
}

function entered(grammar: Grammar, { words }: Action): CliState {
  const [name = grammar.start, ...more] = words;
  const candidate = grammar.modes.get(name)?.candidate;
  if (candidate === undefined) return { mode: name, path: [] };
  return {
    mode: name,
    path: [],
    pending: { shared: candidate === "shared" && !more.includes("private"), ...NOTHING },
  };
}

function out(state: CliState, grammar: Grammar): CliState {
  const parent = grammar.modes.get(state.mode)?.parent;
  if (parent === undefined) return state;
  return { mode: parent, path: [], perhaps: state.mode };
}

/** A change that a commit will make real. */
export function pend(state: CliState, risk: Risk, line: string): CliState {
  const { pending } = state;
  if (pending === undefined) return state;
  const lines =
    risk === "read" || risk === "write" ? pending.lines : [...pending.lines, line].slice(0, MAX_LINES);
  return { ...state, pending: { ...pending, lines, risk: worstOf([pending.risk, risk]) } };
}

/** The row that ends the text which a command asks for; undefined: none does, or it has ended in the line itself. */
export function textBehind(
  bodies: readonly Body[],
  words: readonly string[],
  fits: (body: Body) => boolean,
): string | undefined {
  const body = bodies.find(fits);
  if (body === undefined) return undefined;
  if (body.until !== undefined) return body.until;
  const text = words.slice(body.parts.length).join(" ");
  const sign = text.startsWith("^") ? text.slice(0, 2) : text.slice(0, 1);
  return sign === "" || text.indexOf(sign, sign.length) > 0 ? undefined : sign;
}
