import { SshMcpError } from "../../base/errors.ts";
import { keyName } from "../../terminal/keys.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";
import type { Level } from "../record/shell-level.ts";

/** Commands behind which it is looked at what the terminal's own keys are. */
export const CHANGES_KEYS = /\b(?:stty|t?reset|tset)\b/;

/** Text behind which keys of a line editor may do something else than before. */
export const CHANGES_EDITOR =
  /\b(?:bind|bindkey|abbr|zle|KEYBD|fish_\w*key_bindings|set\s+[-+]o\s+(?:vi|emacs))\b/;

/** May leave no descriptor free. */
export const CHANGES_LIMITS = /\bulimit\b/;

/** Why Ctrl-C interrupts nothing on this terminal, and what does; undefined: it does, or a program takes it as a key. */
export function deafToCtrlC({ keys }: KernelEvidence): string | undefined {
  if (keys === undefined || !keys.lines || keys.interrupt === "\u0003") return undefined;
  if (keys.interrupt === undefined)
    return "Ctrl-C interrupts nothing on this terminal: it has no interrupt key (stty -isig, or intr undef). `kill` in another session ends what runs; where the host takes no second one, ssh_disconnect ends the shell with it";
  return `Ctrl-C interrupts nothing on this terminal: its interrupt key is ${keyName(keys.interrupt)} (stty intr), ssh_send keys sends it`;
}

/** @throws SshMcpError `not_ready`. A line editor keeps its own copy of the keys: what another terminal sets helps nothing. */
function deaf({ deafTo }: Level): void {
  if (deafTo === undefined) return;
  throw new SshMcpError(
    "not_ready",
    `the terminal takes ${JSON.stringify(deafTo.char)} for its ${deafTo.does} key (stty): what is typed does not arrive whole. Your command was not run`,
    "ssh_disconnect closes the session, and the next command opens a new shell on a new terminal: login directory, new environment.",
  );
}

/**
 * Looks whether what is typed at this prompt arrives as it is. Where it does not, the terminal is looked at again once a
 * line was entered by keys. @throws SshMcpError `not_ready` where it does not.
 */
export function* lettersArrive(port: FramingPort, level: Level | undefined): Script {
  // These two act on keys of their own.
  if (level === undefined || level.family === "zsh" || level.family === "fish") return;
  deaf(level);
  const [letter] = (yield* finished(port.kernel())).keys?.letters ?? [];
  if (letter !== undefined) level.deafTo = letter;
  deaf(level);
}

/**
 * Keys were typed, which entered so many lines: one may have put the terminal right (mksh never gives a letter back that was
 * such a key), or changed what keys do in the line editor.
 */
export function linesTyped(level: Level | undefined, bytes: Buffer, lines: number): void {
  if (level === undefined) return;
  if (lines > 0 && !/\bmksh\b/.test(level.name)) delete level.deafTo;
  if (CHANGES_EDITOR.test(bytes.toString("latin1"))) level.ownKeys = true;
  if (CHANGES_LIMITS.test(bytes.toString("latin1"))) level.fewDescriptors = true;
}
