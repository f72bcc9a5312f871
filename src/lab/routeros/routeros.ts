import type { Clock } from "../../base/clock.ts";
import { Outbox } from "../outbox.ts";
import type { LabTerminal } from "../terminal.ts";
import type { RouterOsBehaviour } from "./behaviour.ts";
import type { RouterOsConfig } from "./config.ts";
import { parseLoginName, sensibleTerminal } from "./login-name.ts";
import type { Surface } from "./painter.ts";
import { Session } from "./session.ts";

/*
 * A MikroTik router as it behaves at the terminal. No recording of a whole interactive session is public; this is
 * put together from pieces, and each file says which of its bytes were seen where.
 *
 * Captured byte for byte by others, and reproduced here:
 * - banner, `ESC[9999B` before every prompt, the carriage returns in front of it, the change of password, Ctrl-C there:
 *   RouterOS 7.23.2 and 6.49.13 over Telnet (tik4net, RouterOsTranscripts.cs)
 * - the row painted again at each key: 6.49.13 (tik4net, CliCompletionSecondTabTests.cs), 7.1.3 (netmiko#2512, #2880)
 * - keys echoed alone, Tab rewriting a word, listings, colours: 7.19.6 and 7.24.4 (tik4net, CliCompletionParserTest.cs)
 * - log rows over the prompt, rows and timing of `ping`: 7.23.2 (tik4net, findings-cli.md)
 * - safe mode of newer versions with its `ESC[c`: 7.22.3, 7.23.7; netmiko#3453
 * - output of the `print`s and `export`: the exec recordings of 7.10.1 and 7.18.2 in oxidized
 * From the MikroTik manual: login suffixes, keys, safe mode of older versions, questions, the forms of error messages.
 * From netmiko#3050: long lines behind `<` and `>`. From hyperglass#310 and PR #379: early and repeated prompts.
 *
 * Not confirmed on a device: the order of the terminal queries, what a dumb terminal gets, F1's layout, how the pager and
 * the live views erase their last row, `action cancelled`, the rows of `torch`, from which version the newer texts
 * of safe mode and the newer editor hold (taken here: 7.18 and 7.19), "<SAFE>" behind a path.
 * From the manual: the history of actions (its rows are from its example), 100 of which fit into safe mode.
 * The way in (reach.ts): addresses, interfaces, routes, the chain `input` with new and established connections told apart,
 * users and their addresses. A connection that nothing is heard of is given up after nine minutes, and with it safe mode.
 * Not modelled: scripting beyond `:put` and `:delay`, `print` to the right, `edit`, `find` as a command, undo and redo, tables of routes beyond one,
 * hotlock, searching the history, wide characters, continued lines, permissions by group, packages, exec channels.
 */

export interface RouterOsTerminalOptions {
  /** The device, shared by its sessions. */
  readonly config: RouterOsConfig;
  /** As given at login, with its suffix: `admin+ct200w`. */
  readonly login: string;
  readonly term: string;
  readonly cols: number;
  readonly rows: number;
  output(bytes: Buffer): void;
  hangUp(): void;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly behaviour?: RouterOsBehaviour;
}

/** A session on the router; it greets at once. The same `random` and clock give the same bytes. */
export function createRouterOsTerminal(options: RouterOsTerminalOptions): LabTerminal {
  const { config, clock, random, behaviour = {} } = options;
  const console = parseLoginName(options.login);
  const size = sensibleTerminal(options.cols, options.rows);
  const surface: Surface = {
    width: console.width ?? size.width,
    height: console.height ?? size.height,
    colours: console.colours && !console.dumb && options.term !== "dumb",
    dumb: console.dumb || options.term === "dumb",
  };
  const outbox = new Outbox({
    output: (bytes) => options.output(bytes),
    clock,
    random,
    pace: behaviour.pace,
    overflow() {
      session.dispose();
      options.hangUp();
    },
  });
  const session = new Session({
    config,
    console,
    surface,
    outbox,
    clock,
    random,
    behaviour,
    hangUp: () => options.hangUp(),
  });
  session.start();
  return {
    input: (bytes) => session.input(bytes),
    resize(cols, rows) {
      const resized = sensibleTerminal(cols, rows);
      surface.width = console.width ?? resized.width;
      surface.height = console.height ?? resized.height;
    },
    close: () => session.dispose(),
  };
}

export { type RouterOsBehaviour, seededBehaviour } from "./behaviour.ts";
export { createRouterOsConfig, logCritical, type RouterOsConfig, WAY } from "./config.ts";
