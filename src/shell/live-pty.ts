import type { Clock, Disposable } from "../base/clock.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { ChannelEnd, PtyChannel } from "../ssh/types.ts";
import { MarkScanner } from "../terminal/scanner.ts";
import type { Screen } from "../terminal/screen.ts";
import type { Transcript } from "../terminal/transcript.ts";
import type { Command, CommandLog } from "./command-log.ts";
import { Flow } from "./flow.ts";
import { Observer } from "./observer.ts";
import type { State } from "./outcome.ts";
import { type FramingEvent, PosixFraming } from "./posix.ts";
import { LearnedPrompt, type RowTest } from "./raw.ts";
import { Situation } from "./situation.ts";
import type { Waits } from "./waits.ts";

/** How long a shell may take to answer the bootstrap line. */
const BOOTSTRAP_MS = 8000;
/** How long after the hooks are in a prompt without a mark proves that the prompt hook does not work. */
const SETTLE_MS = 700;
/** How long Ctrl-C may take to bring a fresh prompt before a framed command is typed. */
const CLEAR_LINE_MS = 800;
/** Keys that interrupt, quit or suspend: Ctrl-C, Ctrl-\, Ctrl-Z. */
const INTERRUPTS = /[\u0003\u001c\u001a]/;

/** The lasting parts of a session that one channel's life writes to. */
export interface PtySinks {
  readonly transcript: Transcript;
  readonly screen: Screen;
  readonly log: CommandLog;
  readonly waits: Waits;
}

/** What keys typed by the caller have left behind at a prompt. */
interface Typed {
  /** Enter was among them: a program may have started. */
  readonly enter: boolean;
  /** The record of what was typed; undefined when only a terminal reply of ours may stand on the line. */
  readonly command: Command | undefined;
}

/** One channel's life: bytes to scanner to framing to sinks, marks to commands, quiet to evidence. */
export class LivePty {
  readonly channel: PtyChannel;
  readonly sinks: PtySinks;
  readonly framing: PosixFraming;
  /** Set when the shell cannot be framed: prompts alone tell the end of a command. */
  raw: { readonly why: string; prompt: LearnedPrompt | undefined } | undefined;
  cwd: string | undefined;
  /** A state that holds until something happens: asking, screen. */
  standing: State | undefined;
  typed: Typed | undefined;
  end: ChannelEnd | undefined;
  /** Why we closed it ourselves, as a sentence. */
  closeReason: string | undefined;
  /** The first prompt was reached, framed or raw. */
  ready = false;
  readonly notes: string[] = [];
  readonly #host: ResolvedHost;
  readonly #clock: Clock;
  readonly #flow: Flow;
  readonly #scanner: MarkScanner;
  readonly #observer: Observer;
  readonly #situation: Situation;
  readonly #subscriptions: Disposable[] = [];
  #bootstrapTimer: Disposable | undefined;
  #onPrompt: (() => void) | undefined;
  /** Row left of the cursor when the last prompt stood. */
  promptRow = "";

  constructor(
    channel: PtyChannel,
    host: ResolvedHost,
    sinks: PtySinks,
    clock: Clock,
    promptPattern: RowTest | undefined,
  ) {
    this.channel = channel;
    this.sinks = sinks;
    this.#host = host;
    this.#clock = clock;
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
    this.#situation = new Situation(this, host, promptPattern);
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
  async submit(text: string): Promise<Command> {
    this.#assertOpen();
    await this.#clearLine();
    this.#assertOpen();
    this.standing = undefined;
    const level = this.framing.level;
    if (this.raw) return this.#submitRaw(text);
    if (level === undefined || !this.framing.atPrompt) throw this.#situation.notReady();
    const command = this.sinks.log.open(text, level.number, this.#clock.now(), this.sinks.transcript.mark());
    this.#muteReplies(true);
    this.framing.submit(command.id, text);
    this.#observer.onActivity();
    return command;
  }

  /** Writes keys as they are. @throws SshMcpError `session_closed`. */
  type(bytes: Buffer): void {
    this.#assertOpen();
    const text = bytes.toString("latin1");
    const { log, transcript } = this.sinks;
    if (INTERRUPTS.test(text)) {
      for (const command of log.all()) if (command.endedAt === undefined) command.interrupted = true;
    }
    const atPrompt = this.raw ? log.running === undefined : this.framing.atPrompt;
    if (this.ready && (atPrompt || this.typed)) {
      // What is typed at a prompt is a command too, though its text is only known as keys.
      const level = this.framing.level?.number ?? 1;
      const command =
        this.typed?.command ??
        log.open(
          `keys: ${visibleLine(bytes.toString("utf8"), 200)}`,
          level,
          this.#clock.now(),
          transcript.mark(),
        );
      command.begun = true;
      this.typed = { enter: (this.typed?.enter ?? false) || /[\r\n]/.test(text), command };
    }
    this.standing = undefined;
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
    if (this.framing.atPrompt) this.typed ??= { enter: false, command: undefined };
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

  /** Framing is given up: the prompt on the screen is all there is from now on. */
  goRaw(why: string): void {
    const view = this.sinks.screen.view();
    this.raw = { why, prompt: new LearnedPrompt(view.cursorText, this.#situation.promptPattern) };
    this.promptRow = view.cursorText;
    this.#becomeReady();
  }

  /** Ends a raw command: its prompt is back. */
  endRaw(command: Command): void {
    this.typed = undefined;
    this.#finishCommand(command, undefined, "prompt");
    this.promptRow = this.sinks.screen.view().cursorText;
  }

  /** Ends waits with a state that stands until something happens. */
  stand(state: State): void {
    this.standing = state;
    const command = this.running ?? this.sinks.log.running;
    if (command) command.state = state.state;
    this.sinks.waits.settle(() => state);
  }

  #becomeReady(): void {
    this.ready = true;
    this.typed = undefined;
    this.standing = undefined;
    this.sinks.waits.settle((wait) =>
      wait.about === "ready" || wait.about === "news"
        ? { state: "done", evidence: this.raw ? "prompt" : "sentinel" }
        : undefined,
    );
  }

  #onData(chunk: Buffer): void {
    for (const token of this.#scanner.push(chunk)) {
      if (token.type === "mark") this.framing.onMark(token.mark);
      else this.framing.onBytes(token.bytes);
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
          this.raw = undefined;
          this.#becomeReady();
        } else this.#nested(level.openedBy);
        return;
      }
      case "started": {
        this.#muteReplies(false);
        const command = this.sinks.log.get(event.id);
        if (!command) return;
        command.range.close();
        command.range = this.sinks.transcript.mark();
        command.begun = true;
        return;
      }
      case "ended": {
        this.#muteReplies(false);
        const command = this.sinks.log.get(event.id);
        this.#setCwd(event.cwd);
        if (!command || command.endedAt !== undefined) return;
        if (event.how === "dropped") command.notes.push("the shell discarded the line before running it");
        if (event.how === "left_shell") command.notes.push("it ended the nested shell");
        if (command.holdsShell)
          this.notes.push(
            `#${command.id} \`${visibleLine(command.text, 60)}\` ended${event.exit === undefined ? "" : ` exit=${event.exit}`}; back at level ${this.framing.level?.number ?? 1}`,
          );
        this.#finishCommand(command, event.exit, "sentinel");
        return;
      }
      case "prompt": {
        this.#setCwd(event.cwd);
        this.#endTyped(event.exit);
        this.standing = undefined;
        this.#onPrompt?.();
        return;
      }
      case "left":
        return;
    }
  }

  /** A nested shell took our hooks: the command that opened it goes on, but the caller may work inside. */
  #nested(openedBy: number): void {
    const level = this.framing.level;
    const command = this.sinks.log.get(openedBy);
    if (!command || !level) return;
    command.holdsShell = true;
    const who = level.user
      ? ` as ${visibleLine(level.user, 40)}${level.host ? `@${visibleLine(level.host, 60)}` : ""}`
      : "";
    const text = `a nested ${level.name}${who} runs inside #${command.id} (level ${level.number}); commands now run in it, \`exit\` leaves it`;
    command.notes.push(text);
    this.stand({
      state: "asking",
      asked: "shell",
      evidence: "sentinel",
      row: visibleLine(this.promptRow, 200),
    });
    this.standing = undefined;
  }

  /** A prompt stands again: what was typed by keys has ended. */
  #endTyped(exit: number | undefined): void {
    const command = this.typed?.command;
    this.typed = undefined;
    if (!command) return;
    this.#outputEnded();
    this.#finishCommand(command, exit, "sentinel");
  }

  #setCwd(cwd: string): void {
    if (cwd !== "") this.cwd = cwd;
  }

  #finishCommand(command: Command, exit: number | undefined, evidence: "sentinel" | "prompt"): void {
    command.range.close();
    command.endedAt = this.#clock.now();
    command.state = "done";
    if (exit !== undefined) command.exit = exit;
    if (this.cwd !== undefined && evidence === "sentinel") command.cwd = this.cwd;
    this.standing = undefined;
    const state: State = { state: "done", evidence };
    this.sinks.waits.settle((wait) =>
      wait.about === "news" || wait.command === command.id ? state : undefined,
    );
  }

  #onClose(end: ChannelEnd): void {
    const rest = this.#scanner.flush();
    if (rest.length > 0) this.#release(rest);
    this.framing.reset();
    this.end = end;
    const state = this.closedState();
    for (const command of this.sinks.log.all()) {
      if (command.endedAt !== undefined) continue;
      command.range.close();
      command.endedAt = this.#clock.now();
      command.state = "closed";
      if (end.reason === "exit" && end.code !== undefined) command.exit = end.code;
      else if (end.reason !== "exit")
        command.notes.push("its end was not seen: whether it finished is unknown");
    }
    this.sinks.screen.flush();
    this.dispose();
    this.sinks.waits.settle(() => state);
  }

  /** @throws never; only meaningful once `end` is set. */
  closedState(): State {
    const end = this.end;
    if (end?.reason === "exit") {
      if (end.signal)
        return { state: "closed", evidence: "killed", detail: `signal ${visibleLine(end.signal, 20)}` };
      return {
        state: "closed",
        evidence: "exit",
        detail: end.code === undefined ? "the shell ended" : `code ${end.code}`,
      };
    }
    if (end?.reason === "disconnect")
      return { state: "closed", evidence: "disconnect", detail: visibleLine(end.message, 200) };
    return { state: "closed", evidence: "disconnect", detail: this.closeReason ?? "closed" };
  }

  #assertOpen(): void {
    if (!this.end) return;
    throw new SshMcpError(
      "session_closed",
      "the session is closed",
      "ssh_connect opens a new shell under the same name; what was printed stays readable with ssh_read.",
    );
  }

  /** Unsent text or an open quote on the line would swallow the command: Ctrl-C first, as a person would. */
  async #clearLine(): Promise<void> {
    const typed = this.typed;
    if (!typed || this.raw || !this.framing.atPrompt) return;
    if (typed.enter && !(await this.#situation.shellWaits())) throw this.#situation.notReady();
    // readline in vi mode ignores one that comes within half a second of Escape; a second one always works.
    const cleared =
      (await this.#promptAfter("\u0003", CLEAR_LINE_MS)) ||
      (await this.#promptAfter("\u0003", CLEAR_LINE_MS));
    if (!cleared && this.framing.level?.hooked) throw this.#situation.notReady();
    this.#endTyped(undefined);
  }

  /** Sends a key; true once a prompt mark answers it. */
  #promptAfter(key: string, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        this.#onPrompt = undefined;
        timer.dispose();
        resolve(came);
      };
      const timer = this.#clock.after(ms, () => done(false));
      this.#onPrompt = () => done(true);
      this.channel.write(key);
    });
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
    const command = this.sinks.log.open(text, 1, this.#clock.now(), this.sinks.transcript.mark());
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
    this.notes.push(`framing was given up after an internal error: ${visibleLine(messageOf(error))}`);
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
