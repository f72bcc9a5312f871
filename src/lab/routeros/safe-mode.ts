import { type Console, endSafeMode, isSince, type RouterOsConfig, takeSafeMode } from "./config.ts";

/** The console's words around safe mode: from 7.18 on those captured from 7.22 and 7.23, before it the manual's. */
export interface SafeModeTexts {
  readonly taken: string;
  readonly released: string;
  /** Follows over the prompt; empty for none. */
  readonly afterwards: string;
  readonly conflict: string;
  readonly declined: string;
  /** Asked by `/quit`; undefined where `/quit` keeps the changes without a word. */
  readonly quit: string | undefined;
}

const NEWER: SafeModeTexts = {
  taken: "Taking Safe Mode session... Success!",
  released: "Releasing Safe Mode... Success!",
  afterwards: "Safe Mode released",
  conflict: "Safe Mode is taken by current user in another session.\r\nUnroll, release or abort [u/r]? ",
  declined: "Action aborted.",
  quit: "You are in Safe Mode. Quitting will unroll changes. Quit? [y/N]: ",
};

const OLDER: SafeModeTexts = {
  taken: "[Safe Mode taken]",
  released: "[Safe Mode released]",
  afterwards: "",
  conflict: "Hijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]: ",
  declined: "",
  quit: undefined,
};

export function safeModeTexts(config: RouterOsConfig): SafeModeTexts {
  return isSince(config, "7.18") ? NEWER : OLDER;
}

export function holdsSafeMode(config: RouterOsConfig, console: Console): boolean {
  return config.safeMode?.owner === console;
}

/** Takes safe mode from whoever has it: `u` undoes what was changed under it, `r` keeps that. */
export function takeOver(config: RouterOsConfig, taker: Console, keep: boolean): void {
  const previous = config.safeMode?.owner;
  endSafeMode(config, keep);
  previous?.notice(keep ? "[Safe mode released by another user]" : "[Safe mode unrolled by another user]");
  takeSafeMode(config, taker);
}
