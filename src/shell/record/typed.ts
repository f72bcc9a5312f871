import type { Command } from "./command-log.ts";

/** What keys typed by the caller have left behind at a prompt. */
export interface Typed {
  /** Enter was among them: a program may have started. */
  readonly enter: boolean;
  /** Lines typed whose prompt has not come back: typed ahead, several may be on their way. */
  readonly lines: number;
  /** The prompt of the command before was still to come when they were typed: its mark ends nothing. */
  readonly owedPrompt: boolean;
  /** End of input (Ctrl-D) was among them: the shell may be about to end. */
  readonly endsInput?: boolean;
  /** Clock time of the last Escape among them. */
  readonly escapeAt: number | undefined;
  /** The record of what was typed; undefined when the line can hold only a terminal reply of ours. */
  readonly command: Command | undefined;
}

/** Something may be on the line, and no command of the caller's. */
export const REPLIED: Typed = {
  enter: false,
  lines: 0,
  owedPrompt: false,
  escapeAt: undefined,
  command: undefined,
};

/** The prompt that keys go to. */
export interface TypedAt {
  readonly level: number;
  /** The program asks for a password: the keys are not recorded. */
  readonly secret: boolean;
  readonly owedPrompt: boolean;
  /** Lines that the keys enter, and that may bring a prompt each. Left out: as many as they have line ends. */
  readonly lines?: number;
  /** Among them is a line that answers what asked, or goes on where one was open: it brings no prompt of its own. */
  readonly answers?: boolean;
}
