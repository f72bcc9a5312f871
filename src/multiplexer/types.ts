import type { Echo, Entered, HostFacts, Line, SessionFacts, Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Permit } from "../base/contract/permit.ts";
import type { SshMcpError } from "../base/errors.ts";
import type { HostSummary, ResolvedHost, TerminalSize } from "../inventory/host.ts";
import type { KeptText } from "../remote/kept-output.ts";
import type { ExecEnd, StopReason } from "../remote/run-exec.ts";
import type { Order } from "../shell/pty/framing.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import type { Attachment } from "../shell/session/attachment.ts";
import type { TypedInput } from "../shell/session/types.ts";
import type { CleanText, ScreenView } from "../terminal/types.ts";
import type { PastSessions } from "./saved.ts";

export type { SavedSession } from "./saved.ts";

/** A command as the session remembers it. `from`/`to` are transcript cursors of its output. */
export interface CommandRecord {
  readonly id: number;
  readonly text: string;
  readonly from: number;
  /** Undefined while it runs. */
  readonly to?: number;
  readonly state: Outcome["state"];
  readonly exit?: number;
  readonly cwd?: string;
  readonly durationMs: number;
  /** Shown with everything that is said about this command. */
  readonly remarks: readonly string[];
  /** Of several lines, those that were not typed, or whose end is not known. */
  readonly untyped?: number;
}

/** Rendered text, and what is known of rows that may not be a command's own. */
export type SessionText = CleanText & {
  /** Rows a device printed by itself behind its prompt or around the line, not in `lines`, and the cursor of a read that has them. */
  readonly asides?: readonly string[];
  readonly asidesFrom?: number;
  /** Indexes of `lines` that read like such rows. */
  readonly likeOwn?: readonly number[];
  /** Rows printed with the prompt in front of the answer, not in `lines`. */
  readonly stripped?: readonly string[];
};

/** What a tool may read of a session, open or closed. */
export interface SessionView {
  readonly name: string;
  readonly host: string;
  readonly target: string;
  /** The state now; `ready` at a prompt. */
  readonly state: "starting" | "ready" | "busy" | "asking" | "screen" | "unframed" | "closed";
  /** The evidence of its end; undefined while it is open. */
  readonly closedAs: "exit" | "disconnect" | "killed" | undefined;
  /** Why it is closed; undefined while it is open. */
  readonly closedBecause: string | undefined;
  /** Names of the other open sessions on its connection; left out: none. */
  readonly sharesWith?: readonly string[] | undefined;
  /** How commands are framed, and why not better: `bash, framed`, `tcsh, not framed: …`. */
  readonly framing: string;
  readonly cwd: string | undefined;
  readonly level: number;
  /** Network CLI: mode and hostname of the last prompt, and the profile it was read by. */
  readonly place?:
    | { readonly mode: string; readonly host: string | undefined; readonly platform?: string }
    | undefined;
  /** Echoes of secrets typed in it that were replaced by `[secret]`; left out: none. */
  readonly masked?: number;
  readonly openedAt: number;
  readonly idleMs: number;
  /** Milliseconds since it was closed; 0 while it is open. */
  readonly closedMs: number;
  /** Network CLI: the mode of its first prompt, where one was waited for. */
  readonly loginMode?: string | undefined;
  /** Id of the caller that opened its shell. */
  readonly openedBy: string | undefined;
  readonly size: { readonly cols: number; readonly rows: number };
  /** Absolute cursor of the next byte, and of the oldest byte still kept. */
  readonly end: number;
  readonly start: number;
  /** Finished and running commands, oldest first. */
  commands(): readonly CommandRecord[];
  command(id: number): CommandRecord | undefined;
  /** Rows that belong to no command, and where they are in the transcript: background jobs, the shell's own notices, prompt hooks. */
  strays(): readonly { readonly from: number; readonly to: number; readonly lines: readonly string[] }[];
  screen(): ScreenView;
  /** Rows that changed after version `since`. */
  changedRows(since: number): readonly { readonly row: number; readonly text: string }[];
  /** Rendered text of transcript bytes [from, to). */
  text(from: number, to: number): Promise<SessionText>;
  /** How long a wait lasts here that names no timeout. */
  readonly commandTimeoutMs: number;
  /** Its connection's facts as they were when it was opened. */
  readonly hostFacts: HostFacts;
  /** Its state now, for who decides on an action. */
  facts(): SessionFacts;
  /** The physical lines a command will be entered as, mode steps included. @throws SshMcpError `invalid_argument`. */
  expand(order: Order): readonly Line[];
  /** The bytes of an input in the terminal's present modes. @throws SshMcpError `invalid_argument`. */
  encode(input: TypedInput): Buffer;
  /** The lines that these bytes would enter, were they typed now. */
  entered?(bytes: Buffer): Entered;
  /** Exactly the platform's interrupt key. */
  isInterrupt(bytes: Buffer): boolean;
  /** Does the terminal show what is typed? Answers within 1 s. */
  echo(): Promise<Echo>;
  kernelEcho?(): Promise<Echo>;
}

export interface WaitOptions {
  /** Upper bound of the wait in milliseconds; undefined: the host's default. The caller's signal ends it, too. */
  readonly timeoutMs?: number;
  /** RE2 pattern; the wait ends `running/matched` when new output matches. */
  readonly waitFor?: string;
}

/** A wait's result: the outcome and the session it happened in. `opened` when this call opened the session. */
export interface Reply {
  readonly session: SessionView;
  readonly outcome: Outcome;
  readonly opened?: {
    readonly newShell: boolean;
    readonly notes: readonly string[];
    /** How commands were framed then: what is in front may be another shell by the time of the reply. */
    readonly framing: string;
  };
}

export interface OpenRequest {
  readonly host: string;
  /** Hosts to go through in place of the configured ones, the first hop first. */
  readonly via?: readonly string[] | undefined;
  /** Name of the session; left out: the host's, numbered where it is taken. */
  readonly session?: string | undefined;
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
  /** Over connections of its own, on each hop: a word that no other opening has. */
  readonly anew?: string | undefined;
  /** `host` is a session's name as well, and one that is being opened under it will do. */
  readonly join?: boolean | undefined;
}

/** A session that may be opened, looked up once: what is decided on is what will be dialled. */
export interface OpenPlan {
  readonly host: ResolvedHost;
  readonly facts: HostFacts;
  readonly session?: string;
  readonly size: TerminalSize;
  readonly join: boolean;
}

/** Where a command on a channel of its own will run, looked up once: what is decided on is what will be dialled. */
export interface ExecPlan {
  readonly host: ResolvedHost;
  readonly facts: HostFacts;
  /** A session on it has shown a Unix shell. */
  readonly unix?: boolean;
}

/** A command without a session, as it is given. */
export interface ExecOrder {
  readonly command: string;
  /** What is sent for it: the command itself, or the line that goes to its directory first. */
  readonly line: string;
  readonly notEntered?: string | undefined;
  readonly stdin?: string | undefined;
  readonly secret?: SecretWanted | undefined;
  readonly pty?: boolean | undefined;
}

/** A secret of the inventory as the one line that a command is given to read; it is for programs of these names alone. */
export interface SecretWanted {
  readonly name: string;
  readonly programs: readonly string[];
}

/** A command that runs, or ran, on a channel of its own, without a session. What it says of itself is as it is now. */
export interface ExecRecord {
  /** From 1, over all hosts. */
  readonly id: number;
  readonly host: string;
  readonly command: string;
  /** Its output is what a terminal shows, stderr included. */
  readonly pty?: boolean;
  /** The session that it runs in, where it has one. */
  readonly session?: string | undefined;
  /** `not_run`: nothing of it was. `facts`: several commands, of which so many could not be read. */
  readonly end:
    | ExecEnd
    | { readonly is: "running" }
    | { readonly is: "not_run"; readonly why: string }
    | { readonly is: "facts"; readonly missing: number };
  readonly durationMs: number;
  readonly stdout: KeptOutputView;
  readonly stderr: KeptOutputView;
  /** Bytes of its input that were not sent, as it had ended. */
  readonly stdinUnsent?: number;
  /** Resolves with its end; never rejects. */
  readonly ended?: Promise<void>;
  /** Remembers how far its output has come, to go on from there. */
  mark?(): number;
  /** Undefined: nobody was told this cursor, or it is long ago. */
  marked?(cursor: number): ExecMark | undefined;
}

/** What carries a command out. */
export interface ExecWork {
  readonly ended: Promise<ExecRecord["end"]>;
  stop(why: StopReason): Promise<unknown>;
  readonly session?: string;
}

/** A place in both outputs, in bytes. */
export interface ExecMark {
  readonly out: number;
  readonly err: number;
}

interface KeptOutputView {
  /** Bytes that were printed. */
  readonly bytes: number;
  /** Of all its bytes, where it is one of a fleet. */
  digest?(): string;
  text(): KeptText;
  since(from: number): { readonly lines: readonly string[]; readonly missing: number };
}

/** One command on many hosts. What it says of itself is as it is now. */
export interface FleetRecord {
  /** Its own number; those of its members follow it. */
  readonly id: number;
  readonly command: string;
  readonly members: readonly FleetMember[];
  readonly running: boolean;
  /** No further member is begun. */
  readonly stopped?: boolean;
  readonly durationMs: number;
  /** Resolves with its end; never rejects. */
  readonly ended?: Promise<void>;
  /** How it goes from host to host; left out: as ssh_exec does. */
  readonly terms?: FleetTerms;
}

export interface FleetMember {
  readonly id: number;
  readonly host: string;
  /** `failed`: with an error, which says whether anything was run. */
  state: "waiting" | "running" | "asking" | "ended" | "failed";
  record?: ExecRecord;
  error?: SshMcpError;
  /** While it asks. */
  question?: FleetQuestion;
}

/** What a member's command asks, in the session that stays open for its answer. */
export interface FleetQuestion {
  readonly session: string;
  readonly command: number;
  /** The row that asks. */
  readonly row: string;
  readonly asked: string;
  readonly risk?: string;
  /** `key`: a single key answers it. */
  readonly submit?: "key" | "line";
  /** A result has shown it. */
  shown?: boolean;
  /** It was answered, and this came of it. */
  answered(reply: Reply): void;
}

/** How a fleet goes from host to host. */
export interface FleetTerms {
  /** The first host alone before the rest. */
  readonly first?: boolean;
  readonly stop?: StopRules;
  /** Members that run at once. */
  readonly atOnce?: number;
  /** Of one site, by `site`. */
  readonly perSite?: number;
  readonly site?: (host: string) => string | undefined;
  /** Its outcomes are grouped by what they mean: what counts as the same in them. Left out: byte for byte. */
  readonly alike?: readonly Alike[];
}

/** What outputs of several hosts may differ in and still mean the same. */
export const ALIKE = ["names", "times", "addresses", "numbers"] as const;
export type Alike = (typeof ALIKE)[number];

/** When no further member is begun: after one that did not come to a good end, one that asks, or more than so many percent. */
export interface StopRules {
  readonly error?: boolean;
  readonly question?: boolean;
  readonly percent?: number;
}

/** How long a call waits, and what ends the work. */
export interface ExecWait {
  /** Undefined: the host's default. */
  readonly timeoutMs?: number | undefined;
  /** Undefined: nothing ends it but itself, or whoever cancels it. */
  readonly limitMs?: number | undefined;
  /** Of a fleet: its number is given, and the call waits for its end. */
  readonly member?: { readonly id: number };
}

/** Commands without sessions, numbered over all hosts. Those that have ended are kept for reading, within a budget. */
export interface Execs {
  /** @throws SshMcpError `unknown_host`, `inventory_invalid`, `channel_refused` for a device that takes no exec requests. */
  plan(host: string): Promise<ExecPlan>;
  /**
   * Starts a command and waits for its end. At the wait's end it goes on; a call that is given up ends it.
   * @throws SshMcpError `limit_reached` and those of `Exec`, as long as the channel is not open.
   */
  run(plan: ExecPlan, order: ExecOrder, permit: Permit, caller: Caller, wait: ExecWait): Promise<ExecRecord>;
  /** The same for work that is done otherwise; `start` gets its number, and what takes its output. */
  runBy(
    host: string,
    order: ExecOrder,
    permit: Permit,
    caller: Caller,
    wait: ExecWait,
    start: (id: number, write: (text: string) => void) => ExecWork,
  ): Promise<ExecRecord>;
  /** Waits on for one that runs. @throws SshMcpError `unknown_command` naming those there are. */
  wait(id: number, caller: Caller, timeoutMs?: number): Promise<ExecRecord>;
  /** Ends one that runs, as well as can be. @throws SshMcpError `unknown_command`. */
  cancel(id: number, permit: Permit): Promise<ExecRecord>;
  /** @throws SshMcpError `unknown_command` naming those there are. */
  known(id: number): ExecRecord;
  /** The same; undefined: it is not known (any more), or ran on another host. */
  find(id: number, host: string): ExecRecord | undefined;
  running(): readonly ExecRecord[];
  /** Runs one command on many hosts, some at a time; it goes on behind its call. `ask`: puts a question that it came to. */
  fleet(
    command: string,
    hosts: readonly string[],
    start: (
      member: FleetMember,
      signal: AbortSignal,
      ask: (question: Omit<FleetQuestion, "answered">) => Promise<Reply | undefined>,
    ) => Promise<ExecRecord>,
    terms?: FleetTerms,
  ): FleetRecord;
  /** A fleet by its number; undefined: it is none, or no longer kept. */
  findFleet(id: number): FleetRecord | undefined;
  /** Waits for its end, or until nothing of it runs and some ask; a call that is given up ends nothing. `cancels`: it ends the fleet. */
  waitFleet(fleet: FleetRecord, caller: Caller, timeoutMs?: number, cancels?: boolean): Promise<FleetRecord>;
  /** Ends it as well as can be. */
  cancelFleet(fleet: FleetRecord, permit: Permit): Promise<FleetRecord>;
}

/**
 * All sessions of this process. What changes anything demands a permit, and only access/ has one to give. Errors are
 * SshMcpError: unknown_session, unknown_host, busy, not_ready, session_closed, limit_reached and those of
 * Transport.openPty.
 */
export interface Multiplexer {
  hosts(): Promise<{ hosts: readonly HostSummary[]; notes: readonly string[] }>;
  /** @throws SshMcpError `unknown_host`, `inventory_invalid`, `invalid_argument`. */
  plan(request: OpenRequest): Promise<OpenPlan>;
  /**
   * Opens a session and waits for its first prompt. The opening belongs to nobody's wait: it goes on when the caller stops
   * waiting. @throws SshMcpError `name_taken`, `limit_reached` and those of Transport.openPty.
   */
  open(plan: OpenPlan, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply>;
  run(session: string, order: Order, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply>;
  /** Types bytes, then waits for what comes of it. */
  send(session: string, bytes: Buffer, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply>;
  /** Resizes the terminal; what is missing stays as it is. @throws SshMcpError `invalid_argument` naming the bounds. */
  resize(session: string, size: Partial<TerminalSize>, permit: Permit): void;
  /** Waits for news after `cursor` (default: where the caller's last result ended), or returns at once when there is some. */
  read(session: string, cursor: number | undefined, caller: Caller, wait: WaitOptions): Promise<Reply>;
  /** A session that is open or closed; undefined: there is none, or it is still being opened. */
  find(session: string): SessionView | undefined;
  /** @throws SshMcpError `unknown_session` naming the open ones. Never opens. */
  view(session: string): SessionView;
  /** What an action on a session is done to. @throws SshMcpError `unknown_session`. */
  target(session: string): Target;
  /** What the caller has to be told, once, before a command of its opens a closed session anew; undefined: nothing. */
  farewell(session: string, caller: Caller): SshMcpError | undefined;
  sessions(): readonly SessionView[];
  /** Sessions that are not open here (any more); left out: nothing is known of any. */
  readonly past?: PastSessions;
  /** The terminal of an open session, for a person; whoever types there needs a permit. @throws SshMcpError. */
  attach?(session: string): Attachment;
  /** `why`: what is said of it afterwards, where ssh_disconnect was not it. */
  disconnect(session: string, permit: Permit, why?: string): Promise<SessionView>;
  readonly execs: Execs;
  /** Closes everything; resolves within 2 s. */
  dispose(): Promise<void>;
}

/** An owner whose caller has gone. */
export interface Retiring {
  /** Closes the sessions in which no command runs; true: nothing is open or runs any more. */
  retire(why: string): Promise<boolean>;
}
