import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Command } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";

export interface NotReady {
  /** A line that nobody entered stands at the prompt. */
  readonly unsent: boolean;
  readonly running: Command | undefined;
  readonly standing: State | undefined;
  /** The key that interrupts, as ssh_send writes it. */
  readonly interrupt: string;
  /** Where the cursor is. */
  readonly row: string;
  /** The profile that has not recognised a prompt yet. */
  readonly strange: string | undefined;
}

/** Why no command can be typed now, and what can be done instead. */
export function notReady({ unsent, running, standing, interrupt, row, strange }: NotReady): SshMcpError {
  if (unsent)
    return new SshMcpError(
      "not_ready",
      "an unsent line may stand at the prompt, and the device did not clear it",
      "Look with ssh_read screen:true; ssh_send <Enter> runs what stands there.",
    );
  if (running) return busyWith(running, standing, interrupt);
  const wrongProfile =
    strange === undefined
      ? ""
      : ` If that row is a prompt, ${strange} is not this host's profile: set platform (posix for a Unix shell, auto to find out) or prompt_regex in the inventory.`;
  return new SshMcpError(
    "not_ready",
    `no prompt stands; the cursor's row is: ${visibleLine(row, 160) || "(empty)"}`,
    `Look with ssh_read screen:true and answer what is asked with ssh_send; then try again.${wrongProfile}`,
  );
}

function busyWith({ id, text }: Command, standing: State | undefined, interrupt: string): SshMcpError {
  const what = `#${id} \`${visibleLine(text, 80)}\``;
  if (standing?.state === "asking")
    return new SshMcpError(
      "busy",
      `${what} waits for input (${standing.asked}): ${visibleLine(standing.row, 160)}`,
      "Answer it with ssh_send, or break it off with ssh_send keys <C-c>.",
    );
  return new SshMcpError(
    "busy",
    `${what} is still running`,
    `Wait for it with ssh_read, interrupt it with ssh_send keys ${interrupt}, or open a second session with ssh_connect.`,
  );
}

/** A key as ssh_send writes it. */
export function keyName(key: string): string {
  const code = key.charCodeAt(0);
  return code < 32 ? `<C-${String.fromCharCode(code + 64).toLowerCase()}>` : key;
}
