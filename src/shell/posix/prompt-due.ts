import { SshMcpError } from "../../base/errors.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { askedByText } from "../evidence/rows.ts";
import { drawnView } from "../pty/drawn-view.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, met, type Script } from "../pty/script.ts";
import type { Level } from "../record/shell-level.ts";
import { isLastPrompt } from "./judge.ts";
import type { ShellMarks } from "./marks.ts";

/** How long a prompt's own hooks may take before it is looked at who reads the terminal, and how often. */
const LOOK_MS = 1500;
const LOOKS = 8;

const NO_MARK =
  "the shell's last prompt came without our mark (its hook was removed, or the shell cannot start a process for it): until one comes again, a command is typed without waiting for it";

const HELD = () =>
  new SshMcpError(
    "not_ready",
    "the terminal's output is stopped (Ctrl-S), and no prompt is seen. Your command was not run",
    "ssh_send keys <C-q> lets the output go on.",
  );

export interface PromptDue {
  readonly marks: ShellMarks;
  readonly port: FramingPort;
  /** The row of the last prompt. */
  readonly promptRow: string;
  /** The caller has said that what is at the cursor is a prompt. */
  readonly said: boolean;
  /** Tells a sentence, the first time. */
  tell(sentence: string): void;
}

/**
 * Waits until the line editor reads: what is typed while the prompt's hooks run may be read by them. A prompt without a mark
 * at which the shell itself reads has lost its hook. @throws SshMcpError `not_ready` when no prompt comes.
 */
export function* promptDue({ marks, port, promptRow, said, tell }: PromptDue): Script {
  for (let looks = 0; marks.owesPrompt; looks++) {
    if (yield* met(LOOK_MS)) continue;
    if (!marks.owesPrompt) return;
    const kernel = yield* finished(port.kernel());
    if (!marks.owesPrompt) return;
    if (kernel.waiting === "held") throw HELD();
    const view = drawnView(port.sinks.screen);
    const stands = said || (view !== undefined && isLastPrompt(promptRow, view));
    if ((stands && readsOrUnknown(kernel)) || readsCommands(kernel, marks.level, view?.cursorText)) {
      marks.hookLost();
      tell(NO_MARK);
      return;
    }
    if (looks >= LOOKS) throw port.refusal();
  }
}

/** What is left of the cursor, once what waits is drawn; undefined: nothing. */
export function rowHere({ sinks }: FramingPort): string | undefined {
  sinks.screen.flush();
  const row = sinks.screen.cursorRowText();
  return row.trim() === "" ? undefined : row;
}

function readsOrUnknown(kernel: KernelEvidence): boolean {
  return kernel.waiting === "unknown" || reads(kernel);
}

/** Our shell, still the program it was, alone in front, reads. */
function reads(kernel: KernelEvidence): boolean {
  return (kernel.waiting === "keys" || kernel.waiting === "line") && kernel.shellInFront;
}

/** Where a prompt ends; one that is empty shows nothing. */
const PROMPT_END = /(?:^|[$#%>]) ?$/;

/**
 * What our shell reads is a command, however its prompt looks. Not to be told in bash, zsh and fish, whose hooks run in the
 * shell itself and may read. In the others they are part of the prompt and run in processes of their own; of these, ksh
 * starts none for what is built in, so that there its line editor has to be on, behind a row that ends as prompts do or is empty.
 */
function readsCommands(kernel: KernelEvidence, level: Level | undefined, row?: string): boolean {
  if (!reads(kernel)) return false;
  if (level?.family === "sh") return true;
  return (
    level?.family === "ksh" &&
    kernel.waiting === "keys" &&
    row !== undefined &&
    PROMPT_END.test(row) &&
    askedByText(row) === undefined
  );
}
