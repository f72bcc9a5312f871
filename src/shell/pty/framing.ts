import type { Line } from "../../base/contract/action.ts";
import type { Reason } from "../../base/contract/permit.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { Command } from "../record/command-log.ts";
import type { Ledger } from "../record/ledger.ts";
import type { State } from "../record/outcome.ts";
import type { TypedAt } from "../record/typed.ts";
import type { Script } from "./script.ts";
import type { PtySinks } from "./sinks.ts";
import type { Snapshot } from "./snapshot.ts";
import type { BaseState } from "./state.ts";

/** One command as it was ordered. */
export interface Order {
  readonly text: string;
  /** Mode of the profile to be in first. */
  readonly mode?: string;
  /** Type the lines behind one that failed as well. */
  readonly keepGoing?: boolean;
  /** The caller's word that what has the terminal shows a prompt. */
  readonly here?: "prompt";
  /** Name of the inventory's secret for its prompt. */
  readonly secret?: string;
}

/** A command's rows, and what is known of those that may not be its own. */
export interface CleanRows {
  readonly lines: readonly string[];
  /** Rows the device printed by itself (syslog, broadcasts) where no output can stand: behind its prompt, around the line. */
  readonly asides: readonly string[];
  /** Indexes of `lines` that read like such rows and stand where output does. */
  readonly likeOwn?: readonly number[];
  /** Rows the device prints with its prompt in front of each answer (the time), left out of `lines`. */
  readonly stripped?: readonly string[];
}

/** What a session may know of its far end. */
export type FarEnd = Pick<
  Framing,
  | "evidence"
  | "unframed"
  | "text"
  | "platform"
  | "cwd"
  | "level"
  | "account"
  | "place"
  | "pending"
  | "interruptKey"
  | "offer"
  | "expand"
  | "clean"
  | "masked"
>;

/**
 * What kind of far end a terminal has. A framing only says: what to type (scripts), what arrived, what quiet means, what is
 * under way. Bytes are written and states moved by the Pty alone, through the port it hands out.
 */
export interface Framing {
  /** What an ended command is known by here. */
  readonly evidence: "sentinel" | "prompt";
  /** A shell that could not be framed. */
  readonly unframed: boolean;
  /** How commands are framed here, for people. */
  readonly text: string;
  /** What reads commands: `posix`, or the id of a device's profile; undefined: not known. */
  readonly platform: string | undefined;
  /** What is under way now. */
  readonly base: BaseState;
  readonly cwd: string | undefined;
  /** Nesting level of shells. */
  readonly level: number;
  /** `user@host` of the shell in front, as it says itself. */
  readonly account?: string | undefined;
  /** Network CLI: where its prompt says we are. */
  readonly place?:
    | { readonly mode: string; readonly host: string | undefined; readonly platform?: string }
    | undefined;
  /** What will happen to lines that are still to be typed. */
  readonly pending?: string | undefined;
  /** The key that interrupts here, as it is written. */
  readonly interruptKey: string;
  /** The key that empties a line which was not entered. */
  readonly clearKey?: string;
  /** The caller's word `here: "prompt"` can be used: `submit` looks at what speaks against it. */
  readonly takesPrompt: boolean;
  /**
   * Where something waits for a prompt: it goes on when what is returned is called. @throws SshMcpError `not_ready`: what is
   * known speaks against the caller's word.
   */
  claim?(): () => void;
  /**
   * The caller says that a prompt is there: what takes this framing's place, since it is none of its own; undefined: nothing.
   * @throws SshMcpError `not_ready`: what is known speaks against the caller's word.
   */
  instead?(): Promise<MakeFraming | undefined>;
  /** A sentence on what can be done about the row that stands: it may be a prompt that nothing knows, or a live view. */
  readonly offer: string | undefined;
  /** The profile that has not recognised a prompt yet. */
  readonly strange?: string | undefined;
  /** From the first byte to the first prompt that is the caller's; the rest follows from what arrives. */
  open(): Script;
  /** Bytes from the host. */
  receive(chunk: Buffer): void;
  /** It has been quiet. `kernel`: judge again with the kernel's answer. */
  look(seen: Snapshot): "kernel" | undefined;
  /** The kernel answered what was asked about this, whether or not something came meanwhile. */
  answered(kernel: KernelEvidence, about: BaseState): void;
  /** How the host's kernel is asked who reads this terminal; undefined: it cannot be. */
  readonly kernelQuery: KernelQuery | undefined;
  /** Does the far end show what is typed now? `kernel`: only its kernel knows. */
  echo(): Echo | "kernel";
  /** The physical lines of an order. @throws SshMcpError `invalid_argument`. */
  expand(order: Order): readonly Line[];
  /** Types one command; calls `port.begin` once nothing keeps it from being typed. */
  submit(order: Order): Script;
  /** A prompt is being printed whose line editor does not read yet; left out: there is none. */
  readonly editorDue?: boolean;
  /** Keys of the caller are about to be written, to the line at a prompt or to what runs; `person`: key by key. */
  keys(bytes: Buffer, toLine: boolean, person?: boolean): TypedAt;
  /** They were written. */
  keysSent?(bytes: Buffer, interrupts: boolean): void;
  /** May this answer of the screen to a terminal query be passed on? */
  mayReply(bytes: string): boolean;
  /** Bytes held back for what might have been the beginning of a mark; the channel is gone. */
  flush(): Buffer;
  /** An error of our own: the session continues as well as it can, and reports it. */
  failed(error: unknown): void;
  /** Echoes of typed secrets that were kept from being shown; left out: none can be. */
  readonly masked?: number;
  /** What a command's rows say once what does not belong to it is taken out. */
  clean(lines: readonly string[], command: Command | undefined): CleanRows;
}

/** A question to the host's kernel, asked on a channel beside the terminal. */
export interface KernelQuery {
  /** The command line; `restricted`: for a login shell that did not take the first form. */
  command(restricted: boolean): string;
  /** Undefined: the answer is none. */
  judge(answer: string): KernelEvidence | undefined;
  echo(answer: string): Echo;
}

/** Whether the far end shows what is typed. */
export type Echo = "on" | "off" | "unknown";

/** What a framing may have its Pty do. */
export interface FramingPort {
  readonly sinks: PtySinks;
  readonly ledger: Ledger;
  readonly readSecret: ReadSecret;
  /** Writes under the permit of what is under way. @throws SshMcpError `internal` where it does not hold these bytes. */
  put(bytes: string | Buffer, reason: Reason): void;
  /** Remote bytes that are output. */
  show(bytes: Buffer): void;
  /** A command's text, rendered as if the terminal had shown it, in place of the echo. */
  draw(text: string): void;
  /** Rows of others that came while a line of ours was typed: on rows of their own. */
  aside(rows: readonly Buffer[]): void;
  /** Remote bytes whose effect on terminal modes matters though their text does not. */
  applyModes(bytes: Buffer): void;
  /** Between a command's output and the next prompt. */
  tidy(): void;
  /** While true no terminal query is answered. */
  muteReplies(muted: boolean): void;
  /** The order under way is a command from here on. */
  begin(text: string, level: number): Command;
  /** The first prompt was reached. */
  ready(): void;
  /** The session is the caller's though no prompt was reached; who waits goes on waiting. */
  readyQuietly(): void;
  /** A state that holds until something happens. */
  stand(state: State): void;
  /** What held until something happened does not hold any more. */
  settled(): void;
  /** Ends waits with a state that does not hold beyond them. */
  report(state: State): void;
  /** What the script under way waits for has come, or will not. */
  met(): void;
  fail(error: unknown): void;
  /** Starts a script where none is under way. */
  start(script: Script): void;
  /** Asks the kernel now; unknown where it cannot be asked. */
  kernel(): Promise<KernelEvidence>;
  /** Asks the kernel beside whatever is under way; `then` is called with its answer unless the channel has gone. */
  askKernel(then: (kernel: KernelEvidence) => void): void;
  /** Another framing takes this one's place. `failed` is called where it cannot be made. */
  become(make: Promise<MakeFraming>, failed: (error: unknown) => void): void;
  /** The screen is judged again soon. */
  attend(): void;
  /** Why no command can be typed now. */
  refusal(): Error;
  readonly isReady: boolean;
  /** The state that holds until something happens. */
  readonly standing: State | undefined;
}

export type MakeFraming = (port: FramingPort) => Framing;
