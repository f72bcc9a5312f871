import type { FramingPort } from "../pty/framing.ts";
import { met, type Script } from "../pty/script.ts";
import { CLEARED_AHEAD } from "../record/ledger.ts";
import type { ShellMarks } from "./marks.ts";

/** How long a shell may take to answer the set-up line. */
const SET_UP_MS = 8000;
/** The same for the line that takes a hook back that does not work. */
const SETTLE_MS = 4000;

/** Empties the line of every shell, without a new prompt. */
const KILL_LINE = "\u0015";

export const NOT_JOINED = "the program inside did not run the set-up line; work in it with ssh_send";
export const NO_SHELL =
  "it is a prompt on the caller's word, of what is not known to be a Unix shell (platform: posix in the inventory says that it is one); exit codes are unknown";
/** Said where a line feed had to end our line. */
export const ENTER_IS_TEXT =
  "a program has left the terminal so that Enter ends no line (raw mode, or icrnl off): lines are ended by a line feed here; stty sane sets the terminal right";
export const NOT_SET_UP =
  "the shell did not run the set-up line (csh family or not a POSIX shell; a network device wants platform: auto); exit codes are unknown";

/**
 * Sets up the shell at the cursor: the login shell, or the one that command `inside` opened. True: it did not answer, and
 * the terminal is as it was before.
 */
export function* setUp(marks: ShellMarks, port: FramingPort, inside: number | undefined): Script<boolean> {
  // Keys sent before the prompt would be run together with our line.
  if (port.ledger.mayBeLeft) {
    port.put(KILL_LINE, { as: "setup" });
    port.ledger.notes.push(CLEARED_AHEAD);
    port.ledger.forgetTyped();
  }
  marks.bootstrap(inside ?? 0);
  if (yield* met(SET_UP_MS)) return false;
  const { phase } = marks;
  if (phase === "settling") {
    marks.settleWithoutHook();
    if (marks.phase !== "settling" || (yield* met(SETTLE_MS))) return false;
    // It answers nothing any more: the terminal is the caller's.
    port.muteReplies(false);
    marks.abandonBootstrap(inside);
    return true;
  }
  if (phase !== "identify" && phase !== "hooking") return false;
  port.muteReplies(false);
  const { tidy } = marks.abandonBootstrap(inside);
  // Half set up, the shell sits in our raw read with echo off: Ctrl-C ends it, then the terminal is made usable.
  if (tidy) port.put("\u0003 stty sane\r", { as: "setup" });
  return true;
}
