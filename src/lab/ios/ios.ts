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
 * Not confirmed on a device: how exactly a long line is drawn again when it scrolls behind `$`, under which letter of a
 * mistyped word the caret stands, how far the hostname is cut in configuration prompts, the rows of `ping` broken off.
 * Not modelled: privilege levels between 1 and 15, AAA, views, archive and rollback, regular expressions behind `|`
 * beyond a leading `^`, TAB in the middle of a line, `terminal editing`, wide characters, exec channels, time zones.
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
    hangUp: () => options.hangUp(),
  });
  session.start(options.cols);
  return {
    input: (bytes) => session.input(bytes.toString("latin1")),
    resize: (cols, rows) => session.resize(cols, rows),
    close() {
      session.dispose();
      outbox.dispose();
    },
  };
}

export { type IosBehaviour, seededBehaviour } from "./behaviour.ts";
export { createIosConfig, type IosConfig } from "./config.ts";
