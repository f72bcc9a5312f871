import type { HostPolicy } from "./policy.ts";

/** One physical line of an order, as it will be entered: the caller's own, or a step of the profile to another mode. */
export interface Line {
  readonly text: string;
  readonly why: "command" | "mode";
}

/** The lines that keys with an Enter complete, together with what was typed before or stands on the row. */
export interface Entered {
  /** Each line in order, as far as it is known; of the first, where only the screen shows it, every reading of the row. */
  readonly lines: readonly string[];
  /** How many of `lines` are readings of the first; left out: one. */
  readonly readings?: number;
  /** A command line would be entered that nobody can know before it is. */
  readonly unknown: boolean;
  /** What was typed before these keys and not entered; left out: nobody knows. */
  readonly before?: string;
}

/** Lines of a text that goes line by line, counted from 1. */
export interface TextPart {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** What a caller is about to do, complete before it is judged. */
export type Action =
  /** `here`: on the caller's word the row that stands is a prompt. */
  | {
      readonly verb: "run";
      readonly command: string;
      readonly lines: readonly Line[];
      readonly here?: "prompt";
      /** Mode of a device that it is to be run in, where it names one. */
      readonly mode?: string;
      /** Name of the inventory's secret for its prompt. */
      readonly secret?: string;
      /** Id of the permit of a command that passed already, and is carried out in a session. */
      readonly under?: number;
    }
  /**
   * `shown`: what is typed, keys by their names; `bytes`: exactly what will be written; `enters`: the lines it completes;
   * `here`: the caller's word on what is in front; `answerTo`: the command whose question it answers; `part`: which lines of
   * a text it is, where that goes line by line.
   */
  | {
      readonly verb: "type";
      readonly how: "text" | "keys";
      readonly shown: string;
      readonly bytes: Buffer;
      readonly enters?: Entered;
      readonly here?: "prompt" | "input";
      readonly answerTo?: number;
      readonly part?: TextPart;
      /** Id of the permit of a change that passed already, and asks for this answer as its platform's profile says. */
      readonly under?: number;
    }
  /** The platform's interrupt key and nothing else. */
  | { readonly verb: "interrupt"; readonly bytes: Buffer }
  /** `line`: what is sent for the command, where it is not the command itself; `stdin`: what it is given to read. */
  | {
      readonly verb: "exec";
      readonly command: string;
      readonly line?: string;
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly stdin?: string;
      /** Name of the inventory's secret that it is given to read in place of `stdin`. */
      readonly secret?: string;
      readonly pty?: boolean;
      /** The command is this program's own, every word of a caller in it quoted: what it does at worst. */
      readonly declared?: "read" | "write" | "disruptive";
      /** What is done in such a command, complete and the same each time: what a person is asked to approve. */
      readonly subject?: string;
      /** All hosts of the call it is a part of. */
      readonly among?: readonly string[];
      /** Mode of a device that it is run in, in a session of its own. */
      readonly mode?: string;
      /** There, the lines behind one that failed are typed, too. */
      readonly keepGoing?: boolean;
    }
  | FileAction
  /** `lines`: what the session is opened for; a refused order opens nothing. `session`: the name it will have, where given. */
  | { readonly verb: "open"; readonly lines?: readonly Line[]; readonly session?: string }
  /** A person takes the keyboard: what is typed then is nobody's order, and recorded by line. */
  | { readonly verb: "hold" }
  | { readonly verb: "close" | "look" | "resize" };

/** What is done with a file; `to`: the other end, on this machine or on another host, where there is one. */
export interface FileAction {
  readonly verb: "file";
  readonly op: FileOp;
  /** Absolute on the host. */
  readonly path: string;
  readonly to?: string;
  /** With the rights of root. */
  readonly sudo?: boolean;
  /** Does it change the file on this host? Left out: as its kind does. */
  readonly writes?: boolean;
  /** What is written, or what is changed to what; what a person is asked to approve. */
  readonly content?: string;
  /** What is sent from here, for who has to approve it. @throws SshMcpError where it cannot be read. */
  readonly digest?: () => Promise<ContentDigest>;
}

/** Content by its digest, whatever its names and times are. */
export interface ContentDigest {
  /** SHA-256 in hex; of a folder over the paths and the contents of all that is in it. */
  readonly sha256: string;
  readonly files: number;
  readonly bytes: number;
}

export type FileOp = "read" | "list" | "validate" | "write" | "edit" | "upload" | "download" | "sync";

export type Verb = Action["verb"];

/** Facts of the host an action is about, as they were when its session was opened. */
export interface HostFacts {
  readonly name: string;
  /** `user@address:port`. */
  readonly address: string;
  /** The hosts gone through, where the caller chose them. */
  readonly via?: readonly string[];
  readonly platform: string;
  readonly policy: HostPolicy;
}

/** The state of a session when an action is decided on; a permit is bound to it. */
export interface SessionFacts {
  readonly name: string;
  /** Which of the shells it had under this name, from 1; 0: none was opened yet. */
  readonly life?: number;
  /** Named state of the PTY: `prompt`, `unsent`, `running`, `asking` … */
  readonly state: string;
  /** At a prompt: the shell itself says so (`sentinel`), or a row that looks like one does (`prompt`). */
  readonly promptBy?: "sentinel" | "prompt";
  /** Id of the command in front. */
  readonly command?: number;
  /** Id of the newest command that it was given. */
  readonly given?: number;
  /** The row with the cursor while a program has the terminal: its question, where it asks one. */
  readonly row?: string;
  readonly asked?: string;
  /** What says that it asks: `kernel` where a program was seen to wait for input, else a row that reads like a question. */
  readonly askedBy?: string;
  /** `key`: what asks acts on a single key. */
  readonly submit?: "key" | "line";
  /** What reads commands there: `posix`, or the id of a device's profile; left out: not known. */
  readonly platform?: string;
  readonly mode?: string;
  /** Name of the device, as its prompt has it. */
  readonly hostname?: string;
  readonly level: number;
}

/** Does the terminal show what is typed? `unknown` where nobody can be asked in time. */
export type Echo = "on" | "off" | "unknown";

/** What the gate may ask of the terminal an action types into. */
export interface TargetTerminal {
  /** The session's facts at this moment; left out: they do not change. */
  facts?(): SessionFacts;
  /** Answers within 1 s, a row that asks for a secret at once: `off`. */
  echo(): Promise<Echo>;
  /** What the host's kernel says of it at this moment; `unknown` where it cannot be asked. Answers within 1 s. */
  kernelEcho?(): Promise<Echo>;
  /** Cursor of the next byte that will come. */
  readonly end: number;
  /** Rendered rows of the output bytes [from, to). */
  text(from: number, to: number): Promise<{ readonly lines: readonly string[] }>;
}

/** What an action is done to; taken from the open session where there is one, never from looking a name up again. */
export interface Target {
  readonly host: HostFacts;
  readonly session?: SessionFacts;
  readonly terminal?: TargetTerminal;
}
