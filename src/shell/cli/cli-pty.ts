import type { Clock, Disposable } from "../../base/clock.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import type { ChannelEnd, PtyChannel } from "../../ssh/contract.ts";
import { renderText } from "../../terminal/clean.ts";
import { Flow } from "../pty/flow.ts";
import { Observer } from "../pty/observer.ts";
import type { CleanRows, PtySinks, SessionPty, SubmitOptions } from "../pty/session-pty.ts";
import type { Command } from "../record/command-log.ts";
import { closedState, Ledger } from "../record/ledger.ts";
import type { State } from "../record/outcome.ts";
import { pathBetween } from "./climb.ts";
import { Dialogue, MOMENT_MS, MOMENTS } from "./dialogue.ts";
import { errorsOf, type Job, linesAhead, linesOf, NoSuchWay, runJob } from "./job.ts";
import { withLearnedPrompt } from "./learn-prompt.ts";
import { InBandLogin } from "./login.ts";
import { keyName, notReady } from "./not-ready.ts";
import { type Platform, prepare, Unprepared } from "./prepare.ts";
import { errorsIn, outputRows } from "./rows.ts";
import { type Asking, asking, stateOf, strangerAsks } from "./sight.ts";
import { LineLost } from "./typing.ts";

/** How long a line that stands unsent may take to be cleared. */
const CLEAR_MS = 2000;
/** Quiet after which keys of the caller at a prompt have done what they do. */
const KEYS_SETTLE = 300;

export interface CliPtyOptions {
  readonly channel: PtyChannel;
  readonly host: ResolvedHost;
  readonly sinks: PtySinks;
  readonly clock: Clock;
  /** The profile to begin with, and how the right one is found when the inventory does not say. */
  readonly platform: Platform;
  /** The prompt that was seen already, where the profile is still to be found. */
  readonly seenPrompt?: string;
}

/** One channel's life on a network CLI: its prompt on the screen's cursor row is what tells the end of a command. */
export class CliPty implements SessionPty {
  readonly channel: PtyChannel;
  readonly sinks: PtySinks;
  readonly evidence = "prompt";
  readonly unframed = false;
  readonly level = 1;
  readonly cwd = undefined;
  end: ChannelEnd | undefined;
  ready = false;
  standing: State | undefined;
  /** Nothing has come from the host since the caller's last keys. */
  unanswered = false;
  /** How often the caller has sent keys. */
  #keysSent = 0;
  /** What stands unsent on the line is being cleared for a command. */
  #clearing = false;
  /** A question to which keys were sent, but no Enter yet. */
  #answering: Asking | undefined;
  readonly #host: ResolvedHost;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #flow: Flow;
  readonly #observer: Observer;
  readonly #dialogue: Dialogue;
  readonly #login: InBandLogin;
  readonly #subscriptions: Disposable[] = [];
  #platform: Platform;
  #job: Job | undefined;
  #closeReason: string | undefined;

  constructor(options: CliPtyOptions) {
    const { channel, host, sinks, clock, platform, seenPrompt } = options;
    this.channel = channel;
    this.sinks = sinks;
    this.#host = host;
    this.#clock = clock;
    this.#platform = platform;
    this.#ledger = new Ledger(sinks, clock);
    this.#flow = new Flow(channel, sinks.transcript, sinks.screen);
    this.#login = new InBandLogin(
      host,
      channel,
      (sentence) => this.notes.push(sentence),
      (secret, question) => this.#typeSecret(secret, () => this.#dialogue.stands(question)),
    );
    const { device } = platform;
    const learned = seenPrompt === undefined ? device : withLearnedPrompt(device, seenPrompt);
    this.#dialogue = new Dialogue(learned, this.#portOf(), sinks, clock);
    this.#observer = new Observer(
      clock,
      (quiet) => this.#look(quiet),
      (error) => this.#failed(error),
      () => this.#dialogue.looks,
    );
  }

  get unsent(): boolean {
    const { typed } = this.#ledger;
    return typed !== undefined && !typed.enter;
  }

  get notes(): string[] {
    return this.#ledger.notes;
  }

  get interruptKey(): string | undefined {
    const { interrupt } = this.#dialogue.device.keys;
    return interrupt === "\u0003" ? undefined : keyName(interrupt);
  }

  get place(): SessionPty["place"] {
    const { prompt } = this.#dialogue;
    return prompt && { mode: prompt.mode, host: prompt.host };
  }

  get pending(): string | undefined {
    return this.#job?.command.begun ? linesAhead(this.#job) : undefined;
  }

  get framingText(): string {
    const { device } = this.#dialogue;
    const { reason } = this.#platform;
    const { prompt } = this.#dialogue;
    const at = prompt ? `, prompt ${JSON.stringify(visibleLine(prompt.row, 80))}` : ", no prompt yet";
    return `${device.profile.name} (${device.id})${at}${reason === undefined ? "" : `; ${reason}`}`;
  }

  start(): void {
    this.#subscriptions.push(
      this.channel.onData((chunk) => this.#guard(() => this.#onData(chunk))),
      this.channel.onClose((end) => this.#guard(() => this.#onClose(end))),
      this.#flow,
    );
    this.#observer.restart();
    void this.#begin();
  }

  attend(): void {
    this.#observer.restart();
  }

  async submit(text: string, options: SubmitOptions): Promise<Command> {
    this.#assertOpen();
    const { device } = this.#dialogue;
    const lines = linesOf(text, device.profile.input?.max_line);
    if (options.mode !== undefined) pathBetween(device, this.place?.mode ?? "exec", options.mode);
    const keys = this.#keysSent;
    // Two calls may come here together.
    if (!this.ready || this.#job || this.#dialogue.busy || this.#clearing) throw this.#notReady();
    this.#clearing = true;
    try {
      await this.#clearLine();
    } catch (error) {
      this.#assertOpen();
      throw error;
    } finally {
      this.#clearing = false;
    }
    this.#assertOpen();
    // Keys that came meanwhile stand on the line, or have changed what stands there.
    if (this.#keysSent !== keys) throw this.#notReady();
    this.standing = undefined;
    const command = this.#ledger.open(text, 1);
    const { mode, keepGoing = false } = options;
    this.#job = { command, lines, mode, keepGoing, at: 0, told: [], errors: [], stop: undefined };
    void this.#work(this.#job);
    this.#observer.onActivity();
    return command;
  }

  type(bytes: Buffer): void {
    this.#assertOpen();
    this.#keysSent++;
    this.#dialogue.keysSent();
    const job = this.#job;
    const toLine = this.ready && job === undefined && !this.#dialogue.busy;
    const sight = this.#dialogue.sight();
    const secret =
      sight.what === "secret" || (sight.what === "question" && sight.question.kind === "password");
    this.#ledger.keys(bytes, toLine ? { level: 1, secret, owedPrompt: false } : undefined);
    const interrupts = this.#interrupts(bytes);
    if (job && interrupts) job.stop = "interrupted";
    else if (job) job.stop ??= this.standing?.state === "asking" ? "question" : "keys";
    const asked = this.standing?.state === "asking" ? this.standing : this.#answering;
    this.#answering = /[\r\n]/.test(bytes.toString("latin1")) ? undefined : asked;
    this.standing = undefined;
    this.unanswered = true;
    this.channel.write(bytes);
    if (interrupts) this.#dialogue.give("interrupted");
    this.#observer.onActivity();
  }

  /** Answers only what the profile names, and only where a line editor or full-screen program asks: not to printed output. */
  reply(bytes: string): void {
    const { profile } = this.#dialogue.device;
    const kind = /R$/.test(bytes) ? "cpr" : /n$/.test(bytes) ? "dsr" : "da";
    const answered = profile.pty?.answer ?? ["cpr", "da", "dsr", "decid"];
    if (this.end || !answered.some((name) => name === kind || (name === "decid" && kind === "da"))) return;
    const { alternate, modes } = this.sinks.screen.view();
    const running = this.#job?.command.begun === true || this.#ledger.typed?.enter === true;
    if (running && !alternate && !modes.bracketedPaste && !modes.applicationCursorKeys) return;
    this.channel.write(bytes);
  }

  clean(lines: readonly string[], command: Command | undefined): CleanRows {
    const { device } = this.#dialogue;
    return outputRows(lines, { device, typed: command?.text, paged: (command?.pages ?? 0) > 0 });
  }

  close(reason: string): void {
    if (this.end) return;
    this.#closeReason = reason;
    this.channel.close();
  }

  dispose(): void {
    this.#observer.dispose();
    this.#dialogue.give("closed");
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  closedState(): State {
    return closedState(this.end, this.#closeReason);
  }

  /** From login to the first prompt that is the caller's. */
  async #begin(): Promise<void> {
    try {
      await this.#dialogue.firstPrompt();
      this.#platform = await prepare(this.#platform, this.#dialogue, {
        rowsSince: (from) => this.#rowsSince(from),
        errorsSince: async (from) => errorsIn(await this.#rowsSince(from), this.#dialogue.device),
        note: (sentence) => this.notes.push(sentence),
        end: () => this.sinks.transcript.end,
        link: this.channel.link,
        clock: this.#clock,
        textBefore: () => this.sinks.screen.view().rows.join("\n"),
      });
      this.#becomeReady();
    } catch (error) {
      const broken = error instanceof LineLost && error.why === "interrupted";
      if (this.end) return;
      if (broken) this.#unprepared("a key broke the session preparation off", false);
      else if (error instanceof Unprepared) this.#unprepared(error.message, error.entered);
      else this.#failed(error);
    }
  }

  /** The caller sees the row that stands; the session goes on from the next prompt, as after keys of the caller. */
  #unprepared(why: string, entered: boolean): void {
    this.#dialogue.forget();
    this.notes.push(why);
    this.ready = true;
    // A command like the caller's own: until a prompt stands, the session is at work.
    const command = this.#ledger.open("(session preparation)", 1);
    this.#ledger.begun(command.id);
    this.#lineLeft(entered, command);
  }

  #becomeReady(): void {
    this.ready = true;
    this.standing = undefined;
    this.sinks.waits.settle((wait) =>
      wait.about === "ready" || wait.about === "news" ? { state: "done", evidence: "prompt" } : undefined,
    );
  }

  async #work(job: Job): Promise<void> {
    const { command } = job;
    this.#dialogue.fresh();
    try {
      await runJob(job, {
        dialogue: this.#dialogue,
        transcript: this.sinks.transcript,
        size: this.sinks.screen.view().size,
        secret: (kind) => this.#secret(kind),
        begun: ({ id }) => this.#ledger.begun(id),
        typeSecret: async (secret, still) => {
          await this.#typeSecret(secret, still);
        },
        note: (sentence) => command.notes.push(sentence),
      });
      this.#finish(job);
    } catch (error) {
      await this.#stopped(job, error);
    }
  }

  /** A job that did not go its way: what is known is said, and the session goes on where it stands. */
  async #stopped(job: Job, error: unknown): Promise<void> {
    const { command } = job;
    if (this.end) return;
    if (error instanceof NoSuchWay || error instanceof SshMcpError) {
      const { told, error: device } = error instanceof NoSuchWay ? error : { told: false, error: undefined };
      if (!told) command.notes.push(`NOT TYPED: ${error.message}`);
      command.errors = [device ?? { class: "permission", row: visibleLine(error.message, 200) }];
      return this.#finish(job);
    }
    if (error instanceof LineLost && error.why === "interrupted") {
      command.notes.push("interrupted before Enter was pressed: the line did NOT run");
      await this.#dialogue.untilPrompt("").catch(() => undefined);
      return this.end ? undefined : this.#finish(job);
    }
    if (error instanceof LineLost && error.why === "echo") return this.#lineStands(job);
    this.#failed(error);
  }

  /** The device did not show the line: it may stand there unseen, and only the caller can tell what to do. */
  #lineStands(job: Job): void {
    const { command } = job;
    this.#job = undefined;
    command.notes.push(
      "the device did not echo the line: Enter was NOT pressed. ssh_send <Enter> runs what stands there, <C-u> clears it",
    );
    if (job.lines[job.at]?.includes("?"))
      command.notes.push(
        "its question mark may have asked for help; many devices take one only behind <C-v>",
      );
    this.#lineLeft(false, command);
  }

  /** A line of ours stands there, entered or not. */
  #lineLeft(enter: boolean, command: Command | undefined): void {
    this.#ledger.typed = { enter, lines: enter ? 1 : 0, owedPrompt: false, escapeAt: undefined, command };
    const row = visibleLine(this.sinks.screen.cursorRowText(), 200);
    this.#stand({ state: "asking", asked: "line", evidence: "profile", row });
  }

  #finish(job: Job): void {
    this.#job = undefined;
    this.#answering = undefined;
    this.#end(job.command);
  }

  #end(command: Command): void {
    this.standing = undefined;
    const { place } = this;
    if (place) command.mode = place.mode;
    if (place?.host !== undefined) command.host = place.host;
    this.#ledger.finish(command, undefined, "prompt");
  }

  /** What stands unsent on the line would be run with the next command. */
  async #clearLine(): Promise<void> {
    const { typed } = this.#ledger;
    let sight = this.#dialogue.sight();
    // A log row may be on its way: it ends in a moment.
    for (let looks = 0; looks < MOMENTS && !typed && sight.what === "other"; looks++) {
      await new Promise<void>((resolve) => this.#clock.after(MOMENT_MS, resolve));
      sight = this.#dialogue.sight();
    }
    // What the keys before lead to has not begun to show: it may be a question.
    if (typed?.enter && !this.#taken(typed.command)) throw this.#notReady();
    // The mode may have changed since it was last looked at.
    if (sight.what === "prompt") this.#dialogue.accept(sight.prompt);
    if (!typed && (sight.what === "prompt" || sight.what === "blank")) return;
    if (
      sight.what === "question" ||
      sight.what === "secret" ||
      sight.what === "pager" ||
      sight.what === "screen"
    )
      throw this.#notReady();
    if (!typed || typed.enter) {
      if (sight.what === "prompt") return this.#endTyped();
      if (typed?.enter) throw this.#notReady();
    }
    const { killLine } = this.#dialogue.device.keys;
    const cleared = await Promise.race([
      this.#dialogue.press(killLine).then(() => true),
      new Promise<boolean>((resolve) => this.#clock.after(CLEAR_MS, () => resolve(false))),
    ]);
    if (!cleared) {
      this.#dialogue.forget();
      throw this.#notReady();
    }
    typed?.command?.notes.push("the line was cleared for the next command: it did NOT run");
    await this.#endTyped();
  }

  /** The device has gone on to another row since the keys: before that its prompt is still the one they were typed at. */
  #taken(command: Command | undefined): boolean {
    const { transcript } = this.sinks;
    return command === undefined || transcript.lineFeeds(command.range.from, transcript.end) > 0;
  }

  /** What was typed by keys has come back to the prompt. */
  async #endTyped(): Promise<void> {
    const { typed } = this.#ledger;
    const command = typed?.command;
    if (typed?.enter && command) {
      const size = this.sinks.screen.view().size;
      const port = { dialogue: this.#dialogue, transcript: this.sinks.transcript, size };
      const errors = await errorsOf(command.range.from, port, command.text);
      if (this.#ledger.typed !== typed) return;
      if (errors.length > 0) command.errors = errors;
    }
    this.#ledger.typed = undefined;
    if (command) this.#end(command);
  }

  async #look(quiet: number): Promise<void> {
    if (this.end) return;
    if (this.#dialogue.busy) return this.#dialogue.look(quiet);
    if (this.ready && !this.#job && this.#ledger.typed) await this.#lookTyped(quiet);
  }

  /** Keys of the caller were typed at the prompt. */
  async #lookTyped(quiet: number): Promise<void> {
    const { typed } = this.#ledger;
    if (!typed || quiet < KEYS_SETTLE || (this.unanswered && quiet < 1000)) return;
    const sight = this.#dialogue.sight();
    if (sight.what === "prompt") {
      if (typed.enter && !this.#taken(typed.command)) return;
      const known = this.#dialogue.learned.knows(sight.prompt, typed.command?.text ?? "");
      if (!known && quiet < 1000) return;
      this.#dialogue.accept(sight.prompt);
      return this.#endTyped();
    }
    if (sight.what === "blank") {
      const prompt = await this.#dialogue.pushedUp(typed.command?.range.from ?? 0);
      if (!prompt || this.#ledger.typed !== typed) return;
      this.#dialogue.accept(prompt);
      return this.#endTyped();
    }
    const unsent = sight.what === "other" && !typed.enter;
    const state = unsent
      ? asking("line", sight.row)
      : sight.what === "other"
        ? strangerAsks(sight.row, quiet)
        : stateOf(sight);
    if (state) this.#stand(state);
  }

  #stand(state: State): void {
    this.standing = state;
    // Whatever becomes of the question, nobody has said that the next line may follow.
    if (this.#job && state.state === "asking") this.#job.stop ??= "question";
    const command = this.sinks.log.running;
    if (command) command.state = state.state;
    this.sinks.waits.settle(() => state);
  }

  #secret(kind: "enable" | "sudo" | "password"): SecretRef | undefined {
    if (kind !== "password") return this.#host[kind];
    const method = this.#host.auth.find((one) => one.method === "password");
    return method?.method === "password" ? method.secret : undefined;
  }

  /** Not behind keys of the caller: the question may be answered or broken off, and the device slow to show it. */
  async #typeSecret(secret: SecretRef, still: () => Promise<boolean>): Promise<boolean> {
    const keys = this.#keysSent;
    const alone = () => this.#keysSent === keys;
    const typed = await this.channel.writeSecret(
      secret,
      this.#dialogue.device.keys.enter,
      async () => alone() && (await still()) && alone(),
    );
    this.#observer.onActivity();
    return typed;
  }

  async #rowsSince(from: number): Promise<readonly string[]> {
    const { transcript, screen } = this.sinks;
    const { lines } = await renderText(transcript.read(from, transcript.end).bytes, screen.view().size);
    return lines;
  }

  #portOf() {
    const self = this;
    return {
      write: (bytes: string) => {
        this.channel.write(bytes);
        this.#observer.onActivity();
      },
      stand: (state: State) => {
        if (this.standing === undefined) this.#stand(state);
      },
      note: (sentence: string) => (this.#job?.command.notes ?? this.notes).push(sentence),
      paged: () => {
        const command = this.#job?.command;
        if (command) command.pages = (command.pages ?? 0) + 1;
      },
      answering: (row: string) => {
        const asked = this.#answering;
        return asked && row.startsWith(asked.row.trimEnd())
          ? { ...asked, row: visibleLine(row, 200) }
          : undefined;
      },
      get interrupted() {
        return self.#job?.stop === "interrupted";
      },
      login: (row: string) => this.#login.answer(row, this.#dialogue.device),
      get unanswered() {
        return self.unanswered;
      },
      get waited() {
        return self.sinks.waits.size > 0;
      },
    };
  }

  #onData(chunk: Buffer): void {
    this.unanswered = false;
    if (this.standing) {
      this.standing = undefined;
      const command = this.sinks.log.running;
      if (command) command.state = "running";
    }
    this.#flow.show(chunk);
    this.#dialogue.onData();
    this.#observer.onActivity();
    this.sinks.waits.onBytes(this.sinks.transcript.end);
  }

  #onClose(end: ChannelEnd): void {
    this.end = end;
    this.#ledger.closeAll(end);
    this.sinks.screen.flush();
    this.dispose();
    this.sinks.waits.settle(() => this.closedState());
  }

  #interrupts(bytes: Buffer): boolean {
    const text = bytes.toString("latin1");
    return text.includes("\u0003") || text.includes(this.#dialogue.device.keys.interrupt);
  }

  #assertOpen(): void {
    if (!this.end) return;
    throw new SshMcpError(
      "session_closed",
      "the session is closed",
      "ssh_connect opens a new shell under the same name; what was printed stays readable with ssh_read.",
    );
  }

  #notReady(): SshMcpError {
    const { device, prompt } = this.#dialogue;
    return notReady({
      unsent: this.#ledger.typed !== undefined && !this.#ledger.typed.enter,
      running: this.sinks.log.running,
      standing: this.standing,
      interrupt: keyName(device.keys.interrupt),
      row: this.sinks.screen.view().cursorText,
      strange: prompt === undefined ? device.id : undefined,
    });
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** An error of our own: said once, the session stays readable and takes keys. */
  #failed(error: unknown): void {
    if (this.end || (error instanceof LineLost && error.why === "closed")) return;
    this.notes.push(`an internal error on this session: ${visibleLine(messageOf(error), 200)}`);
    const job = this.#job;
    this.#job = undefined;
    if (job) job.stop = "interrupted";
    this.#dialogue.forget();
    if (job) this.#ledger.abandonOpen("its end is not watched any more after an internal error");
  }
}
