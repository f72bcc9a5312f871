import { SshMcpError } from "../../base/errors.ts";
import { keyName } from "../../terminal/keys.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";
import type { Level } from "../record/shell-level.ts";

/** Commands behind which it is looked at what the terminal's own keys are. */
export const CHANGES_KEYS = /\b(?:stty|t?reset|tset)\b/;

/** Why Ctrl-C interrupts nothing on this terminal, and what does; undefined: it does, or a program takes it as a key. */
export function deafToCtrlC({ keys }: KernelEvidence): string | undefined {
  if (keys === undefined || !keys.lines || keys.interrupt === "\u0003") return undefined;
  if (keys.interrupt === undefined)
    return "Ctrl-C interrupts nothing on this terminal: it has no interrupt key (stty -isig, or intr undef). `kill` in another session ends what runs";
  return `Ctrl-C interrupts nothing on this terminal: its interrupt key is ${keyName(keys.interrupt)} (stty intr), ssh_send keys sends it`;
}

/** @throws SshMcpError `not_ready` where the terminal takes letters of a typed line for keys of its own. */
function assertArrives({ keys }: KernelEvidence, tty: string | undefined): void {
  const [letter] = keys?.letters ?? [];
  if (letter === undefined) return;
  throw new SshMcpError(
    "not_ready",
    `the terminal takes ${JSON.stringify(letter.char)} for its ${letter.does} key (stty): what is typed does not arrive whole. Your command was not run`,
    `In another session on this host: stty sane -F ${tty ?? "TTY"}; then try again.`,
  );
}

/** Looks whether what is typed at this prompt arrives as it is. @throws SshMcpError `not_ready` where it does not. */
export function* lettersArrive(port: FramingPort, level: Level | undefined): Script {
  // These two act on keys of their own.
  if (level?.family === "zsh" || level?.family === "fish") return;
  assertArrives(yield* finished(port.kernel()), level?.tty);
}
