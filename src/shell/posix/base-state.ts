import type { BaseState } from "../pty/state.ts";
import type { Command } from "../record/command-log.ts";
import type { Typed } from "../record/typed.ts";
import type { Phase } from "./phase.ts";

interface Parts {
  readonly phase: Phase["at"];
  readonly unframed: boolean;
  readonly typed: Typed | undefined;
  /** The newest command that has not ended. */
  readonly open: Command | undefined;
  /** The command in front, at the innermost level. */
  readonly running: Command | undefined;
  readonly ready: boolean;
}

/** What is under way at a shell. */
export function baseOf({ phase, unframed, typed, open, running, ready }: Parts): BaseState {
  if (unframed) {
    if (typed && !typed.enter) return { at: "unsent" };
    return open ? { at: "running", command: open } : { at: "prompt" };
  }
  switch (phase) {
    case "identify":
    case "hooking":
    case "settling":
      return ready ? { at: "joining", command: open } : { at: "preparing" };
    case "hold":
      return running && !running.begun
        ? { at: "typing", command: running }
        : { at: "running", command: running };
    case "run":
    case "ping":
      return { at: "running", command: running };
    case "prompt":
    case "post":
      if (typed?.enter) return { at: "running", command: typed.command };
      return typed?.command ? { at: "unsent" } : { at: "prompt" };
    default:
      return { at: "starting" };
  }
}
