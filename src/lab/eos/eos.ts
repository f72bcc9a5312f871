import { Console, type ConsoleOptions } from "../console/console.ts";
import type { LabTerminal } from "../terminal.ts";
import { EosLine } from "./command-line.ts";
import type { EosDevice } from "./device.ts";

/*
 * A switch like Arista's EOS 4.31 at the terminal, as far as changing its configuration goes.
 *
 * From what others captured of devices: `show session-config diffs`, the rows of `show configuration sessions detail` with
 * `pendingCommitTimer` up to 4.31 and the row of its own from 4.32 on, `commit timer HH:MM:SS` that leaves the session, the
 * six characters of a session's name in the prompt, `Copy completed successfully.`
 * Not confirmed on a device: the words of what is refused, what `abort` of a session with a timer prints, that a session
 * which commits takes the place of everything that others changed since it began.
 *
 * The way in (reach.ts): addresses, interfaces, VRFs, routes, lists on the interface and on `management ssh`, its shutdown,
 * users, AAA. Lists on `management ssh` and AAA concern new connections alone.
 * Not modelled: most commands, abbreviations beyond a few, `?`, a pager, `| json`, checkpoints, `rollback clean-config`,
 * servers of AAA (none answers), what an uncommitted session's 24 hours do.
 */

/** A terminal of the switch; it greets at once. */
export function createEosTerminal(
  options: ConsoleOptions & { readonly device: EosDevice; readonly user?: string },
): LabTerminal {
  const { device, user = "admin" } = options;
  const console = new Console(options, (own) => new EosLine(device, own, user));
  device.terminals.add(console);
  console.start("");
  return console;
}

export { EosDevice, WAY } from "./device.ts";
