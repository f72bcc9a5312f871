import type { FramingPort } from "../pty/framing.ts";
import { finished, met, type Script } from "../pty/script.ts";
import { isLastPrompt } from "./judge.ts";
import type { ShellMarks } from "./marks.ts";

/** How long a prompt's own hooks may take before it is looked at who reads the terminal, and how often. */
const LOOK_MS = 1500;
const LOOKS = 8;

/**
 * Waits until the line editor reads: what is typed while the prompt's hooks run may be read by them. A prompt without a mark
 * at which the shell itself reads has lost its hook. @throws SshMcpError `not_ready` when no prompt comes.
 */
export function* promptDue(marks: ShellMarks, port: FramingPort, promptRow: () => string): Script {
  for (let looks = 0; marks.owesPrompt; looks++) {
    if (yield* met(LOOK_MS)) continue;
    if (!marks.owesPrompt) return;
    const kernel = yield* finished(port.kernel());
    if (!marks.owesPrompt) return;
    const reads = kernel.waiting === "keys" || kernel.waiting === "line";
    const stands = isLastPrompt(promptRow(), port.sinks.screen.view());
    if (stands && (kernel.waiting === "unknown" || (reads && kernel.shellInFront))) {
      marks.hookLost();
      return;
    }
    if (looks >= LOOKS) throw port.refusal();
  }
}
