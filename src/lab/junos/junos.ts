import { Console, type ConsoleOptions } from "../console/console.ts";
import type { LabTerminal } from "../terminal.ts";
import { JunosLine } from "./command-line.ts";
import type { JunosDevice } from "./device.ts";

/*
 * A router like Juniper's with Junos 21.4 at the terminal, as far as changing its configuration goes.
 *
 * From Juniper's guides and what others captured: both modes and their prompts, `configure exclusive|private`, `show |
 * compare`, `commit confirmed` with its notice in front of the prompt, `show system commit` whose old entries keep
 * `rollback in …` as history, that any commit and `commit check` confirm, the question at leaving, the broadcast when time
 * ran out.
 * Not confirmed on a device: the words of most refusals, the place of the caret, what a restart does to a timer that runs
 * (here the change is undone), how a new level is folded in `show | compare` (here each statement stands for itself).
 *
 * The way in (reach.ts): addresses, interfaces, routing instances, static routes, a filter on the interface, `system services
 * ssh`, users and the order of authentication. The last three concern new connections alone.
 * Not modelled: most statements and commands, `edit` and `up`, abbreviations, completion, `?`, a pager, groups, `load`,
 * `| display json`, servers of authentication (none answers), two members.
 */

/** A terminal of the router; it greets at once. */
export function createJunosTerminal(
  options: ConsoleOptions & { readonly device: JunosDevice; readonly user?: string },
): LabTerminal {
  const { device, user = "noc" } = options;
  const console = new Console(options, (own) => new JunosLine(device, own, user));
  console.start("--- JUNOS 21.4R3.15 Kernel 64-bit  JNPR-12.1");
  return console;
}

export { JunosDevice, WAY } from "./device.ts";
