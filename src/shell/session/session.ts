import { type Clock, systemClock } from "../../base/clock.ts";
import type { Echo, Line, SessionFacts } from "../../base/contract/action.ts";
import type { Caller } from "../../base/contract/caller.ts";
import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Catalog } from "../../devices/catalog.ts";
import type { ResolvedHost, TerminalSize } from "../../inventory/host.ts";
import type { PtyChannel } from "../../ssh/contract.ts";
import { encodeKeys, encodeText, type Key, PLAIN_MODES, parseKeys } from "../../terminal/keys.ts";
import { createScreen, type Screen } from "../../terminal/screen.ts";
import { Transcript } from "../../terminal/transcript.ts";
import type { CleanText, ScreenView } from "../../terminal/types.ts";
import type { CleanRows, SessionPty } from "../pty/session-pty.ts";
import { type Command, CommandLog } from "../record/command-log.ts";
import { SessionEvents } from "../record/events.ts";
import type { Outcome, State } from "../record/outcome.ts";
import { compilePattern, PatternWatch } from "../record/pattern-watch.ts";
import { textOfRange, withoutAlternateScreen } from "../record/text-of-range.ts";
import { type Wait, Waits } from "../record/waits.ts";
import { ptyMaker } from "./pty-maker.ts";
import { type Reader, Readers } from "./readers.ts";

/** Longest command text in bytes; beyond it a file is the better way. */
const COMMAND_LIMIT = 1024 * 1024;

export interface SessionOptions {
  readonly name: string;
  readonly host: ResolvedHost;
  readonly clock?: Clock;
  /** Device profiles; without them only POSIX shells are known. */
  readonly catalog?: Catalog;
}

/** How long and for what a call waits. */
export interface WaitRequest {
  readonly timeoutMs: number;
  /** RE2 pattern over new output. */
  readonly waitFor?: string;
  readonly signal?: AbortSignal;
}

/** Where a session stands, for lists. */
export type SessionState = "starting" | "ready" | "busy" | "asking" | "screen" | "raw" | "closed";

/**
 * One named session. It outlives its channel: closed it stays readable, and a new channel may be attached, whose shell is
 * a new shell; transcript and command ids go on.
 */
export class Session {
  readonly name: string;
  host: ResolvedHost;
  readonly transcript: Transcript;
  readonly log = new CommandLog();
  readonly openedAt: number;
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #catalog: Catalog | undefined;
  #pty: SessionPty | undefined;
  #screen: Screen | undefined;
  #size: TerminalSize;
  #lastActivity: number;
  readonly #readers = new Readers();
  readonly #events = new SessionEvents();
  /** Where the present channel's life began: transcript cursor, clock time, id of the last command before it. */
  #began = { at: 0, time: 0, after: 0 };

  constructor(options: SessionOptions) {
    this.name = options.name;
    this.host = options.host;
    this.#catalog = options.catalog;
    this.#clock = options.clock ?? systemClock;
    this.#waits = new Waits(this.#clock);
    this.transcript = new Transcript(options.host.limits.transcriptBytes);
    this.openedAt = this.#clock.wallTime();
    this.#lastActivity = this.#clock.now();
    this.#size = { cols: options.host.terminal.cols, rows: options.host.terminal.rows };
  }

  /** Takes a fresh channel and lets its shell come up; `firstPrompt` waits for it. */
  async attach(channel: PtyChannel, size: TerminalSize, _permit: Permit): Promise<void> {
    this.touch();
    this.#size = size;
    const make = await ptyMaker(this.host, this.#catalog, this.#clock);
    this.#collectNotes();
    this.#pty?.dispose();
    this.#screen?.dispose();
    const again = this.#pty !== undefined;
    this.#screen = await createScreen({
      ...size,
      replies: REPLIES,
      onReply: (bytes) => this.#pty?.reply(bytes),
    });
    if (again) this.transcript.append(Buffer.from("\r\n--- new shell ---\r\n"));
    const sinks = { transcript: this.transcript, screen: this.#screen, log: this.log, waits: this.#waits };
    const pty = await make(channel, sinks, (from, to) => {
      if (this.#pty === from) this.#pty = to;
      return this.#pty === to;
    });
    this.#pty = pty;
    this.#began = { at: this.transcript.end, time: this.#clock.now(), after: this.log.last?.id ?? 0 };
    pty.start();
  }

  /** Waits until the shell that was attached last has its first prompt. */
  async firstPrompt(caller: Caller, request: WaitRequest): Promise<Outcome> {
    const { at: from, time: since } = this.#began;
    const reader = this.#readers.of(caller.id, from);
    const pty = this.#pty;
    const done: State = { state: "done", evidence: pty?.evidence ?? "prompt" };
    const now = pty?.end ? pty.closedState() : (pty?.standing ?? (pty?.ready ? done : undefined));
    const state =
      now ??
      (await this.#await(
        { about: "ready", command: 0, anyAfter: undefined, since: from, watch: undefined },
        request,
      ));
    return this.#outcome({ state, command: undefined, from, since, request, reader });
  }

  /** Remarks on the commands that the last channel left without an end. */
  get cutOff(): readonly string[] {
    return this.log.all().flatMap(({ id, remarks }) => (id > this.#began.after ? remarks : []));
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** Its channel is gone; before the first one the session is still starting. */
  get closed(): boolean {
    return this.#pty?.end !== undefined;
  }

  /** A command or a program has the terminal; idle expiry must not touch it. A line nobody entered is none. */
  get busy(): boolean {
    return !this.closed && this.log.running !== undefined && this.#pty?.unsent !== true;
  }

  /** Why the session is closed; undefined while it is open. */
  get closedBecause(): string | undefined {
    if (!this.closed) return undefined;
    const state = this.#pty?.closedState();
    return state?.state === "closed" ? state.detail : undefined;
  }

  get idleMs(): number {
    return this.#clock.now() - this.#lastActivity;
  }

  get state(): SessionState {
    const pty = this.#pty;
    if (!pty) return "starting";
    if (pty.end) return "closed";
    const standing = pty.standing?.state;
    if (standing === "asking" || standing === "screen") return standing;
    if (this.log.running) return "busy";
    if (!pty.ready) return "starting";
    return pty.unframed ? "raw" : "ready";
  }

  get framing(): string {
    return this.#pty?.framingText ?? "connecting";
  }

  get cwd(): string | undefined {
    return this.closed ? undefined : this.#pty?.cwd;
  }

  get level(): number {
    return this.#pty?.level ?? 1;
  }

  /** Network CLI: mode and hostname of its last prompt. */
  get place(): SessionPty["place"] {
    return this.#pty?.place;
  }

  /** Where the session stands now, for who decides on an action. */
  facts(): SessionFacts {
    const pty = this.#pty;
    const standing = pty?.standing;
    const running = this.log.running;
    const state = this.#factsState();
    const asks = standing?.state === "asking" ? standing : undefined;
    const facts = {
      name: this.name,
      state,
      ...(running === undefined ? {} : { command: running.id }),
      ...(asks === undefined ? {} : { asked: asks.asked }),
      ...(this.place === undefined ? {} : { mode: this.place.mode }),
      level: this.level,
    };
    if (state === "prompt" || state === "unsent" || state === "ended") return facts;
    const rowNow = () => this.screen().cursorText;
    return {
      ...facts,
      // Read by who wants to know: in a flood of output the screen has to catch up first.
      get row() {
        return rowNow();
      },
    };
  }

  #factsState(): string {
    const { state } = this;
    const standing = this.#pty?.standing;
    if (state === "closed") return "ended";
    // A line that nobody entered waits for its Enter, which reads like a question; a password being typed is one.
    const secret = standing?.state === "asking" && standing.asked === "password";
    if (this.#pty?.unsent && !secret) return "unsent";
    if (state === "asking" || state === "screen" || state === "starting") return state;
    return state === "busy" ? "running" : "prompt";
  }

  /** The physical lines a command will be entered as. @throws SshMcpError `invalid_argument`. */
  expand(text: string, _mode?: string): readonly Line[] {
    return commandBody(text)
      .split(/\r\n?|\n/)
      .map((line) => ({ text: line, why: "command" }));
  }

  /** The bytes of an input in the terminal's present modes. @throws SshMcpError `invalid_argument`. */
  encode(input: TypedInput): Buffer {
    const modes = this.#screen?.view().modes ?? PLAIN_MODES;
    return input.kind === "keys"
      ? encodeKeys(input.keys, modes)
      : encodeText(input.text, modes, { enter: input.enter });
  }

  /** Exactly the platform's interrupt key, and nothing else. */
  isInterrupt(bytes: Buffer): boolean {
    return encodeKeys(parseKeys(this.#pty?.interruptKey ?? "<C-c>"), PLAIN_MODES).equals(bytes);
  }

  /** Does the terminal show what is typed? */
  async echo(): Promise<Echo> {
    const standing = this.#pty?.standing;
    if (standing?.state !== "asking") return "unknown";
    if (standing.asked === "password") return "off";
    return standing.evidence === "kernel" && standing.asked === "line" ? "on" : "unknown";
  }

  /** Runs one command. @throws SshMcpError `busy`, `not_ready`, `session_closed`, `invalid_argument`. */
  async run(order: Order, _permit: Permit, caller: Caller, request: WaitRequest): Promise<Outcome> {
    this.touch();
    const { text, ...options } = order;
    const body = commandBody(text);
    const reader = this.#readers.of(caller.id, this.transcript.end);
    const find = request.waitFor === undefined ? undefined : await compilePattern(request.waitFor);
    const pty = this.#open();
    const command = await pty.submit(body, options);
    const from = this.transcript.end;
    // The command's own text stands before its output and must not match.
    const outputFrom = () => (command.begun ? command.range.from : undefined);
    const watch = find && new PatternWatch(this.transcript, find, outputFrom);
    const state = await this.#await(
      { about: "command", command: command.id, anyAfter: undefined, since: from, watch },
      request,
    );
    // Stranded in a nested shell that ended: what is known is the end of the command that held that shell.
    const told = command.stranded ? (this.log.lastHolder ?? command) : command;
    return this.#outcome({
      state,
      command: told,
      from: command.range.from,
      since: command.startedAt,
      watch,
      request,
      reader,
    });
  }

  /** Types bytes, then waits for what comes of it. @throws SshMcpError `session_closed`, `invalid_argument`. */
  async send(input: SessionInput, _permit: Permit, caller: Caller, request: WaitRequest): Promise<Outcome> {
    this.touch();
    const reader = this.#readers.of(caller.id, this.transcript.end);
    const find = request.waitFor === undefined ? undefined : await compilePattern(request.waitFor);
    const pty = this.#open();
    const from = this.#unshown(reader);
    const watch = find && new PatternWatch(this.transcript, find, this.transcript.end);
    pty.type(input.bytes);
    const command = this.log.running;
    const state = await this.#await(
      { about: "news", command: command?.id ?? 0, anyAfter: undefined, since: from, watch },
      request,
    );
    const told = command?.stranded ? this.log.lastHolder : command;
    return this.#outcome({ state, command: told, from, since: command?.startedAt, watch, request, reader });
  }

  /**
   * Waits for the session to settle; `untilSettled` false: any byte behind `cursor` is enough, and what is already there
   * is returned at once.
   */
  async read(
    cursor: number | undefined,
    untilSettled: boolean,
    caller: Caller,
    request: WaitRequest,
  ): Promise<Outcome> {
    this.touch();
    const reader = this.#readers.of(caller.id, this.transcript.start);
    const from = cursor ?? this.#unshown(reader);
    if (from < 0 || from > this.transcript.end) {
      throw new SshMcpError(
        "invalid_argument",
        `cursor ${from} lies outside this session's output (${this.transcript.start} to ${this.transcript.end})`,
        "Take the cursor from a status line, or leave it out to read what is new.",
      );
    }
    const find = request.waitFor === undefined ? undefined : await compilePattern(request.waitFor);
    const now = this.#standing();
    const watch = find && new PatternWatch(this.transcript, find, from);
    if (now && (now.state.state === "closed" || !watch)) {
      // A screen is worth waiting on when the caller asks for it and nothing new is there; a question is not.
      const waitsForChange = untilSettled && now.state.state === "screen" && this.transcript.end <= from;
      if (!waitsForChange) return this.#outcome({ ...now, from, reads: true, request, reader });
    }
    const command = this.log.running;
    if (!watch && !now && !untilSettled && this.transcript.end > from)
      return this.#outcome({ state: NEWS, command, from, reads: true, request, reader });
    const anyAfter = untilSettled || watch ? undefined : from;
    const about = this.#pty?.ready ? "news" : "ready";
    const state = await this.#await(
      { about, command: command?.id ?? 0, anyAfter, since: from, watch },
      request,
    );
    return this.#outcome({ state, command, from, watch, reads: true, request, reader });
  }

  /** What holds now without waiting for anything, and the command it is about; undefined while something runs. */
  #standing(): { readonly state: State; readonly command: Command | undefined } | undefined {
    const pty = this.#pty;
    const { last, running } = this.log;
    if (!pty || pty.end) return { state: pty?.closedState() ?? CLOSED, command: last };
    if (pty.standing) return { state: pty.standing, command: running };
    if (running || !pty.ready) return undefined;
    if (last?.holdsShell && last.endedAt === undefined) {
      const row = visibleLine(pty.sinks.screen.cursorRowText(), 200);
      return { state: { state: "asking", asked: "shell", evidence: "sentinel", row }, command: last };
    }
    // A command whose end nobody saw is not what "done" is about.
    const command = last?.state === "done" ? last : undefined;
    return { state: { state: "done", evidence: pty.evidence }, command };
  }

  resize(size: TerminalSize, _permit: Permit): void {
    this.touch();
    const pty = this.#open();
    this.#size = size;
    pty.channel.resize(size.cols, size.rows);
    pty.sinks.screen.resize(size.cols, size.rows);
  }

  /** Closes the channel; `reason` becomes the outcome's detail. Resolves when the channel is gone or after 1 s. */
  async close(reason: string): Promise<void> {
    const pty = this.#pty;
    if (!pty || pty.end) return;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(1000, resolve);
      pty.channel.onClose(() => {
        timer.dispose();
        resolve();
      });
      pty.close(reason);
    });
  }

  dispose(): void {
    this.#pty?.dispose();
    this.#screen?.dispose();
  }

  screen(): ScreenView {
    const screen = this.#screen;
    if (!screen)
      return {
        rows: [],
        cursor: { row: 0, col: 0 },
        cursorText: "",
        size: this.#size,
        alternate: false,
        modes: { applicationCursorKeys: false, bracketedPaste: false, mouse: false },
        title: "",
        version: 0,
        stale: false,
      };
    screen.flush();
    return screen.view();
  }

  changedRows(since: number): readonly { readonly row: number; readonly text: string }[] {
    this.#screen?.flush();
    return this.#screen?.changedRows(since) ?? [];
  }

  /** Rendered text of [from, to); a command's first bytes are still there when the budget has pruned its middle. */
  async text(from: number, to: number): Promise<CleanText & Pick<CleanRows, "asides">> {
    const commands = this.log.all();
    const whole = commands.find((command) => command.range.from === from);
    const within = whole ?? commands.find(({ range }) => range.from <= from && from < range.to);
    const held = this.transcript.read(from, to);
    // What a pager drew on the alternate screen is the output itself.
    const bytes = within?.pages === undefined ? held.bytes : withoutAlternateScreen(held.bytes);
    const text = await textOfRange({ ...held, bytes }, whole?.range.head(), this.#size);
    const clean = this.#pty?.clean?.(text.lines, whole);
    return { ...text, lines: clean?.lines ?? text.lines, asides: clean?.asides ?? [] };
  }

  /** The caller did something; idle expiry starts over. */
  touch(): void {
    this.#lastActivity = this.#clock.now();
  }

  #open(): SessionPty {
    const pty = this.#pty;
    if (pty && !pty.end) return pty;
    throw new SshMcpError(
      "session_closed",
      `session ${this.name} is closed`,
      `ssh_connect(host: "${this.host.name}", session: "${this.name}") opens a new shell; ssh_read still shows what was printed.`,
    );
  }

  #unshown(reader: Reader): number {
    return Math.max(reader.shownTo, this.transcript.start);
  }

  /** What was noted since the last look becomes events. */
  #collectNotes(): void {
    for (const { id, notes } of this.log.all())
      for (const note of notes.splice(0)) this.#events.add(note, id);
    for (const note of this.#pty?.notes.splice(0) ?? []) this.#events.add(note);
  }

  async #await(wait: Wait, request: WaitRequest): Promise<State> {
    const pty = this.#pty;
    const waiting = this.#waits.start(wait, request.timeoutMs, request.signal);
    if (!pty?.standing) pty?.attend();
    const state = await waiting;
    if (state.state !== "running" || state.evidence === "matched" || !pty || pty.end) return state;
    // A program that never stops drawing is a screen all the same.
    const drawing: State = { state: "screen", evidence: "alternate_screen" };
    return pty.standing ?? (pty.sinks.screen.view().alternate ? drawing : state);
  }

  #outcome(told: Told): Outcome {
    const { state, command, from, watch, request, reader } = told;
    const pty = this.#pty;
    const ended = command?.endedAt;
    const within = command !== undefined && (told.reads ? from < command.range.to : from <= command.range.to);
    const to = ended !== undefined && within ? (command?.range.to ?? from) : this.transcript.end;
    this.#collectNotes();
    // A caller who went away has seen nothing: its next read starts where this one did.
    const gone = request.signal?.aborted === true;
    reader.show(gone ? from : to);
    const notes = [...(command?.remarks ?? []), ...(gone ? [] : reader.meet(this.#events, command?.id))];
    if (state.state === "running" && command && !command.begun)
      notes.push("the shell has not taken the line yet; it was typed once and is not sent again");
    if (
      state.state !== "done" &&
      state.state !== "closed" &&
      command &&
      command === this.log.running &&
      pty?.pending
    )
      notes.push(pty.pending);
    if (state.state === "running" && command?.begun && pty?.interruptKey !== undefined)
      notes.push(`on this device ssh_send keys ${pty.interruptKey} interrupts`);
    if (watch && watch.missed > 0)
      notes.push(`${watch.missed} bytes were pruned before wait_for could search them`);
    const endedSo = state.state === "done" || (state.state === "closed" && command?.state === "closed");
    return {
      ...state,
      session: this.name,
      command: command?.id ?? 0,
      ...(command?.exit !== undefined && endedSo ? { exit: command.exit } : {}),
      ...(this.cwd !== undefined ? { cwd: this.cwd } : {}),
      ...placeOf(endedSo ? (command ?? this.place) : this.place),
      ...(command?.errors && endedSo ? { errors: command.errors } : {}),
      durationMs: (ended ?? this.#clock.now()) - (told.since ?? command?.startedAt ?? this.#clock.now()),
      level: this.level,
      from,
      to,
      notes,
    };
  }
}

/** A command as it will be entered. @throws SshMcpError `invalid_argument`. */
function commandBody(text: string): string {
  const body = text.replace(/[\r\n]+$/, "");
  if (body.trim() === "")
    throw new SshMcpError(
      "invalid_argument",
      "the command is empty",
      "ssh_read shows what the session printed.",
    );
  if (body.includes("\0")) throw new SshMcpError("invalid_argument", "a command cannot hold a NUL character");
  if (Buffer.byteLength(body) > COMMAND_LIMIT)
    throw new SshMcpError(
      "invalid_argument",
      `the command has more than ${COMMAND_LIMIT} bytes`,
      "Write it to a file on the host first.",
    );
  return body;
}

function placeOf(
  place: { readonly mode?: string; readonly host?: string | undefined } | undefined,
): Pick<Outcome, "mode" | "host"> {
  const { mode, host } = place ?? {};
  return { ...(mode === undefined ? {} : { mode }), ...(host === undefined ? {} : { host }) };
}

/** What an outcome is made of. */
interface Told {
  readonly state: State;
  readonly command: Command | undefined;
  readonly from: number;
  /** Clock time the duration counts from; left out: the command's start. */
  readonly since?: number | undefined;
  readonly watch?: PatternWatch | undefined;
  /** A read shows everything behind its cursor, not one command's output. */
  readonly reads?: boolean;
  readonly request: WaitRequest;
  readonly reader: Reader;
}

/** A command to run. */
export interface Order {
  readonly text: string;
  /** Network CLI: mode of the profile to be in first. */
  readonly mode?: string;
  /** Network CLI: type the lines behind one that failed as well. */
  readonly keepGoing?: boolean;
}

/** What `send` writes: the bytes, and how they read for people. */
export interface SessionInput {
  readonly bytes: Buffer;
  readonly shown: string;
}

/** Keys or text, still to be encoded. */
export type TypedInput =
  | { readonly kind: "keys"; readonly keys: readonly Key[] }
  | { readonly kind: "text"; readonly text: string; readonly enter: boolean };

/** A read that wanted whatever is new got it. */
const NEWS: State = { state: "running", evidence: "output" };

const CLOSED: State = { state: "closed", evidence: "disconnect", detail: "never opened" };

/** Shells and editors size the screen by these; everything else stays unanswered. */
const REPLIES = { cursorPosition: true, status: true, primaryAttributes: true } as const;
