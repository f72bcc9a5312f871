import type { Line } from "../../base/contract/action.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { drawnView } from "../pty/drawn-view.ts";
import type { CleanRows, Echo, Framing, FramingPort, Order } from "../pty/framing.ts";
import { pause, type Script } from "../pty/script.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { BaseState } from "../pty/state.ts";
import type { Command } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";
import type { TypedAt } from "../record/typed.ts";
import { type AfterEnd, ended, judgeAfter, waitsFor } from "./after-end.ts";
import { claim, claimedRow, offer, saysClaimed } from "./claim.ts";
import { CLEAR_MS, clearLine } from "./clear-line.ts";
import type { DeviceFacts } from "./device-facts.ts";
import { Dialogue } from "./dialogue.ts";
import { echoAt } from "./echo.ts";
import { sayEnded } from "./ended-typed.ts";
import { type Job, leftAt, newJob, noSecrets, secretOf } from "./job.ts";
import { withLearnedPrompt } from "./learn-prompt.ts";
import { LineLost } from "./line-lost.ts";
import { linesAhead, linesOf, notShown } from "./lines.ts";
import { clearAhead, login } from "./login.ts";
import { pathBetween } from "./mode-steps.ts";
import { lineOf, NoSuchWay } from "./modes.ts";
import { type Platform, prepare, saysPlatform, Unprepared } from "./prepare.ts";
import { revise } from "./revise.ts";
import { outputRows, withoutPrompt } from "./rows.ts";
import { runJob } from "./run-job.ts";
import { asksSecret, lookAt } from "./sight.ts";
import { stopJob } from "./stop-job.ts";
import { entered } from "./text-lines.ts";
import type { DeviceScene, DeviceVerdict } from "./verdict.ts";

/** A network CLI: its prompt on the screen's cursor row is what shows the end of a command. */
export class DeviceFraming implements Framing {
  readonly evidence = "prompt";
  readonly unframed = false;
  readonly level = 1;
  readonly cwd = undefined;
  readonly kernelQuery = undefined;
  readonly takesPrompt = true;
  readonly #port: FramingPort;
  readonly #facts: DeviceFacts;
  readonly #dialogue: Dialogue;
  #platform: Platform;
  #job: Job | undefined;

  constructor(port: FramingPort, facts: DeviceFacts) {
    const { clock, platform, seenPrompt } = facts;
    this.#port = port;
    this.#facts = facts;
    this.#platform = platform;
    const { device } = platform;
    const learned = seenPrompt === undefined ? device : withLearnedPrompt(device, seenPrompt);
    this.#dialogue = new Dialogue(port, learned, clock);
  }

  get interruptKey(): string {
    return this.#dialogue.device.keys.interrupt;
  }

  get clearKey(): string {
    return this.#dialogue.device.keys.killLine;
  }

  get place(): Framing["place"] {
    const { prompt } = this.#dialogue;
    return prompt && { mode: prompt.mode, host: prompt.host, platform: this.#platform.device.id };
  }

  get pending(): string | undefined {
    return this.#job?.command.begun ? linesAhead(this.#job) : undefined;
  }

  get strange(): string | undefined {
    return this.#dialogue.prompt === undefined ? this.#dialogue.device.id : undefined;
  }

  get offer(): string | undefined {
    return offer(this.#dialogue);
  }

  claim(): () => void {
    const { typed } = this.#port.ledger;
    const claimed = claim(this.#dialogue, this.#job, typed?.command, this.base.at === "prompt");
    return () => {
      if (claimed() && typed && this.#job === undefined && this.#port.isReady) this.#endTyped();
    };
  }

  get platform(): string {
    return this.#dialogue.device.profile.id;
  }

  get text(): string {
    return saysPlatform(this.#dialogue, this.#platform.reason);
  }

  get base(): BaseState {
    const { typed } = this.#port.ledger;
    if (!this.#port.isReady) return { at: this.#dialogue.prompt ? "preparing" : "starting" };
    const job = this.#job;
    if (job) return { at: job.command.begun ? "running" : "typing", command: job.command };
    if (typed?.enter) return { at: "running", command: typed.command };
    return typed?.command ? { at: "unsent" } : { at: "prompt" };
  }

  /** From login to the first prompt that is the caller's. */
  *open(): Script {
    try {
      yield* login(this.#dialogue, {
        user: this.#facts.host.user,
        password: secretOf(this.#facts.host, "password"),
      });
      this.#dialogue.arrived();
      if (this.#port.ledger.mayBeLeft) yield* clearAhead(this.#dialogue);
      this.#platform = yield* prepare(this.#platform, this.#dialogue, this.#facts);
      this.#dialogue.arrived();
      const { prompt } = this.#dialogue;
      if (this.#facts.claimed && prompt) this.#note(saysClaimed(prompt).session);
      this.#port.ready();
    } catch (error) {
      if (error instanceof LineLost && error.why === "interrupted")
        this.#unprepared("a key interrupted the session preparation", false);
      else if (error instanceof Unprepared) this.#unprepared(error.message, error.entered);
      else throw error;
    }
  }

  receive(chunk: Buffer): void {
    const shown = this.#dialogue.mask.shown(chunk);
    if (shown.length > 0) this.#port.show(shown);
    this.#dialogue.received();
  }

  get masked(): number {
    return this.#dialogue.mask.count;
  }

  look(seen: Snapshot): undefined {
    if (this.base.at === "prompt") this.#revise(judgeAfter(this.#dialogue.memory, seen, seen.quiet));
    this.#carryOut(this.#dialogue.judge(this.#scene(), seen));
  }

  answered(): void {}

  echo(): Echo {
    const sight = this.#dialogue.sight();
    if (sight.what === "secret") return "off";
    if (sight.what === "question") return echoAt(sight.question.kind);
    return sight.what === "prompt" ? "on" : "unknown";
  }

  expand({ text, mode, here, secret }: Order): readonly Line[] {
    if (secret !== undefined) throw noSecrets();
    const { device } = this.#dialogue;
    const lines = linesOf(text, device.profile.input?.max_line);
    const steps = mode === undefined ? [] : pathBetween(device, this.#modeNow(here), mode);
    return [
      ...steps.map((step) => ({ text: lineOf(step), why: "mode" as const })),
      ...entered(text, lines).map((line) => ({ text: line, why: "command" as const })),
    ];
  }

  /** The mode may have changed since the prompt was last looked at. */
  #modeNow(here?: "prompt"): string {
    if (here) return claimedRow(this.#dialogue).mode;
    const sight = this.#dialogue.sight();
    const prompt = sight.what === "prompt" ? sight.prompt : this.#dialogue.prompt;
    return prompt?.mode ?? "exec";
  }

  *submit({ text, mode, keepGoing = false }: Order): Script {
    const { device } = this.#dialogue;
    const lines = linesOf(text, device.profile.input?.max_line);
    if (mode !== undefined) pathBetween(device, this.#modeNow(), mode);
    yield* this.#afterLast(lines[0] ?? "");
    yield* clearLine(this.#dialogue, () => this.#endTyped());
    this.#revise(this.#dialogue.afterEnd);
    this.#dialogue.memory = { ...this.#dialogue.memory, ended: undefined };
    const command = this.#port.begin(text, 1);
    const job = newJob(command, lines, mode, keepGoing);
    this.#job = job;
    this.#dialogue.fresh();
    try {
      yield* runJob(job, { dialogue: this.#dialogue, secret: (kind) => secretOf(this.#facts.host, kind) });
      this.#finish(job);
    } catch (error) {
      yield* this.#stopped(job, error);
    }
  }

  /** A command that has not ended after all would take the line for its own. */
  *#afterLast(line: string): Script {
    const { memory, clock } = this.#dialogue;
    const ms = waitsFor(memory, line, clock.now());
    if (ms > 0) yield* pause(ms);
  }

  keys(bytes: Buffer): TypedAt {
    const dialogue = this.#dialogue;
    dialogue.noteKeys();
    dialogue.memory = { ...dialogue.memory, ended: undefined };
    const view = drawnView(this.#port.sinks.screen);
    // Where drawing is behind, nobody knows what asks.
    const secret = view === undefined || asksSecret(lookAt(view, dialogue.device));
    const standing = this.#port.standing;
    const why = standing?.state === "asking" ? "question" : "keys";
    stopJob(this.#job, this.#interrupts(bytes) ? "interrupted" : why, dialogue);
    const asked = standing?.state === "asking" ? standing : dialogue.memory.answering;
    const entered = /[\r\n]/.test(bytes.toString("latin1"));
    dialogue.memory = { ...dialogue.memory, answering: entered ? undefined : asked };
    return { level: 1, secret, owedPrompt: false };
  }

  keysSent(bytes: Buffer): void {
    if (this.#dialogue.memory.expected?.what !== "echo") return;
    const enters = /[\r\n]/.test(bytes.toString("latin1"));
    this.#port.fail(new LineLost(this.#interrupts(bytes) ? "interrupted" : enters ? "enter" : "keys"));
  }

  /** Only what the profile names, and only what nothing but a login or a line editor explains: no output, no log row. */
  mayReply(bytes: string): boolean {
    const { profile } = this.#dialogue.device;
    const kind = /R$/.test(bytes) ? "cpr" : /n$/.test(bytes) ? "dsr" : "da";
    const answered = profile.pty?.answer ?? [];
    if (!answered.some((name) => name === kind || (name === "decid" && kind === "da"))) return false;
    if (this.#job?.command.begun === true || this.#port.ledger.typed?.enter === true) return false;
    return !this.#port.isReady || this.#dialogue.edits;
  }

  flush(): Buffer {
    return this.#dialogue.mask.flush();
  }

  clean(lines: readonly string[], command: Command | undefined): CleanRows {
    const { device } = this.#dialogue;
    // Of a part of an output, or of what is in no command, everything is shown where it came.
    if (command === undefined) return { lines: withoutPrompt(lines, device), asides: [] };
    const { text, typedAt, pages = 0 } = command;
    return outputRows(lines, { device, typed: text, at: typedAt, paged: pages > 0 });
  }

  /** Said once; the session stays readable and takes keys. */
  failed(error: unknown): void {
    this.#port.ledger.notes.push(`an internal error on this session: ${visibleLine(messageOf(error), 200)}`);
    const job = this.#job;
    this.#job = undefined;
    this.#dialogue.forget();
    if (!this.#port.isReady) this.#unprepared("the session preparation was aborted", false);
    else if (job) this.#port.ledger.abandonOpen("its end will not be noticed, because of an internal error");
  }

  #scene(): DeviceScene {
    const { ledger, isReady, standing } = this.#port;
    return {
      typed: isReady && this.#job === undefined ? ledger.typed : undefined,
      openEnd: ledger.openEnd !== undefined,
      interrupted: this.#job?.stop === "interrupted",
      standing: standing !== undefined,
      hasPassword: secretOf(this.#facts.host, "password") !== undefined,
    };
  }

  #carryOut(verdict: DeviceVerdict): void {
    switch (verdict.do) {
      case "nothing":
        return;
      case "met":
        this.#port.met();
        return;
      case "lost":
        this.#port.fail(new LineLost("echo"));
        return;
      case "stand":
        if (verdict.note !== undefined) this.#note(verdict.note);
        this.#stand(verdict.state);
        return;
      case "press": {
        const command = this.#job?.command;
        if (verdict.as === "page" && command) command.pages = (command.pages ?? 0) + 1;
        this.#port.put(verdict.key, { as: verdict.as });
        this.#dialogue.acted();
        if (verdict.note !== undefined) this.#note(verdict.note);
        return;
      }
      case "typed ended":
        this.#endTyped();
        return;
    }
  }

  #note(sentence: string): void {
    (this.#job?.command.notes ?? this.#port.ledger.notes).push(sentence);
  }

  /** The caller sees the row that is there; the session goes on from the next prompt, as after keys of the caller. */
  #unprepared(why: string, entered: boolean): void {
    this.#dialogue.forget();
    this.#port.ledger.notes.push(why);
    this.#port.readyQuietly();
    // A command like the caller's own: until a prompt comes, the session is busy.
    const command = this.#port.begin("(session preparation)", 1);
    this.#port.ledger.begun(command.id);
    this.#lineLeft(entered, command);
  }

  /** A job that failed: what is known is reported, and the session continues from where it is. */
  *#stopped(job: Job, error: unknown): Script {
    const { command } = job;
    if (error instanceof NoSuchWay || error instanceof SshMcpError) {
      const { told, error: device } = error instanceof NoSuchWay ? error : { told: false, error: undefined };
      if (!told) command.remarks.push(`NOT TYPED: ${error.message}`);
      command.errors = [device ?? { class: "permission", row: visibleLine(error.message, 200) }];
      return this.#finish(job);
    }
    if (error instanceof LineLost && error.why === "interrupted") {
      // Not every interrupt key throws a line away: ours would be run with the next one.
      const dialogue = this.#dialogue;
      const proven = dialogue.proven() !== undefined;
      const { killLine } = dialogue.device.keys;
      const cleared = proven && (yield* dialogue.press(killLine, { as: "clear" }, CLEAR_MS)) !== undefined;
      const gone = cleared || dialogue.sight().what === "prompt";
      // Where it is still there it can be entered yet.
      const did = gone ? "the line did NOT run" : "the line is still there, not entered";
      command.remarks.push(`interrupted before Enter was pressed: ${did}`);
      return gone ? this.#finish(job) : this.#lineNotShown(job);
    }
    if (error instanceof LineLost) return this.#lineNotShown(job, error.why);
    throw error;
  }

  /** The device did not show the line as it was typed: it may be there unseen, and only the caller can say what to do. */
  #lineNotShown(job: Job, why: LineLost["why"] = "echo"): void {
    const { command } = job;
    this.#job = undefined;
    command.notes.push(...notShown(job.lines[job.at], why, this.clearKey));
    this.#lineLeft(why === "enter", command);
  }

  /** A line of ours is there, entered or not. */
  #lineLeft(enter: boolean, command: Command): void {
    this.#port.ledger.leftOnLine(enter, command);
    const row = visibleLine(this.#port.sinks.screen.cursorRowText(), 200);
    this.#stand({ state: "asking", asked: "line", evidence: "profile", row });
  }

  #finish(job: Job): void {
    this.#job = undefined;
    this.#dialogue.memory = { ...this.#dialogue.memory, answering: undefined };
    this.#end(job.command);
  }

  #end(command: Command): void {
    this.#port.settled();
    leftAt(command, this.#dialogue);
    this.#port.ledger.finishAtPrompt(command);
    const talk = this.#dialogue;
    const lines = command.text.replace(/^keys: /, "").split("\n");
    talk.memory = ended(talk.memory, command.id, lines.at(-1) ?? "", talk.end, talk.clock.now());
  }

  #revise(after: AfterEnd): void {
    const rest = revise(after, this.#dialogue);
    if (rest === undefined) return;
    this.#job = newJob(rest.command, [rest.command.text]);
    this.#dialogue.fresh();
    this.#port.start(this.#goOn(this.#job, rest.from));
  }

  *#goOn(job: Job, from: number): Script {
    yield* this.#dialogue.back(from);
    this.#finish(job);
  }

  /** What was typed by keys has come back to the prompt. */
  #endTyped(): void {
    const { typed } = this.#port.ledger;
    if (typed) sayEnded(typed, this.#dialogue);
    this.#port.ledger.handBack();
    if (typed?.command) this.#end(typed.command);
  }

  #stand(state: State): void {
    // However the question ends, nobody has decided that the next line may follow.
    if (state.state === "asking") stopJob(this.#job, "question", this.#dialogue);
    const command = this.#job?.command ?? this.#port.ledger.typed?.command;
    if (command && state.state === "asking") {
      const line = command.text.split("\n")[this.#job?.at ?? 0];
      const away = this.#dialogue.asks(state.row, line ?? command.text);
      if (away !== undefined) command.remarks.push(away);
    }
    this.#port.stand(state);
  }

  #interrupts(bytes: Buffer): boolean {
    return ["\u0003", this.interruptKey].some((key) => bytes.includes(key));
  }
}
