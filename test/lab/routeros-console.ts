import {
  createRouterOsConfig,
  createRouterOsTerminal,
  type RouterOsBehaviour,
  type RouterOsConfig,
} from "../../src/lab/routeros/routeros.ts";
import type { LabTerminal } from "../../src/lab/terminal.ts";
import { createScreen, type Screen } from "../../src/terminal/screen.ts";
import { FakeClock } from "../fake-clock.ts";

export const ESC = "\x1b";
/** What stands before a prompt: after output, and after none. */
export const AFTER_OUTPUT = `\r\r\r${ESC}[9999B`;
export const AFTER_NOTHING = `\r\r\r\r${ESC}[9999B`;

export interface ConsoleOptions {
  readonly config?: RouterOsConfig;
  readonly version?: string;
  readonly login?: string;
  readonly term?: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly behaviour?: RouterOsBehaviour;
  readonly random?: () => number;
  /** A screen that answers the terminal's queries. */
  readonly screen?: Screen;
}

/** A person at the router's terminal, with time in hand. */
export class RouterConsole {
  readonly clock = new FakeClock();
  readonly config: RouterOsConfig;
  readonly terminal: LabTerminal;
  hungUp = false;
  all = "";
  #read = 0;

  constructor(options: ConsoleOptions = {}) {
    const { version, cols = 120, rows = 24, behaviour, screen } = options;
    this.config = options.config ?? createRouterOsConfig(version === undefined ? {} : { version });
    const pieces: Buffer[] = [];
    this.terminal = createRouterOsTerminal({
      config: this.config,
      login: options.login ?? "admin+ct",
      term: options.term ?? "xterm",
      cols,
      rows,
      output: (bytes) => {
        pieces.push(bytes);
        this.all = Buffer.concat(pieces).toString("utf8");
        screen?.write(bytes);
      },
      hangUp: () => {
        this.hungUp = true;
      },
      clock: this.clock,
      random: options.random ?? (() => 0.5),
      ...(behaviour === undefined ? {} : { behaviour }),
    });
  }

  type(text: string): void {
    this.terminal.input(Buffer.from(text, "utf8"));
  }

  /** What came since the last call. */
  said(): string {
    const text = this.all.slice(this.#read);
    this.#read = this.all.length;
    return text;
  }

  /** Types a line; what came after its Enter. */
  run(line: string): string {
    this.type(line);
    this.said();
    this.type("\r");
    const text = this.said();
    return text.slice(text.indexOf("\r\n") + 2);
  }

  /** Rows between a line and the prompt after it. */
  rows(line: string): string[] {
    const text = this.run(line);
    const end = text.indexOf("\r\r\r");
    if (end < 0) throw new Error(`no prompt after ${JSON.stringify(line)}: ${JSON.stringify(text)}`);
    return text.slice(0, end).split("\r\n").slice(0, -1);
  }
}

const ALL = { cursorPosition: true, status: true, primaryAttributes: true, secondaryAttributes: true };

/** A terminal to look at, and what it answered. */
export async function newScreen(cols = 120, rows = 24): Promise<{ screen: Screen; replies: string[] }> {
  const replies: string[] = [];
  const screen = await createScreen({ cols, rows, replies: ALL, onReply: (bytes) => replies.push(bytes) });
  return { screen, replies };
}
