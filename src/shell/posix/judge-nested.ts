import type { ScreenView } from "../../terminal/types.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { LearnedPrompt } from "../evidence/learned-prompt.ts";
import { promptNames } from "../evidence/login-prompt.ts";
import { askedByText, looksLikePosixPrompt } from "../evidence/rows.ts";
import { leadsElsewhere, spawnsShell } from "../evidence/shells.ts";
import type { Command } from "../record/command-log.ts";
import { isPrompt, provenByRow, readsFilesWhole } from "./judge-login.ts";
import type { ShellMemory, ShellScene } from "./scene.ts";

/** A prompt that is a directory and a sign, as BusyBox has it in containers. */
const BARE = /^(?:[~/]\S* )?[$#]$/;

/**
 * Has the command left the user in a shell that waits at its prompt? The kernel says who reads; only where that is out of its
 * sight (another host, a container, a shell of root's) the command's words count, as a hint beside the row.
 */
export function joins(
  memory: ShellMemory,
  scene: ShellScene,
  command: Command,
  view: ScreenView,
  kernel: KernelEvidence,
): boolean {
  if (memory.notJoined.includes(command.id) || command.interrupted || kernel.waiting === "secret")
    return false;
  const row = view.cursorText;
  if (!isPrompt(view) || askedByText(row) !== undefined) return false;
  const { front } = kernel;
  if (front === undefined && kernel.waiting !== "unknown") return byWords(command, view, kernel);
  const names = [...scene.names, "root", ...promptNames(command.text.split(/[\s@=:,/'"]+/))];
  const proven = provenByRow({ ...scene, names }, view);
  if (kernel.waiting === "unknown") {
    // Out of sight may be anything, a router too: only what is plainly a Unix shell's prompt is joined.
    if (front?.shell !== true && leadsElsewhere(command.text) && !looksLikePosixPrompt(row)) return false;
    if (front?.relay === true && !looksLikePosixPrompt(row)) return false;
    const hint = spawnsShell(command.text) && (proven || BARE.test(row.trimEnd()));
    if (front === undefined) return hint;
    return !front.multiplexer && (hint || (proven && (front.shell || front.relay)));
  }
  if (front === undefined || kernel.waiting === "no" || kernel.shellInFront) return false;
  if (!front.shell || front.readsFile === true) return false;
  // Another user's: whether it runs a start-up file is hidden.
  if (front.readsFile === undefined) return proven || (spawnsShell(command.text) && BARE.test(row.trimEnd()));
  return !readsFilesWhole(front) || proven || new LearnedPrompt(scene.promptRow, undefined).matches(row);
}

function byWords(command: Command, view: ScreenView, kernel: KernelEvidence): boolean {
  if (kernel.waiting === "no" && !view.modes.bracketedPaste) return false;
  // Behind ssh or a container may be anything, a router too: only what is plainly a Unix shell's prompt is joined.
  if (leadsElsewhere(command.text) && !looksLikePosixPrompt(view.cursorText)) return false;
  return spawnsShell(command.text);
}
