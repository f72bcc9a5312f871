import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../base/clock.ts";
import { Outbox } from "../outbox.ts";
import type { LabTerminal } from "../terminal.ts";
import type { IosBehaviour } from "./behaviour.ts";
import type { IosConfig } from "./config.ts";
import { IosSession } from "./session.ts";

/*
 * A Cisco Catalyst switch with IOS 15.2 as it behaves at the terminal.
 *
 * From recordings of devices (oxidized: C9200L, asr920): the form of prompts, configurations and `show` outputs, `% Invalid
 * input` with its caret row and the empty row behind it. From the IOS command references and common knowledge: line
 * editing, abbreviations, `?`, `--More--` erased by nine backspaces, blanks and nine backspaces, the questions and what
 * answers them, three tries for the enable secret, host name look-up of a mistyped word, log rows that leave the typed line
 * where it was, `logging synchronous`, Ctrl-^.
 *
 * Captured from devices by others: how a long line is drawn again when it scrolls behind `$` (netmiko#160), the bytes that
 * erase `--More--` (IOS 12.4), the caret under the first letter that fits no keyword (scrapli), the rows of a name look-up.
 * Not confirmed on a device: how far the hostname is cut in configuration prompts, how the line scrolls back, what Tab
 * prints, the rows of `ping` broken off, whether a LF right behind a CR counts (here it does not).
 * From Cisco's guides on archive, replacing and rolling back, and from what others captured: the rows of `show archive` and of
 * the revert timer. Not confirmed on a device: what a second `revert timer` gets, which of running and startup configuration
 * is the first of `show archive config differences`, the rows of `reload in`.
 *
 * The way in (reach.ts): address, interface, table, routes, lists on the interface and the lines, transport, users and AAA
 * decide whether packets of an SSH connection pass, whether new ones are answered, and who is let in. An access class and
 * AAA concern new connections alone. While the device comes up (20 s) it is silent.
 * Not modelled: privilege levels between 1 and 15, servers of AAA (none answers), views, lists on packets that go out,
 * routing protocols, archived files beyond flash, `configure replace` with a file from elsewhere, TAB in the middle of a
 * line, `terminal editing`, wide characters, exec channels, time zones.
 */

export interface IosTerminalOptions {
  /** The device, shared by its sessions. */
  readonly config: IosConfig;
  readonly cols: number;
  readonly rows: number;
  output(bytes: Buffer): void;
  hangUp(): void;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly behaviour?: IosBehaviour;
  /** Who is logged in, as log rows say it. */
  readonly by?: string;
}

/** A session on the switch; it greets at once. The same `random` and clock give the same bytes. */
export function createIosTerminal(options: IosTerminalOptions): LabTerminal {
  const { config, clock, random, behaviour = {} } = options;
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
  const session = new IosSession({
    config,
    outbox,
    clock,
    random,
    behaviour,
    rows: options.rows,
    by: options.by ?? "noc on vty0 (127.0.0.1)",
    hangUp: () => options.hangUp(),
  });
  const decoder = new StringDecoder("utf8");
  session.start(options.cols);
  return {
    input: (bytes) => session.input(decoder.write(bytes)),
    resize: (cols, rows) => session.resize(cols, rows),
    close() {
      session.dispose();
      outbox.dispose();
    },
  };
}

export { type IosBehaviour, seededBehaviour } from "./behaviour.ts";
export { createIosConfig, type IosConfig, WAY } from "./config.ts";
