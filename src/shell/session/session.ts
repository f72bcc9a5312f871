import { type Clock, systemClock } from "../../base/clock.ts";
import type { Line, SessionFacts } from "../../base/contract/action.ts";
import type { Caller } from "../../base/contract/caller.ts";
import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost, TerminalSize } from "../../inventory/host.ts";
import type { OpenedPty } from "../../ssh/contract.ts";
import { encodeKeys, encodeText } from "../../terminal/keys.ts";
import { REPLIES } from "../../terminal/replies.ts";
import { createScreen, type Screen } from "../../terminal/screen.ts";
import { Transcript } from "../../terminal/transcript.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { Echo, FarEnd, Order } from "../pty/framing.ts";
import { Keyboard } from "../pty/keyboard.ts";
import { Pty } from "../pty/pty.ts";
import { isUnsent } from "../pty/state.ts";
import { CommandLog } from "../record/command-log.ts";
import { SessionEvents } from "../record/events.ts";
import type { Outcome, State } from "../record/outcome.ts";
import { PatternWatch } from "../record/pattern-watch.ts";
import { type Settled, type Wait, Waits } from "../record/waits.ts";
import { assertWithin, awaited } from "./awaited.ts";
import { BLANK } from "./blank-screen.ts";
import { commandBody } from "./command-body.ts";
import { framingOf } from "./far-end.ts";
import { anotherShell, type ClosedBy, Farewell, lostShell, nestedBefore } from "./farewell.ts";
import type { SessionOptions } from "./options.ts";
import { type Ended, outcomeOf } from "./outcome-of.ts";
import { atPrompt, DRAWING, NEWS, presentState, sessionState } from "./present-state.ts";
import { type Reader, Readers } from "./readers.ts";
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
  readonly openedAt: number;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #readers = new Readers();
  readonly #events = new SessionEvents();
  #pty: Pty | undefined;
  #screen: Screen | undefined;
  #size: TerminalSize;
  #lastActivity: number;
  /** Where the present channel's life began: transcript cursor, clock time, id of the last command before it. */
  #began = { at: 0, time: 0, after: 0 };
  #life = 0;
  readonly #farewell = new Farewell();
  #closedAt: number | undefined;

  constructor(options: SessionOptions) {
    this.name = options.name;
    this.host = options.host;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#waits = new Waits(this.#clock);
    this.transcript = new Transcript(options.host.limits.transcriptBytes);
    this.openedAt = this.#clock.wallTime();
    this.#lastActivity = this.#clock.now();
    this.#size = { cols: options.host.terminal.cols, rows: options.host.terminal.rows };
  }

  /** Takes a fresh channel and lets its shell come up; `firstPrompt` waits for it. */
  async attach(opened: OpenedPty, host: ResolvedHost, size: TerminalSize, permit: Permit): Promise<void> {
    this.touch();
    const { readSecret, onPut } = this.#options;
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
    if (again) this.transcript.append(Buffer.from("\r\n--- new shell ---\r\n"));
    const sinks = { transcript: this.transcript, screen: this.#screen, log: this.log, waits: this.#waits };
    this.#pty = new Pty({
      opened,
      sinks,
      clock: this.#clock,
      framing,
      readSecret,
      permit,
      onPut,
      keyboard: this.keyboard,
    });
    this.#began = { at: this.transcript.end, time: this.#clock.now(), after: this.log.last?.id ?? 0 };
    this.#life++;
    this.#closedAt = undefined;
    opened.channel.onClose(() => {
      this.#closedAt = this.#clock.now();
    });
    this.#pty.start();
  }

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

  get size(): TerminalSize {
    return this.#size;
  }

  get closed(): boolean {
    return this.#pty?.end !== undefined;
  }

  get busy(): boolean {
    return !this.closed && this.log.running !== undefined && !isUnsent(this.#pty?.state);
  }

  get closedMs(): number {
    return this.#closedAt === undefined ? 0 : this.#clock.now() - this.#closedAt;
  }

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
    if (closed === undefined || !this.#farewell.owed(caller, this.#life, closed.evidence)) return undefined;
    return lostShell(this.name, closed.detail, this.cutOff);
  }

  get idleMs(): number {
    return this.#clock.now() - this.#lastActivity;
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

  get place(): FarEnd["place"] {
    return this.#pty?.far.place;
  }

  get masked(): number {
    return this.#pty?.far.masked ?? 0;
  }

  facts(): SessionFacts {
    const given = this.log.last?.id;
    return {
      name: this.name,
      life: this.#life,
      ...(given === undefined ? {} : { given }),
      ...(this.#pty?.facts() ?? { state: "starting", level: 1 }),
    };
  }

  expand(order: Order): readonly Line[] {
    return this.#open().far.expand({ ...order, text: commandBody(order.text) });
  }

  encode(input: TypedInput): Buffer {
    const { modes } = this.screen();
    return input.kind === "keys"
      ? encodeKeys(input.keys, modes)
      : encodeText(input.text, modes, { enter: input.enter });
  }

  isInterrupt(bytes: Buffer): boolean {
    return this.#pty?.isInterrupt(bytes) ?? false;
  }

  /** Does the terminal show what is typed? `kernel`: on that one's word alone. Answers within 1 s. */
  async echo(by?: "kernel"): Promise<Echo> {
    return this.closed ? "unknown" : ((await this.#pty?.echo(by)) ?? "unknown");
  }

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
    pty.channel.resize(size.cols, size.rows);
    pty.sinks.screen.resize(size.cols, size.rows);
  }

  /** Closes the channel; `reason` becomes the outcome's detail. Resolves when the channel is gone or after 1 s. */
  async close(reason: string, by?: ClosedBy): Promise<void> {
    const pty = this.#pty;
    if (!pty || pty.end) return;
    this.#farewell.closing(this.#life, by);
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
    return sessionText(from, to, {
      log: this.log,
      transcript: this.transcript,
      size: this.#size,
      pty: this.#pty,
    });
  }

  touch(): void {
    this.#lastActivity = this.#clock.now();
  }

  #open(): Pty {
    const pty = this.#pty;
    if (pty && !pty.end) return pty;
    throw new SshMcpError(
      "session_closed",
      `session ${this.name} is closed`,
      `ssh_connect(host: "${this.host.name}", session: "${this.name}") opens a new shell; ssh_read still shows what was printed.`,
    );
  }

  #decided({ at }: Permit): Pty {
    const pty = this.#open();
    if (at?.life === undefined || at.life === this.#life) return pty;
    throw anotherShell(this.name);
  }

  #unshown(reader: Reader): number {
    return Math.max(reader.shownTo, this.transcript.start);
  }

  #collectNotes(): void {
    for (const { id, note } of this.log.takeNotes()) this.#events.add(note, id);
    for (const note of this.#pty?.notes.splice(0) ?? []) this.#events.add(note);
  }

  async #await(wait: Wait, request: WaitRequest, caller: Caller): Promise<Settled> {
    const pty = this.#pty;
    const waiting = this.#waits.start(wait, request.timeoutMs, caller.signal);
    if (!pty?.standing) pty?.attend();
    const settled = await waiting;
    const { state } = settled;
    if (state.state !== "running" || state.evidence === "matched" || !pty || pty.end) return settled;
    // A program that never stops drawing is a screen all the same.
    if (pty.standing) return { ...settled, state: pty.standing };
    return pty.sinks.screen.view().alternate ? { ...settled, state: DRAWING } : settled;
  }

  #outcome(ended: Omit<Ended, "gone">, caller: Caller): Outcome {
    this.#collectNotes();
    if (ended.state.state === "closed" && !caller.signal.aborted) this.#farewell.saw(caller.id, this.#life);
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
