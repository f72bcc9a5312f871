import type { ChannelEnd, PtyChannel } from "../../ssh/contract.ts";
import type { Screen } from "../../terminal/screen.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { Command, CommandLog } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";
import type { Waits } from "../record/waits.ts";

/** The lasting parts of a session that one channel's life writes to. */
export interface PtySinks {
  readonly transcript: Transcript;
  readonly screen: Screen;
  readonly log: CommandLog;
  readonly waits: Waits;
}

/** How a command is to be run on a network CLI. */
export interface SubmitOptions {
  /** Mode of the profile to be in first. */
  readonly mode?: string;
  /** Type the lines behind one that failed as well. */
  readonly keepGoing?: boolean;
}

/** One channel's life, whatever frames it: a POSIX shell by marks, a network CLI by its profile. */
export interface SessionPty {
  readonly channel: PtyChannel;
  readonly sinks: PtySinks;
  readonly end: ChannelEnd | undefined;
  /** The first prompt was reached. */
  readonly ready: boolean;
  /** A state that holds until something happens: asking, screen. */
  readonly standing: State | undefined;
  /** What an ended command is known by here. */
  readonly evidence: "sentinel" | "prompt";
  /** Keys of the caller stand on the line, and no Enter was among them. */
  readonly unsent: boolean;
  /** A shell that could not be framed. */
  readonly unframed: boolean;
  readonly cwd: string | undefined;
  /** Nesting level of shells. */
  readonly level: number;
  /** Network CLI: where its prompt says we are. */
  readonly place: { readonly mode: string; readonly host: string | undefined } | undefined;
  /** What will become of lines that are still to be typed. */
  readonly pending?: string | undefined;
  /** Key that interrupts a command here, as ssh_send writes it; undefined: Ctrl-C. */
  readonly interruptKey?: string | undefined;
  /** Sentences for the next outcome; the reader empties it. */
  readonly notes: string[];
  /** How commands are told apart here, for people. */
  readonly framingText: string;
  start(): void;
  /** Takes a look soon: somebody waits now. */
  attend(): void;
  /** Types one command. @throws SshMcpError `busy`, `not_ready`, `session_closed`, `invalid_argument`. */
  submit(text: string, options: SubmitOptions): Promise<Command>;
  /** Writes keys as they are. @throws SshMcpError `session_closed`. */
  type(bytes: Buffer): void;
  /** The screen's answer to a terminal query, passed on where that is safe. */
  reply(bytes: string): void;
  /** What a command's rows say once what does not belong to it is taken out; undefined: they are as they are. */
  clean?(lines: readonly string[], command: Command | undefined): CleanRows;
  close(reason: string): void;
  dispose(): void;
  /** What the channel's end means; only meaningful once `end` is set. */
  closedState(): State;
}

/** An output's own rows, and those the device printed in between on its own account (syslog, broadcasts). */
export interface CleanRows {
  readonly lines: readonly string[];
  readonly asides: readonly string[];
}
