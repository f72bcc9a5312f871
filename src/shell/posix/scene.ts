import type { LearnedPrompt, RowTest } from "../evidence/learned-prompt.ts";
import type { Command } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";
import type { Level } from "../record/shell-level.ts";
import type { Typed } from "../record/typed.ts";
import type { Phase } from "./phase.ts";

/** What the judge remembers from one observation to the next. */
export interface ShellMemory {
  /** Commands whose nested shell could not be joined; not tried twice. */
  readonly notJoined: readonly number[];
  /** The command whose shell was asked for its status; once each. */
  readonly pinged: number;
  /** The command whose line was ended by a line feed; once each. */
  readonly lineFed: number;
  /**
   * The kernel said once that the shell reads while our mark of the command's end had not come: transcript end and quiet
   * then. The mark may not have arrived yet; the same answer with no byte between is one of a builtin that reads.
   */
  readonly shellReads:
    | { readonly end: number; readonly quietMs: number; readonly line?: number | undefined }
    | undefined;
  /** At login something stands since this transcript end: it is not asked about again. */
  readonly stoodAt: number | undefined;
  /** The kernel's last word was "busy", and until when that is relied on; keys of the caller clear it. */
  readonly busy:
    | { readonly command: number | undefined; readonly pauseMs: number; readonly until: number }
    | undefined;
}

export const NOTHING_REMEMBERED: ShellMemory = {
  notJoined: [],
  pinged: 0,
  lineFed: 0,
  shellReads: undefined,
  stoodAt: undefined,
  busy: undefined,
};

/** Where the shell is, beside what the screen shows. */
export interface ShellScene {
  readonly phase: Phase["at"];
  /** Set where prompts alone tell an end. */
  readonly unframed: { readonly prompt: LearnedPrompt } | undefined;
  readonly level: Level | undefined;
  /** The command in front. */
  readonly running: Command | undefined;
  /** The newest command that has not ended. */
  readonly open: Command | undefined;
  readonly typed: Typed | undefined;
  /** Keys of the caller ended within a line: what is typed now would be run together with them. */
  readonly unsent: boolean;
  /** Row left of the cursor at the last prompt. */
  readonly promptRow: string;
  /** Transcript end at the last prompt's mark; undefined: none has come for what the last keys entered. */
  readonly promptAt: number | undefined;
  readonly platform: string;
  readonly ident: string;
  /** The inventory's prompt_regex. */
  readonly promptPattern: RowTest | undefined;
  /** A row before the prompt names a network device: a shell that it has in front is none of ours. */
  readonly namesDevice: boolean;
  /** The profile of the device whose menu this row is. */
  readonly menu?: ((row: string) => string | undefined) | undefined;
  /** Another session on this host has met a network device's command line. */
  readonly shownDevice: boolean;
  /** User and host as their prompt may name them. */
  readonly names: readonly string[];
  /** Echo is held back. */
  readonly holding: boolean;
}

export type ShellVerdict =
  | { readonly do: "nothing" }
  | { readonly do: "ask kernel" }
  /** The kernel is asked again in a moment, before its answer is believed; `line`: that Enter did not end that one. */
  | { readonly do: "ask again"; readonly line?: number }
  /** Join the shell at the cursor: the login shell, or the one that a command opened. */
  | { readonly do: "join"; readonly inside: Command | undefined }
  /** The prompt `row` is not a Unix shell's. */
  | {
      readonly do: "not a shell";
      readonly why: string;
      readonly device: boolean;
      readonly row: string;
      /** The profile whose menu it is. */
      readonly menu?: string;
    }
  | { readonly do: "settle without hook" }
  | { readonly do: "show held" }
  | { readonly do: "give up ping" }
  /** Ask the shell how it is; `typed`: for what was typed by keys. */
  | { readonly do: "ping"; readonly id: number; readonly typed: boolean }
  /** Enter did not end the typed line: a line feed does. */
  | { readonly do: "end line"; readonly id: number }
  /** `note`: what the caller should know of it, told once. */
  | { readonly do: "stand"; readonly state: State; readonly note?: string }
  /** The shell reads commands and runs none from here on. */
  | { readonly do: "runs nothing"; readonly command: Command }
  /** What waits is told that the terminal's output is stopped. */
  | { readonly do: "held" }
  /** The prompt of a shell that is not framed is back. */
  | { readonly do: "unframed end"; readonly command: Command };
