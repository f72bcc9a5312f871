import type { Clock, Disposable } from "../../base/clock.ts";
import type { SessionFacts } from "../../base/contract/action.ts";
import { holds, type Permit, type Reason } from "../../base/contract/permit.ts";
import type { SshMcpError } from "../../base/errors.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import type { ChannelEnd, LinkInfo, PtyChannel } from "../../ssh/contract.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { closedState } from "../record/closed-state.ts";
import type { Command } from "../record/command-log.ts";
import { Ledger } from "../record/ledger.ts";
import type { State } from "../record/outcome.ts";
import { assertAsDecided, assertHeld, assertMayClaim, assertMayRun, factsOf, noPermit } from "./decided.ts";
import { EditorWait } from "./editor-wait.ts";
import { Flow } from "./flow.ts";
import { flowPort } from "./flow-port.ts";
import type { Echo, FarEnd, Framing, FramingPort, MakeFraming, Order } from "./framing.ts";
import { KernelQuestion } from "./kernel-question.ts";
import { type Eye, look } from "./look.ts";
import { lookFirst } from "./look-first.ts";
import { Observer } from "./observer.ts";
import type { PtyOptions } from "./options.ts";
import { PendingOrder } from "./pending-order.ts";
import { assertOwnLine, channelGone, interruptedBefore, keyboardOf, noCommand } from "./refusal.ts";
import { type Script, ScriptRunner } from "./script.ts";
import { endRecording, type PtySinks } from "./sinks.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";
import { actsOnKeys, type BaseState, type PtyState } from "./state.ts";
import { TerminalState } from "./terminal-state.ts";
import { Writer } from "./writer.ts";

/**
 * One channel's life. It owns the terminal: bytes come in here, are written here, and what is under way is one state that
 * moves here. What the far end is and what it means is its framing's word.
 */
export class Pty {
  readonly channel: PtyChannel;
  readonly info: LinkInfo;
  readonly sinks: PtySinks;
  readonly editor: EditorWait;
  end: ChannelEnd | undefined;
  /** The first prompt was reached. */
  ready = false;
  readonly #clock: Clock;
  readonly #state: TerminalState;
  readonly #order = new PendingOrder();
  readonly #ledger: Ledger;
  readonly #flow: Flow;
  readonly #observer: Observer;
  readonly #scripts: ScriptRunner;
  readonly #kernel: KernelQuestion;
  readonly #opening: Permit;
  readonly #keyboard: PtyOptions["keyboard"];
  readonly #writer: Writer;
  readonly #port: FramingPort;
  readonly #subscriptions: Disposable[] = [];
  #framing: Framing;
  #permit: Permit;
  #unanswered = false;
  #received = 0;
  /** Why we closed it ourselves, as a sentence. */
  #closeReason: string | undefined;

  constructor(options: PtyOptions) {
    const { opened, sinks, clock, framing, readSecret, permit, onPut } = options;
    this.channel = opened.channel;
    this.info = opened.info;
    this.sinks = sinks;
    this.#clock = clock;
    this.#opening = permit;
    this.#keyboard = options.keyboard;
    this.#permit = permit;
    this.#ledger = new Ledger(sinks, clock);
    this.editor = new EditorWait(clock, () => !this.end && this.#framing.editorDue === true);
    this.#flow = new Flow(opened.channel, sinks);
    this.#scripts = new ScriptRunner(clock, (step) => this.#act(step));
    this.#kernel = new KernelQuestion(opened.beside, clock, (note) => this.#ledger.notes.push(note));
    this.#port = this.#portOf(readSecret);
    this.#framing = framing(this.#port);
    this.#state = new TerminalState({
      base: () => this.#framing.base,
      order: () => this.#order.text,
      end: () => this.end,
      moved: (standing) => sinks.log.stands(standing?.state ?? "running"),
    });
    this.#writer = new Writer(opened.channel, clock, this.#state, onPut);
    const eye = this.#eye();
    this.#observer = new Observer(
      clock,
      (quietMs) => look(eye, this.#snapshot(quietMs)),
      (error) => this.#failed(error),
    );
  }

  start(): void {
    this.#subscriptions.push(
      this.channel.onData((chunk) => this.#onData(chunk)),
      this.channel.onClose((end) => this.#act(() => this.#onClose(end))),
      this.#flow,
    );
    this.#observer.restart();
    this.#act(() => this.#runScript(this.#framing.open()));
  }

  get state(): PtyState {
    return this.#state.current;
  }

  get standing(): State | undefined {
    return this.#state.standing;
  }

  get far(): FarEnd {
    return this.#framing;
  }

  get notes(): string[] {
    return this.#ledger.notes;
  }

  facts(): Omit<SessionFacts, "name"> {
    return factsOf(this.state, () => this.sinks.screen.cursorRowText(), this.#framing);
  }

  attend(): void {
    this.#observer.restart();
  }

  /** Something of ours is typed, or waits to go on typing. */
  get types(): boolean {
    return this.#scripts.busy || this.#order.text !== undefined;
  }

  isInterrupt(bytes: Buffer): boolean {
    return bytes.equals(Buffer.from(this.#framing.interruptKey));
  }

  /** Whether the far end shows what is typed now; its kernel is asked at most once between two bytes, for 1 s. */
  async echo(by?: "kernel"): Promise<Echo> {
    return this.#kernel[by === "kernel" ? "kernelEcho" : "echo"](this.#framing, this.#received);
  }

  /** Types one command. @throws SshMcpError `busy`, `not_ready`, `session_closed`, `invalid_argument`. */
  async submit(order: Order, permit: Permit): Promise<Command> {
    if (!this.end && !this.#scripts.busy) await lookFirst(order, this.sinks, this);
    if (order.here === "prompt" && this.#order.text === undefined) await this.#claimed(order, permit);
    if (this.end) throw channelGone();
    this.#keyboard?.assertFree(permit);
    const { at } = this.#framing.base;
    const free = this.#order.text === undefined && !this.#scripts.busy;
    const atPrompt = this.ready && (at === "prompt" || at === "unsent" || this.#ledger.typed !== undefined);
    if (!free || !(atPrompt || (order.here === "prompt" && this.#framing.takesPrompt))) throw this.#refusal();
    if (this.#framing.claim === undefined || order.here === undefined)
      assertMayRun(permit, this.#framing.expand(order), this.facts());
    permit.turn?.begin();
    return this.#order.take(order.text, () => {
      this.#act(() => {
        this.#permit = permit;
        this.#sync();
        this.#runScript(this.#framing.submit(order));
      });
      this.#observer.onActivity();
    });
  }

  /**
   * Writes keys of the caller as they are. The interrupt key alone always goes, and ends a command in the making.
   * @throws SshMcpError `session_closed`; `not_ready` where they would fall into something else.
   */
  type(bytes: Buffer, permit: Permit): void {
    if (this.end) throw channelGone();
    const interrupts = this.isInterrupt(bytes);
    this.#keyboard?.assertFree(permit, interrupts);
    if (!interrupts) {
      assertOwnLine(bytes, permit, keyboardOf(this.state, this.#ledger, this.#framing, this.sinks));
      if (permit.at && permit.verb !== "hold") assertAsDecided(permit.at, this.facts(), bytes);
    }
    const reason: Reason = { as: permit.verb === "interrupt" ? "interrupt" : "keys" };
    if (!holds(permit, bytes, reason)) throw noPermit(reason);
    permit.turn?.begin();
    const { at } = this.#framing.base;
    // While a script has the terminal, keys go to what it runs.
    const typed = this.#ledger.typed !== undefined && !this.#scripts.busy;
    const atPrompt = at === "prompt" || at === "unsent" || typed;
    const toLine = this.ready && this.#order.text === undefined && atPrompt;
    this.#act(() => {
      const typedAt = this.#framing.keys(bytes, toLine, permit.verb === "hold");
      const into = actsOnKeys(this.state) ? "keys" : undefined;
      this.#ledger.keys(bytes, toLine ? typedAt : into, permit.caller.id);
      if (toLine && !interrupts) this.#permit = permit;
      this.#state.release();
      this.#unanswered = true;
      this.#put(bytes, reason, permit);
      if (interrupts && this.#order.text !== undefined) this.#scripts.fail(interruptedBefore());
      else this.#framing.keysSent?.(bytes, interrupts);
    });
  }

  /** The screen's answer to a terminal query, passed on where that is safe. */
  reply(bytes: string): void {
    if (this.end || !this.#framing.mayReply(bytes)) return;
    this.#act(() => this.#put(Buffer.from(bytes), { as: "reply" }, this.#opening));
  }

  close(reason: string): void {
    if (this.end) return;
    this.#closeReason = reason;
    this.channel.close();
  }

  dispose(): void {
    this.#observer.dispose();
    this.#scripts.stop();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  closedState(): State {
    return closedState(this.end, this.#closeReason);
  }

  /** On the caller's word what waits for a prompt has one, and ends. */
  async #claimed(order: Order, permit: Permit): Promise<void> {
    const instead = this.end ? undefined : await this.#framing.instead?.();
    const claim = this.end || instead ? undefined : this.#framing.claim?.();
    if (this.end || (claim ?? instead) === undefined) return;
    assertMayClaim(permit, this.#framing.expand(order), this.facts());
    permit.turn?.begin();
    if (claim) this.#act(claim);
    if (instead) this.#take(instead);
    await this.#scripts.idle();
    // Another kind of far end may enter other lines.
    if (instead) assertHeld(permit, this.#framing.expand(order));
  }

  /** The only place that writes. */
  #put(bytes: Buffer, reason: Reason, permit: Permit): void {
    if (this.end) return;
    this.#writer.write(bytes, reason, permit);
    this.#observer.onActivity();
  }

  #act(action: () => void): void {
    this.#writer.decides();
    try {
      action();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#sync();
    }
  }

  #onData(chunk: Buffer): void {
    this.#unanswered = false;
    this.#received += chunk.length;
    this.#act(() => this.#framing.receive(chunk));
    this.#observer.onActivity();
    this.sinks.waits.onBytes(this.sinks.transcript.end);
  }

  #eye(): Eye {
    const self = this;
    return {
      get ended() {
        return self.end !== undefined;
      },
      get framing() {
        return self.#framing;
      },
      moment: () => `${this.#received}/${this.#state.epoch}`,
      snapshot: (kernel) => this.#snapshot(this.#observer.quietMs, kernel),
      askKernel: () => this.#kernel.ask(this.#framing, this.#received),
      act: (action) => this.#act(action),
    };
  }

  #snapshot(quietMs: number, kernel?: KernelEvidence): Snapshot {
    return snapshotOf(this.sinks, { quietMs, now: this.#clock.now(), unanswered: this.#unanswered, kernel });
  }

  #runScript(script: Script): void {
    this.#scripts.run(script, (error) => {
      // A script that made no command of its order has refused it.
      const refused = this.#order.refuse(() => error ?? this.#refusal(this.#framing.base));
      if (refused) this.#permit = this.#opening;
      if (error !== undefined && !refused) this.#failed(error);
      this.#sync();
    });
  }

  #onClose(end: ChannelEnd): void {
    this.#flow.show(this.#framing.flush());
    this.end = end;
    this.#ledger.closeAll(end);
    endRecording(this.sinks, end, this.closedState());
    this.sinks.screen.flush();
    this.#order.refuse(channelGone);
    this.#state.release();
    this.dispose();
    this.sinks.waits.settle(() => ({ state: this.closedState() }));
  }

  /** `base`: what is under way but for an order in the making. */
  #refusal(base?: BaseState): SshMcpError {
    const state = base === undefined ? this.state : this.#state.over(base);
    return noCommand(state, this.#framing, this.sinks);
  }

  #failed(error: unknown): void {
    if (this.end) return;
    this.#state.release();
    this.#scripts.stop();
    this.#order.refuse(() => error);
    this.#framing.failed(error);
    this.#sync();
  }

  #portOf(readSecret: ReadSecret): FramingPort {
    const self = this;
    return {
      ...flowPort(this.#flow, this.sinks, () => this.#state.release()),
      ledger: this.#ledger,
      readSecret: (ref) => readSecret(ref, this.#permit.caller.id),
      put: (bytes, reason) => this.#put(Buffer.from(bytes), reason, this.#permit),
      begin: (text, level) => this.#begin(text, level),
      readyQuietly: () => this.#becomeReady(),
      ready: () => {
        this.#becomeReady();
        this.sinks.waits.settleReady({ state: "done", evidence: this.#framing.evidence });
      },
      stand: (state) => this.#stand(state),
      settled: () => this.#state.release(),
      report: (state) => this.sinks.waits.settleAll(state, this.sinks.log.running),
      met: () => this.#scripts.met(),
      fail: (error) => this.#scripts.fail(error),
      start: (script) => this.#runScript(script),
      kernel: () => this.#kernel.ask(this.#framing, this.#received),
      askKernel: (then) =>
        void this.#kernel.ask(this.#framing, this.#received).then((kernel) => {
          if (!this.end) this.#act(() => then(kernel));
        }),
      become: (make, failed) => this.#become(make, failed),
      attend: () => this.#observer.restart(),
      refusal: () => this.#refusal(this.#framing.base),
      get isReady() {
        return self.ready;
      },
      get standing() {
        return self.#state.standing;
      },
    };
  }

  #begin(text: string, level: number): Command {
    this.#state.release();
    const command = this.#ledger.open(text, level);
    this.#order.begun(command);
    return command;
  }

  #stand(state: State): void {
    // It holds already: who waits beyond it has seen it, and waits for something else.
    if (!this.#state.stand(state)) return;
    this.#writer.decides();
    this.#scripts.release();
    this.sinks.waits.settleAll(state, this.sinks.log.running);
  }

  #sync(): void {
    this.#state.sync();
    this.#writer.decides();
    this.editor.looks();
    this.sinks.recording?.look();
  }

  #becomeReady(): void {
    this.ready = true;
    this.#ledger.firstPrompt();
    this.#state.release();
  }

  #become(make: Promise<MakeFraming>, failed: (error: unknown) => void): void {
    make.then(
      (framing) => {
        if (!this.end) this.#take(framing);
      },
      (error: unknown) => {
        if (!this.end) this.#act(() => failed(error));
      },
    );
  }

  #take(make: MakeFraming): void {
    this.#act(() => {
      this.#framing = make(this.#port);
      this.#runScript(this.#framing.open());
    });
    this.#observer.restart();
  }
}
