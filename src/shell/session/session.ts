import { type Clock, systemClock } from "../../base/clock.ts";
import type { Line, SessionFacts } from "../../base/contract/action.ts";
import type { Caller } from "../../base/contract/caller.ts";
import type { Permit } from "../../base/contract/permit.ts";
import type { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost, TerminalSize } from "../../inventory/host.ts";
import type { OpenedPty } from "../../ssh/contract.ts";
import { REPLIES } from "../../terminal/replies.ts";
import { createScreen, type Screen } from "../../terminal/screen.ts";
import { Transcript } from "../../terminal/transcript.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { Echo, FarEnd, Order } from "../pty/framing.ts";
import { Keyboard } from "../pty/keyboard.ts";
import { Pty } from "../pty/pty.ts";
import { resizeAll } from "../pty/sinks.ts";
import { isUnsent } from "../pty/state.ts";
import { CommandLog } from "../record/command-log.ts";
import { SessionEvents } from "../record/events.ts";
import type { Outcome, State } from "../record/outcome.ts";
import { PatternWatch } from "../record/pattern-watch.ts";
import { type Settled, type Wait, Waits } from "../record/waits.ts";
import { assertWithin, awaited } from "./awaited.ts";
import { BLANK } from "./blank-screen.ts";
import { commandBody } from "./command-body.ts";
import { encoded } from "./encoded.ts";
import { framingOf } from "./far-end.ts";
import { anotherShell, type ClosedBy, Farewell, lostShell, nestedBefore, sessionClosed } from "./farewell.ts";
import { Lifetime } from "./lifetime.ts";
import type { SessionOptions } from "./options.ts";
import { type Ended, outcomeOf } from "./outcome-of.ts";
import { asItStands, atPrompt, NEWS, presentState, sessionState } from "./present-state.ts";
import { type Reader, Readers } from "./readers.ts";
import { recordingOf } from "./recorded.ts";
import { type SessionRows, sessionText } from "./session-text.ts";
import type { SessionState, TypedInput, WaitRequest } from "./types.ts";

/**
 * One named session. It outlives its channel: closed it stays readable, and a new channel may be attached, whose shell is
 * a new shell; transcript and command ids go on.
 */
export class Session {
  readonly name: string;
  host: ResolvedHost;
  readonly transcript: Transcript;
  readonly log = new CommandLog();
  readonly keyboard = new Keyboard();
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #readers = new Readers();
  readonly #events = new SessionEvents();
  #pty: Pty | undefined;
  #screen: Screen | undefined;
  #size: TerminalSize;
  readonly #lifetime: Lifetime;
  /** Where the present channel's life began: transcript cursor, clock time, id of the last command before it. */
  #began = { at: 0, time: 0, after: 0 };
  readonly #farewell = new Farewell();

  constructor(options: SessionOptions) {
    this.name = options.name;
    this.host = options.host;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#waits = new Waits(this.#clock);
    this.transcript = new Transcript(options.host.limits.transcriptBytes);
    this.#lifetime = new Lifetime(this.#clock);
    this.#size = { cols: options.host.terminal.cols, rows: options.host.terminal.rows };
  }

  /** Takes a fresh channel and lets its shell come up; `firstPrompt` waits for it. */
  async attach(opened: OpenedPty, host: ResolvedHost, size: TerminalSize, permit: Permit): Promise<void> {
    this.touch();
    const { readSecret, onPut } = this.#options;
    const { name, log } = this;
    const framing = await framingOf(host, this.#options, opened, this.#clock);
    // Nothing of the old life is touched before nothing can fail any more.
    this.host = host;
    this.#size = size;
    this.#collectNotes();
    this.#pty?.dispose();
    this.#screen?.dispose();
    const again = this.#pty !== undefined;
    this.#screen = await createScreen({
      ...size,
      replies: REPLIES,
      onReply: (bytes) => this.#pty?.reply(bytes),
    });
    if (again) this.log.renewed(this.transcript);
    const recorded = await recordingOf(this.#options, { name, host, size, log, events: this.#events });
    const sinks = { transcript: this.transcript, screen: this.#screen, log, waits: this.#waits, ...recorded };
    const far = { opened, framing, readSecret, keyboard: this.keyboard };
    this.#pty = new Pty({ ...far, sinks, clock: this.#clock, permit, onPut });
    this.#began = { at: this.transcript.end, time: this.#clock.now(), after: this.log.last?.id ?? 0 };
    this.#lifetime.begun();
    opened.channel.onClose(() => this.#lifetime.ended());
    this.#pty.start();
  }

  /** Waits until the shell that was attached last has its first prompt. */
  async firstPrompt(caller: Caller, request: WaitRequest): Promise<Outcome> {
    const { at: from, time: since } = this.#began;
    const reader = this.#readers.of(caller.id, from);
    const pty = this.#pty;
    const done: State = { state: "done", evidence: pty?.far.evidence ?? "prompt" };
    const now = pty?.end ? pty.closedState() : (pty?.standing ?? (pty?.ready ? done : undefined));
    const wait: Wait = { about: "ready", command: 0, anyAfter: undefined, since: from, watch: undefined };
    const { state } = now ? { state: now } : await this.#await(wait, request, caller);
    return this.#outcome({ state, command: undefined, from, since, reader }, caller);
  }

  /** What the last channel left: the account in front, where that was not the login's, and commands without an end. */
  get cutOff(): readonly string[] {
    const cut = this.log.all().flatMap(({ id, cut }) => (id > this.#began.after && cut ? [cut] : []));
    return [...nestedBefore(this.level), ...cut];
  }

  /** The parts that an attachment looks at. */
  get live() {
    return { pty: this.#pty, screen: this.#screen, events: this.#events };
  }

  /** Milliseconds since 1970. */
  get openedAt(): number {
    return this.#lifetime.openedAt;
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
    return !this.closed && this.log.running !== undefined && !isUnsent(this.#pty?.state);
  }

  /** Milliseconds since it was closed; 0 while it is open. */
  get closedMs(): number {
    return this.#lifetime.closedMs;
  }

  /** How the session was closed, and why; undefined while it is open. */
  get closedAs(): Extract<State, { state: "closed" }> | undefined {
    const state = this.closed ? this.#pty?.closedState() : undefined;
    return state?.state === "closed" ? state : undefined;
  }

  /**
   * What a caller has to be told before a command of its opens a new shell under this name: once, that the old one is gone, and
   * what was lost with it. Undefined: the end was its own or that of an idle session, or it has been told, or it is open.
   */
  farewell(caller: string): SshMcpError | undefined {
    const closed = this.closedAs;
    if (closed === undefined || !this.#farewell.owed(caller, this.#lifetime.shells, closed.evidence))
      return undefined;
    return lostShell(this.name, closed.detail, this.cutOff);
  }

  /** Milliseconds since a caller last acted. */
  get idleMs(): number {
    return this.#lifetime.idleMs;
  }

  get state(): SessionState {
    return sessionState(this.#pty, this.log);
  }

  get framing(): string {
    return this.#pty?.far.text ?? "starting";
  }

  get cwd(): string | undefined {
    return this.closed ? undefined : this.#pty?.far.cwd;
  }

  get level(): number {
    return this.#pty?.far.level ?? 1;
  }

  /** Network CLI: mode and hostname of its last prompt. */
  get place(): FarEnd["place"] {
    return this.#pty?.far.place;
  }

  /** Echoes of typed secrets that were kept from being shown. */
  get masked(): number {
    return this.#pty?.far.masked ?? 0;
  }

  /** Where the session is now, for who decides on an action. */
  facts(): SessionFacts {
    const { last } = this.log;
    const own = { name: this.name, life: this.#lifetime.shells, ...(last && { given: last.id }) };
    return { ...own, ...(this.#pty?.facts() ?? { state: "starting", level: 1 }) };
  }

  /** The physical lines a command will be entered as, mode steps included. @throws SshMcpError `invalid_argument`. */
  expand(order: Order): readonly Line[] {
    return this.#open().far.expand({ ...order, text: commandBody(order.text) });
  }

  /** The bytes of an input in the terminal's present modes. @throws SshMcpError `invalid_argument`. */
  encode(input: TypedInput): Buffer {
    return encoded(input, this.screen());
  }

  /** Exactly the platform's interrupt key, and nothing else. */
  isInterrupt(bytes: Buffer): boolean {
    return this.#pty?.isInterrupt(bytes) ?? false;
  }

  /** Does the terminal show what is typed? `kernel`: on that one's word alone. Answers within 1 s. */
  async echo(by?: "kernel"): Promise<Echo> {
    return this.closed ? "unknown" : ((await this.#pty?.echo(by)) ?? "unknown");
  }

  /** Runs one command. @throws SshMcpError `busy`, `not_ready`, `session_closed`, `invalid_argument`. */
  async run(order: Order, permit: Permit, caller: Caller, request: WaitRequest): Promise<Outcome> {
    this.touch();
    const reader = this.#readers.of(caller.id, this.transcript.end);
    const find = awaited(request);
    const command = await this.#decided(permit).submit({ ...order, text: commandBody(order.text) }, permit);
    permit.turn?.typed();
    const from = this.transcript.end;
    // The command's own text comes before its output and must not match.
    const outputFrom = () => (command.begun ? command.range.from : undefined);
    const watch = find && new PatternWatch(this.transcript, find, outputFrom);
    const wait: Wait = { about: "command", command: command.id, anyAfter: undefined, since: from, watch };
    const { state } = await this.#await(wait, request, caller);
    // Stranded in a nested shell that ended: what is known is the end of the command that held that shell.
    const about = command.stranded ? (this.log.lastHolder ?? command) : command;
    const since = command.startedAt;
    return this.#outcome({ state, command: about, from: command.range.from, since, watch, reader }, caller);
  }

  /** Types bytes, then waits for the result. @throws SshMcpError `session_closed`, `not_ready`. */
  async send(bytes: Buffer, permit: Permit, caller: Caller, request: WaitRequest): Promise<Outcome> {
    this.touch();
    const reader = this.#readers.of(caller.id, this.transcript.end);
    const find = awaited(request);
    const pty = this.#decided(permit);
    if (!pty.isInterrupt(bytes)) await pty.editor.reads();
    const from = this.#unshown(reader);
    const watch = find && new PatternWatch(this.transcript, find, this.transcript.end);
    pty.type(bytes, permit);
    permit.turn?.typed();
    const front = this.log.running;
    const wait: Wait = { about: "news", command: front?.id ?? 0, anyAfter: undefined, since: from, watch };
    const settled = await this.#await(wait, request, caller);
    const command = front?.stranded ? this.log.lastHolder : (settled.command ?? front);
    return this.#outcome({ state: settled.state, command, from, watch, reader }, caller);
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
    assertWithin(from, this.transcript);
    const find = awaited(request);
    const since = this.#clock.now();
    const shown = (ended: Omit<Ended, "gone" | "from" | "reads" | "reader" | "watch">) =>
      this.#outcome({ ...ended, from, watch, reads: true, reader }, caller);
    const now = presentState(this.#pty, this.log);
    const watch = find && new PatternWatch(this.transcript, find, from);
    if (now && (now.state.state === "closed" || !watch)) {
      // A screen is worth waiting on when the caller asks for it and nothing new is there; a question is not.
      const waitsForChange = untilSettled && now.state.state === "screen" && this.transcript.end <= from;
      if (!waitsForChange) return shown(now);
    }
    const front = this.log.running;
    if (!watch && !now && !untilSettled && this.transcript.end > from)
      return shown({ state: NEWS, command: front });
    const anyAfter = untilSettled || watch ? undefined : from;
    const about = this.#pty?.ready ? "news" : "ready";
    const wait: Wait = { about, command: front?.id ?? 0, anyAfter, since: from, watch };
    const { state, command = this.log.running ?? front } = await this.#await(wait, request, caller);
    const idle = command === undefined && presentState(this.#pty, this.log)?.state;
    if (idle && (idle.state === "done" || idle.state === "ready"))
      return shown({ state: atPrompt(state, idle), command, since });
    return shown({ state, command });
  }

  /** Types what a person types; nothing is waited for. */
  put(bytes: Buffer, permit: Permit): void {
    this.touch();
    this.#open().type(bytes, permit);
  }

  resize(size: TerminalSize, _permit: Permit): void {
    this.touch();
    const pty = this.#open();
    this.#size = size;
    resizeAll(pty, size);
  }

  /** Closes the channel; `reason` becomes the outcome's detail. Resolves when the channel is gone or after 1 s. */
  async close(reason: string, by?: ClosedBy): Promise<void> {
    const pty = this.#pty;
    if (!pty || pty.end) return;
    this.#farewell.closing(this.#lifetime.shells, by);
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
    this.#screen?.flush();
    return this.#screen?.view() ?? { ...BLANK, size: this.#size };
  }

  changedRows(since: number): readonly { readonly row: number; readonly text: string }[] {
    this.#screen?.flush();
    return this.#screen?.changedRows(since) ?? [];
  }

  /** Rendered text of [from, to); a command's first bytes are still there when the budget has pruned its middle. */
  text(from: number, to: number): Promise<SessionRows> {
    const { log, transcript } = this;
    return sessionText(from, to, { log, transcript, size: this.#size, pty: this.#pty });
  }

  /** The caller did something; idle expiry starts over. */
  touch(): void {
    this.#lifetime.touch();
  }

  #open(): Pty {
    const pty = this.#pty;
    if (pty && !pty.end) return pty;
    throw sessionClosed(this.name, this.host.name);
  }

  /** The shell that was decided on, and no other that was opened under its name since. */
  #decided({ at }: Permit): Pty {
    const pty = this.#open();
    if (at?.life === undefined || at.life === this.#lifetime.shells) return pty;
    throw anotherShell(this.name);
  }

  #unshown(reader: Reader): number {
    return Math.max(reader.shownTo, this.transcript.start);
  }

  /** What was noted since the last call becomes events. */
  #collectNotes(): void {
    for (const { id, note } of this.log.takeNotes()) this.#events.add(note, id);
    for (const note of this.#pty?.notes.splice(0) ?? []) this.#events.add(note);
  }

  async #await(wait: Wait, request: WaitRequest, caller: Caller): Promise<Settled> {
    const pty = this.#pty;
    const waiting = this.#waits.start(wait, request.timeoutMs, caller.signal);
    if (!pty?.standing) pty?.attend();
    const settled = await waiting;
    return pty === undefined ? settled : asItStands(settled, pty);
  }

  #outcome(ended: Omit<Ended, "gone">, caller: Caller): Outcome {
    this.#collectNotes();
    if (ended.state.state === "closed" && !caller.signal.aborted)
      this.#farewell.saw(caller.id, this.#lifetime.shells);
    return outcomeOf(
      { ...ended, gone: caller.signal.aborted },
      {
        session: this.name,
        pty: this.#pty,
        log: this.log,
        events: this.#events,
        background: (from, to) => this.log.strays.rowsWithin(from, to, this.transcript),
        lastBytes: this.#waits.lastBytes,
        end: this.transcript.end,
        now: this.#clock.now(),
      },
    );
  }
}
