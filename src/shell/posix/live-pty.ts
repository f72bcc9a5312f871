import type { Clock, Disposable } from "../../base/clock.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { ChannelEnd, PtyChannel } from "../../ssh/contract.ts";
import { MarkScanner } from "../../terminal/scanner.ts";
import { LearnedPrompt, type RowTest } from "../evidence/learned-prompt.ts";
import { askedByText } from "../evidence/prompt-like.ts";
import { Flow } from "../pty/flow.ts";
import { Observer } from "../pty/observer.ts";
import type { PtySinks, SessionPty, SubmitOptions } from "../pty/session-pty.ts";
import type { Command } from "../record/command-log.ts";
import { closedState, Ledger } from "../record/ledger.ts";
import type { State } from "../record/outcome.ts";
import type { FramingEvent, Level } from "../record/posix-types.ts";
import { PosixFraming } from "./framing.ts";
import { LineClearing } from "./line-clearing.ts";
import { Situation } from "./situation.ts";

/** How long a shell may take to answer the bootstrap line. */
const BOOTSTRAP_MS = 8000;
/** How long after the hooks are in a prompt without a mark proves that the prompt hook does not work. */
const SETTLE_MS = 700;
/** One channel's life: bytes to scanner to framing to sinks, marks to commands, quiet to evidence. */
export class LivePty implements SessionPty {
  readonly channel: PtyChannel;
  readonly sinks: PtySinks;
  readonly framing: PosixFraming;
  /** Set when the shell cannot be framed: prompts alone tell the end of a command. */
  raw: { readonly why: string; prompt: LearnedPrompt | undefined } | undefined;
  #standing: State | undefined;
  end: ChannelEnd | undefined;
  /** Why we closed it ourselves, as a sentence. */
  closeReason: string | undefined;
  /** The first prompt was reached, framed or raw. */
  ready = false;
  readonly ledger: Ledger;
  readonly #host: ResolvedHost;
  readonly #foreign: () => boolean;
  #left = false;
  readonly #clock: Clock;
  readonly #flow: Flow;
  readonly #scanner: MarkScanner;
  readonly #observer: Observer;
  readonly #situation: Situation;
  readonly #clearing: LineClearing;
  readonly #subscriptions: Disposable[] = [];
  #bootstrapTimer: Disposable | undefined;
  /** Nothing has come from the host since the caller's last keys. */
  unanswered = false;
  /** Row left of the cursor when the last prompt stood. */
  promptRow = "";

  constructor(
    channel: PtyChannel,
    host: ResolvedHost,
    sinks: PtySinks,
    clock: Clock,
    promptPattern: RowTest | undefined,
    foreign: () => boolean = () => false,
  ) {
    this.channel = channel;
    this.sinks = sinks;
    this.#host = host;
    this.#foreign = foreign;
    this.#clock = clock;
    this.ledger = new Ledger(sinks, clock);
    this.#flow = new Flow(channel, sinks.transcript, sinks.screen);
    this.framing = new PosixFraming({
      write: (bytes) => channel.write(bytes),
      release: (bytes) => this.#release(bytes),
      draw: (text) => this.#flow.showCommand(text),
      applyModes: (bytes) => this.#flow.applyModes(bytes),
      outputEnded: () => this.#outputEnded(),
      event: (event) => this.#onFraming(event),
    });
    this.#scanner = new MarkScanner(this.framing.nonce);
    this.#situation = new Situation(this, host, clock, promptPattern);
    this.#clearing = new LineClearing(this, this.#situation, clock);
    this.#observer = new Observer(
      clock,
      (quiet) => this.#situation.look(quiet),
      (error) => this.#degrade(error),
    );
  }

  /** Begins to listen; the first prompt follows by events. */
  start(): void {
    this.#subscriptions.push(
      this.channel.onData((chunk) => this.#guard(() => this.#onData(chunk))),
      this.channel.onClose((end) => this.#guard(() => this.#onClose(end))),
      this.#flow,
    );
    this.#observer.restart();
  }

  /** A state that holds until something happens: asking, screen. The command in front is recorded in the same state. */
  get standing(): State | undefined {
    return this.#standing;
  }

  set standing(state: State | undefined) {
    if (state === undefined && this.#standing === undefined) return;
    this.#standing = state;
    const command = this.sinks.log.running;
    if (command) command.state = state?.state ?? "running";
  }

  get evidence(): "sentinel" | "prompt" {
    return this.raw ? "prompt" : "sentinel";
  }

  get unsent(): boolean {
    const { typed } = this.ledger;
    return typed?.command !== undefined && !typed.enter;
  }

  get unframed(): boolean {
    return this.raw !== undefined;
  }

  get cwd(): string | undefined {
    return this.ledger.cwd;
  }

  get level(): number {
    return this.framing.level?.number ?? 1;
  }

  get place(): undefined {
    return undefined;
  }

  get notes(): string[] {
    return this.ledger.notes;
  }

  get quietMs(): number {
    return this.#observer.quietMs;
  }

  /** The command in front: running at the innermost level. */
  get running(): Command | undefined {
    const id = this.framing.running;
    if (id !== undefined) return this.sinks.log.get(id);
    return this.raw ? this.sinks.log.running : undefined;
  }

  /** Takes a look soon: somebody waits now. */
  attend(): void {
    this.#observer.restart();
  }

  /** Types one command. @throws SshMcpError `busy`, `not_ready`, `session_closed`. */
  async submit(text: string, options: SubmitOptions = {}): Promise<Command> {
    this.#assertOpen();
    if (options.mode !== undefined || options.keepGoing !== undefined) {
      const given = options.mode === undefined ? "keep_going" : "mode";
      throw new SshMcpError(
        "invalid_argument",
        `${given} is for network devices; this session is a shell (${this.framingText})`,
        `Leave ${given} out.`,
      );
    }
    if (!this.raw && this.framing.atPrompt) await this.#clearing.clear();
    this.#assertOpen();
    this.standing = undefined;
    const level = this.framing.level;
    if (this.raw) return this.#submitRaw(text);
    if (level === undefined || !this.framing.atPrompt) throw this.#situation.notReady();
    this.#learnPromptRow();
    const command = this.ledger.open(text, level.number);
    this.#muteReplies(true);
    this.framing.submit(command.id, text);
    this.#observer.onActivity();
    return command;
  }

  /** Writes keys as they are. @throws SshMcpError `session_closed`. */
  type(bytes: Buffer): void {
    this.#assertOpen();
    const { log, screen } = this.sinks;
    const atPrompt = this.raw ? log.running === undefined : this.framing.atPrompt;
    const toLine = this.ready && (atPrompt || this.ledger.typed !== undefined);
    const level = this.framing.level?.number ?? 1;
    const secret = toLine && askedByText(screen.view().cursorText) === "password";
    if (toLine && !this.ledger.typed) this.#learnPromptRow();
    this.#situation.busy = undefined;
    const owedPrompt = this.framing.phase === "post" && this.framing.level?.hooked === true;
    this.ledger.keys(bytes, toLine ? { level, secret, owedPrompt } : undefined);
    this.standing = undefined;
    this.unanswered = true;
    this.channel.write(bytes);
    this.#observer.onActivity();
  }

  /** Joins the shell at the cursor: the login shell, or one that command `inside` opened. */
  bootstrap(inside: Command | undefined): void {
    if (inside) this.framing.nestIn(inside.id);
    this.promptRow = this.sinks.screen.view().cursorText;
    this.#muteReplies(true);
    this.framing.bootstrap();
    this.#armBootstrap(BOOTSTRAP_MS, inside);
  }

  /**
   * Passes on the screen's answer to a terminal query, only to something that has taken the terminal over: a full-screen
   * program or a line editor. Whatever else prints a query (`cat` of a binary file) must not make us type.
   */
  reply(bytes: string): void {
    const { alternate, modes } = this.sinks.screen.view();
    const { phase } = this.framing;
    const login = phase === "unframed" && !this.ready;
    if (this.end || (phase === "hold" && !this.raw)) return;
    if (!login && !alternate && !modes.applicationCursorKeys && !modes.bracketedPaste) return;
    // At a prompt the answer may end up on the line: the next framed command clears it first.
    if (this.framing.atPrompt) this.ledger.replied();
    this.channel.write(bytes);
  }

  close(reason: string): void {
    if (this.end) return;
    this.closeReason = reason;
    this.channel.close();
  }

  dispose(): void {
    this.#observer.dispose();
    this.#bootstrapTimer?.dispose();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  /** The prompt is not a Unix shell's: hands the channel over to who knows devices; false: there is nobody. */
  leave(): boolean {
    this.#left ||= this.#foreign();
    return this.#left;
  }

  /** Framing is given up: the prompt on the screen is all there is from now on. */
  goRaw(why: string): void {
    this.promptRow = this.sinks.screen.view().cursorText;
    this.raw = { why, prompt: new LearnedPrompt(this.promptRow, this.#situation.promptPattern) };
    this.#becomeReady();
  }

  /** Ends a raw command: its prompt is back. */
  endRaw(command: Command): void {
    this.ledger.typed = undefined;
    this.standing = undefined;
    this.ledger.finish(command, undefined, "prompt");
    this.promptRow = this.sinks.screen.view().cursorText;
  }

  /** Ends waits with a state that stands until something happens. */
  stand(state: State): void {
    this.standing = state;
    this.sinks.waits.settle(() => state);
  }

  #becomeReady(): void {
    this.ready = true;
    this.ledger.typed = undefined;
    this.standing = undefined;
    this.sinks.waits.settle((wait) =>
      wait.about === "ready" || wait.about === "news"
        ? { state: "done", evidence: this.raw ? "prompt" : "sentinel" }
        : undefined,
    );
  }

  #onData(chunk: Buffer): void {
    this.unanswered = false;
    // Guarded one by one: what comes behind a failure is still shown.
    for (const token of this.#scanner.push(chunk)) {
      this.#guard(() => {
        if (token.type === "mark") this.framing.onMark(token.mark);
        else this.framing.onBytes(token.bytes);
      });
    }
    this.#observer.onActivity();
    this.sinks.waits.onBytes(this.sinks.transcript.end);
    if (!this.ready) this.#situation.onLoginBytes();
  }

  #release(bytes: Buffer): void {
    this.standing = undefined;
    this.#flow.show(bytes);
  }

  #muteReplies(muted: boolean): void {
    this.sinks.screen.repliesMuted = muted;
  }

  #outputEnded(): void {
    const command = this.sinks.log.running;
    command?.range.close();
    const { leftFullScreen } = this.#flow.tidy();
    if (leftFullScreen) command?.notes.push("the program left the full-screen mode on; the screen was reset");
  }

  #onFraming(event: FramingEvent): void {
    switch (event.type) {
      case "ready": {
        this.#bootstrapTimer?.dispose();
        this.#muteReplies(false);
        const { level } = event;
        // The prompt comes a second time, the set-up line's echo having been thrown away: over the first.
        this.#release(Buffer.from("\r\u001b[K"));
        if (level.number === 1) {
          // A shell that answered late: what was typed at its prompt meanwhile went into the hook code's place.
          if (this.raw)
            this.ledger.abandonOpen("typed while the shell was still being set up: it did not run as typed");
          this.raw = undefined;
          this.#becomeReady();
        } else this.#nested(level);
        return;
      }
      case "started":
        this.#muteReplies(false);
        this.ledger.begun(event.id);
        return;
      case "ended":
        this.#muteReplies(false);
        this.standing = undefined;
        this.ledger.ended(event, this.framing.level?.number ?? 1);
        return;
      case "prompt":
        this.#onPrompt(event.exit, event.cwd);
        return;
      case "left":
        return;
    }
  }

  #onPrompt(exit: number | undefined, cwd: string): void {
    const { typed } = this.ledger;
    if (typed?.command && typed.lines <= 1 && !typed.owedPrompt) this.#outputEnded();
    this.standing = undefined;
    this.ledger.promptStands(exit, cwd);
    if (!typed?.owedPrompt) this.#clearing.promptCame();
  }

  #nested(level: Level): void {
    if (!this.ledger.holdsShell(level, this.framing.levels.at(-2))) return;
    const row = visibleLine(this.promptRow, 200);
    this.stand({ state: "asking", asked: "shell", evidence: "sentinel", row });
    this.standing = undefined;
  }

  #onClose(end: ChannelEnd): void {
    const rest = this.#scanner.flush();
    if (rest.length > 0) this.#release(rest);
    this.framing.reset();
    this.end = end;
    this.ledger.closeAll(end);
    this.sinks.screen.flush();
    this.dispose();
    this.sinks.waits.settle(() => this.closedState());
  }

  /** What the channel's end means; only meaningful once `end` is set. */
  closedState(): State {
    return closedState(this.end, this.closeReason);
  }

  #assertOpen(): void {
    if (!this.end) return;
    throw new SshMcpError(
      "session_closed",
      "the session is closed",
      "ssh_connect opens a new shell under the same name; what was printed stays readable with ssh_read.",
    );
  }

  /** What stands left of the cursor at a prompt, before anything is typed there. */
  #learnPromptRow(): void {
    const row = this.sinks.screen.cursorRowText();
    if (row.trim() !== "") this.promptRow = row;
  }

  #submitRaw(text: string): Command {
    if (/[\r\n]/.test(text)) {
      throw new SshMcpError(
        "invalid_argument",
        "this host's shell is not framed: one line per call",
        "Send the lines one by one.",
      );
    }
    if (this.sinks.log.running) throw this.#situation.notReady();
    this.raw = {
      why: this.raw?.why ?? "",
      prompt: new LearnedPrompt(this.sinks.screen.view().cursorText, this.#situation.promptPattern),
    };
    const command = this.ledger.open(text, 1);
    command.begun = true;
    this.channel.write(`${text}\r`);
    this.#observer.onActivity();
    return command;
  }

  #armBootstrap(ms: number, inside: Command | undefined): void {
    this.#bootstrapTimer?.dispose();
    this.#bootstrapTimer = this.#clock.after(ms, () => {
      if (this.framing.phase === "settling") this.framing.settleWithoutHook();
      else this.#abandonBootstrap(inside);
    });
  }

  /** The prompt hook may not work (readonly variables, a shell that prints `$(…)` literally). */
  onSettling(quiet: number): void {
    if (this.framing.phase === "settling" && quiet >= SETTLE_MS) this.framing.settleWithoutHook();
  }

  #abandonBootstrap(inside: Command | undefined): void {
    this.#muteReplies(false);
    const { tidy } = this.framing.abandonBootstrap(inside?.id);
    // Half set up, the shell sits in our raw read with echo off: Ctrl-C ends it, then the terminal is made usable.
    if (tidy) this.channel.write("\u0003 stty sane\r");
    this.#situation.bootstrapFailed(inside);
    this.#observer.restart();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#degrade(error);
    }
  }

  /** An error of our own on this session: it goes on unframed, and says so. */
  #degrade(error: unknown): void {
    if (this.end || this.raw) return;
    this.ledger.notes.push(`framing was given up after an internal error: ${visibleLine(messageOf(error))}`);
    this.framing.reset();
    this.#muteReplies(false);
    this.raw = {
      why: "internal error",
      prompt: new LearnedPrompt(this.promptRow, this.#situation.promptPattern),
    };
    this.ready = true;
  }

  /** How commands are told apart here, for people. */
  get framingText(): string {
    if (this.raw) return `not framed: ${this.raw.why}`;
    const level = this.framing.level;
    if (!level) return this.#host.platform === "posix" ? "starting" : this.#host.platform;
    return `${level.name}${level.hooked ? "" : ", without prompt hook"}`;
  }
}
