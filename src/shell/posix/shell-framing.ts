import type { Line } from "../../base/contract/action.ts";
import { messageOf } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { askedByText } from "../evidence/rows.ts";
import type { CleanRows, Echo, Framing, FramingPort, MakeFraming, Order } from "../pty/framing.ts";
import type { Script } from "../pty/script.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import { type BaseState, takesKeys } from "../pty/state.ts";
import type { Command } from "../record/command-log.ts";
import { accountOf } from "../record/shell-level.ts";
import type { TypedAt } from "../record/typed.ts";
import { baseOf } from "./base-state.ts";
import { clearLine } from "./clear-line.ts";
import { deviceHere, loginOffer, lookHere } from "./here.ts";
import { judgeShell, remembered, seenReading } from "./judge.ts";
import { maySetUp } from "./judge-login.ts";
import { KernelSight } from "./kernel-sight.ts";
import { shellLines } from "./lines.ts";
import { MarkEvents } from "./mark-events.ts";
import { MarkedBytes } from "./marked-bytes.ts";
import { ShellMarks } from "./marks.ts";
import { RUNS_NOTHING, runsNothing } from "./no-exec.ts";
import { Pasting } from "./pasting.ts";
import { promptDue, rowHere } from "./prompt-due.ts";
import { NOTHING_REMEMBERED, type ShellMemory, type ShellScene, type ShellVerdict } from "./scene.ts";
import { sceneOf } from "./scene-of.ts";
import { SecretFill } from "./secret-fill.ts";
import { ENTER_IS_TEXT, NO_SHELL, NOT_JOINED, NOT_SET_UP, setUp } from "./set-up.ts";
import type { ShellFacts } from "./shell-facts.ts";
import { CHANGES_KEYS, deafToCtrlC, lettersArrive, linesTyped } from "./terminal-keys.ts";
import { Unframed } from "./unframed.ts";

/** A POSIX-like shell, its commands framed by marks; where it cannot be set up, its prompts alone tell an end. */
export class ShellFraming implements Framing {
  readonly #port: FramingPort;
  readonly #facts: ShellFacts;
  readonly #marks: ShellMarks;
  readonly #bytes: MarkedBytes;
  readonly #sight: KernelSight;
  readonly #events: MarkEvents;
  #memory: ShellMemory = NOTHING_REMEMBERED;
  /** Why it is not framed, and the prompt that shows a command's end. */
  #unframed: Unframed | undefined;
  /** Row left of the cursor at the last prompt. */
  #promptRow = "";
  #handedOver = false;
  /** The last command may have made letters the terminal's own keys. */
  #changesKeys = false;
  readonly #pasting = new Pasting();
  readonly #fill: SecretFill;

  constructor(port: FramingPort, facts: ShellFacts) {
    this.#port = port;
    this.#facts = facts;
    this.#marks = new ShellMarks({
      put: port.put,
      show: port.show,
      draw: port.draw,
      applyModes: port.applyModes,
      tidy: port.tidy,
      aside: port.aside,
      event: (event) => this.#events.on(event),
    });
    this.#bytes = new MarkedBytes(this.#marks);
    this.#fill = new SecretFill(port, this.#bytes.mask, facts.secrets);
    this.#sight = new KernelSight((sentence) => port.ledger.notes.push(sentence), facts.names, facts.login);
    this.#events = new MarkEvents({
      port,
      marks: this.#marks,
      sight: this.#sight,
      promptRow: () => this.#promptRow,
      join: (inside) => this.#join(inside),
      framed: () => this.#framed(),
    });
  }

  readonly interruptKey = "\u0003";
  readonly takesPrompt = true;

  get offer(): string | undefined {
    return loginOffer(this.#port);
  }

  get evidence(): "sentinel" | "prompt" {
    return this.#unframed ? "prompt" : "sentinel";
  }

  get unframed(): boolean {
    return this.#unframed !== undefined;
  }

  get cwd(): string | undefined {
    return this.#port.ledger.cwd;
  }

  get level(): number {
    return this.#marks.level?.number ?? 1;
  }

  get account(): string | undefined {
    return accountOf(this.#marks.level);
  }

  get platform(): string | undefined {
    return this.#marks.level || this.#facts.platform === "posix" ? "posix" : undefined;
  }

  get text(): string {
    if (this.#unframed) return `not framed: ${this.#unframed.why}`;
    const level = this.#marks.level;
    if (!level) return this.#facts.platform === "posix" ? "starting" : this.#facts.platform;
    return `${level.name}${level.hooked ? "" : ", without prompt hook"}`;
  }

  get base(): BaseState {
    return baseOf({
      phase: this.#marks.phase,
      unframed: this.#unframed !== undefined,
      typed: this.#port.ledger.typed,
      open: this.#port.sinks.log.running,
      running: this.#running,
      ready: this.#port.isReady,
    });
  }

  /** Nothing is typed before a prompt shows: the judge begins. */
  *open(): Script {}

  receive(chunk: Buffer): void {
    this.#bytes.receive(chunk);
  }

  flush(): Buffer {
    return this.#bytes.flush();
  }

  look(seen: Snapshot): "kernel" | undefined {
    if (this.#handedOver) return undefined;
    this.#unframed?.look(seen);
    const verdict = judgeShell(this.#memory, this.#scene(), seen);
    if (verdict.do === "ask kernel") return "kernel";
    if (verdict.do === "ask again") this.#memory = seenReading(this.#memory, verdict.line, seen);
    if (verdict.do === "stand" && !this.#port.isReady) this.#memory = { ...this.#memory, stoodAt: seen.end };
    if (verdict.do !== "stand" || !this.#fill.takes(verdict.state, seen, this.#running))
      this.#carryOut(verdict);
    return undefined;
  }

  get masked(): number {
    return this.#bytes.mask.count;
  }

  answered(kernel: KernelEvidence, about: BaseState): void {
    this.#sight.saw(kernel);
    const running = "command" in about ? about.command : undefined;
    const deaf = running?.interrupted && running.endedAt === undefined ? deafToCtrlC(kernel) : undefined;
    if (deaf) this.#sight.once(deaf);
    this.#memory = remembered(this.#memory, running?.id, kernel, this.#facts.clock.now());
  }

  get kernelQuery(): Framing["kernelQuery"] {
    return this.#sight.query(this.#marks.levels, this.#fill.program);
  }

  echo(): Echo | "kernel" {
    const { at } = this.base;
    if (askedByText(this.#port.sinks.screen.cursorRowText()) === "password") return "off";
    // A line editor shows what it edits.
    return at === "prompt" || at === "unsent" ? "on" : "kernel";
  }

  expand(order: Order): readonly Line[] {
    this.#fill.assertGiven(order.secret, this.level);
    return shellLines(order, this.text, this.unframed);
  }

  async instead(): Promise<MakeFraming | undefined> {
    if (this.#port.isReady || this.#handedOver) return undefined;
    const make = await deviceHere(this.#port, this.#scene(), this.#facts.device);
    if (make === undefined || this.#port.isReady || this.#handedOver) return undefined;
    this.#handedOver = true;
    this.#sight.over();
    return make;
  }

  *submit(order: Order): Script {
    this.expand(order);
    if (order.here === "prompt") yield* this.#takePrompt();
    if (this.#unframed) return yield* this.#unframed.submit(order.text, this.#sight.login?.pid);
    const [port, marks, said] = [this.#port, this.#marks, order.here === "prompt"];
    const tell = (sentence: string) => this.#sight.once(sentence);
    const due = () => promptDue({ marks, port, promptRow: this.#promptRow, said, tell });
    if (marks.level?.noExec) throw runsNothing();
    yield* due();
    if (this.#changesKeys) yield* lettersArrive(port, marks.level);
    this.#changesKeys = false;
    const { typed } = port.ledger;
    if (typed && marks.atPrompt)
      yield* clearLine({ port, marks, clock: this.#facts.clock, typed, promptRow: this.#promptRow });
    yield* due();
    const { level } = marks;
    if (level === undefined || !marks.atPrompt) throw port.refusal();
    this.#promptRow = rowHere(this.#port) ?? this.#promptRow;
    const late = this.#events.promptDue;
    this.#changesKeys = CHANGES_KEYS.test(order.text);
    this.#fill.assertGiven(order.secret, level.number);
    const command = port.begin(order.text, level.number);
    this.#fill.begins(order.secret, command);
    port.muteReplies(true);
    marks.submit(command.id, order.text, { prompt: this.#promptRow, cols: port.sinks.screen.cols, late });
  }

  get editorDue(): boolean {
    return !this.#unframed && this.#events.editorDue;
  }

  keys(bytes: Buffer, toLine: boolean, person = false): TypedAt {
    this.#unframed?.typed();
    this.#fill.keysTyped();
    const secret = toLine && askedByText(this.#port.sinks.screen.view().cursorText) === "password";
    if (toLine && !this.#port.ledger.typed) this.#promptRow = rowHere(this.#port) ?? this.#promptRow;
    this.#memory = { ...this.#memory, busy: undefined };
    this.#events.keysTyped();
    const owedPrompt = this.#marks.phase === "post" && this.#marks.level?.hooked === true;
    const lines = this.#pasting.lines(bytes, this.#port.sinks.screen.view().modes.bracketedPaste);
    // Key by key nobody sees the question any more when its Enter comes: a person's lines go to what runs.
    const asked = person || this.#port.standing?.state === "asking";
    const answers = toLine && asked && this.#port.ledger.typed?.enter === true;
    linesTyped(this.#marks.level, bytes, lines);
    // Each line and each interrupt may bring a prompt, also those that a program leaves unread.
    const interrupts = bytes.filter((byte) => byte === 0x03).length;
    this.#marks.expectPrompts(interrupts + lines - (answers && lines > 0 ? 1 : 0));
    return { level: this.level, secret, owedPrompt, lines, answers };
  }

  /**
   * Passed on only to something that has taken the terminal over: a full-screen program or a line editor. Whatever else
   * prints a query (`cat` of a binary file) must not make us type.
   */
  mayReply(): boolean {
    const { phase } = this.#marks;
    const login = phase === "unframed" && !this.#port.isReady;
    if (phase === "hold" && !this.#unframed) return false;
    // A prompt's hook may ask where the cursor is; it waits for the answer before the line editor reads.
    const hook = this.#marks.owesPrompt;
    if (!login && !hook && !takesKeys(this.#port.sinks.screen.view())) return false;
    // At a prompt the answer may end up on the line: the next framed command clears it first.
    if (this.#marks.atPrompt) this.#port.ledger.replied();
    return true;
  }

  readonly clean = (lines: readonly string[]): CleanRows => ({ lines, asides: [] });

  /** An error of our own on this session: it continues unframed, and reports it. */
  failed(error: unknown): void {
    if (this.#unframed) return;
    this.#sight.once(`framing was switched off after an internal error: ${visibleLine(messageOf(error))}`);
    this.#marks.reset();
    this.#port.muteReplies(false);
    this.#unframed = new Unframed(this.#port, "internal error", this.#promptRow, this.#facts.promptPattern);
    this.#port.ready();
  }

  /** The command in front: running at the innermost level. */
  get #running(): Command | undefined {
    const id = this.#marks.running;
    if (id !== undefined) return this.#port.sinks.log.get(id);
    return this.#unframed ? this.#port.sinks.log.running : undefined;
  }

  #scene(): ShellScene {
    return sceneOf(this.#port, this.#marks, this.#facts, {
      unframed: this.#unframed,
      running: this.#running,
      promptRow: this.#promptRow,
      promptAt: this.#events.answeredAt,
      names: this.#sight.names,
    });
  }

  #carryOut(verdict: ShellVerdict): void {
    switch (verdict.do) {
      case "join":
        this.#join(verdict.inside);
        return;
      case "not a shell":
        if (verdict.device && this.#facts.device) {
          this.#handOver(this.#facts.device(verdict.row, { menu: verdict.menu }));
          return;
        }
        this.#goUnframed(verdict.why);
        return;
      case "settle without hook":
        this.#marks.settleWithoutHook();
        return;
      case "show held":
        this.#marks.showHeld();
        this.#port.attend();
        return;
      case "give up ping":
        this.#marks.giveUpPing();
        return;
      case "ping":
        this.#memory = { ...this.#memory, pinged: verdict.id };
        if (verdict.typed) this.#port.ledger.oneLine();
        this.#marks.ping();
        return;
      case "end line":
        this.#memory = { ...this.#memory, lineFed: verdict.id };
        this.#sight.once(ENTER_IS_TEXT);
        this.#marks.endLine();
        return;
      case "stand":
        if (verdict.note !== undefined) this.#sight.once(verdict.note);
        this.#port.stand(verdict.state);
        return;
      case "runs nothing":
        this.#marks.runsNothing();
        this.#port.settled();
        this.#port.ledger.over(verdict.command.id, RUNS_NOTHING);
        return;
      case "held":
        this.#port.report({ state: "running", evidence: "held" });
        return;
      case "unframed end":
        this.#port.ledger.handBack();
        this.#port.settled();
        this.#port.ledger.finishAtPrompt(verdict.command);
        this.#promptRow = this.#port.sinks.screen.view().cursorText;
        this.#unframed?.ended(verdict.command);
        return;
    }
  }

  /** Joins the shell at the cursor: the login shell, or one that command `inside` opened. */
  #join(inside: Command | undefined): void {
    this.#promptRow = this.#port.sinks.screen.view().cursorText;
    this.#port.muteReplies(true);
    this.#port.start(this.#setUp(inside));
  }

  /** The login shell answers. */
  #framed(): void {
    // It answered late: what was typed at its prompt meanwhile went into the hook code's place.
    if (this.#unframed)
      this.#port.ledger.abandonOpen("typed while the shell was still being set up: it did not run as typed");
    this.#unframed = undefined;
    this.#port.ready();
  }

  *#setUp(inside: Command | undefined): Script {
    if (!(yield* setUp(this.#marks, this.#port, inside?.id))) return;
    this.#events.endLost();
    if (inside) {
      this.#memory = { ...this.#memory, notJoined: [...this.#memory.notJoined, inside.id] };
      this.#port.ledger.notes.push(NOT_JOINED);
    } else this.#goUnframed(NOT_SET_UP);
    this.#port.attend();
  }

  /** On the caller's word what is at the cursor is set up as a shell; where nothing is framed, its row is the prompt. */
  *#takePrompt(): Script {
    const inside = this.#running;
    if (this.#marks.atPrompt || (this.#unframed && inside === undefined)) return;
    const kernel = yield* lookHere(this.#port);
    this.#sight.saw(kernel);
    this.#port.settled();
    if (this.#unframed) {
      this.#goUnframed(this.#unframed.why);
      if (inside) this.#port.ledger.finishAtPrompt(inside);
      return;
    }
    if (this.#marks.phase !== "unframed" && this.#marks.phase !== "run") throw this.#port.refusal();
    if (!inside && !maySetUp(this.#scene(), kernel, this.#port.sinks.screen.view().cursorText))
      return this.#goUnframed(NO_SHELL);
    this.#promptRow = rowHere(this.#port) ?? this.#promptRow;
    this.#port.muteReplies(true);
    yield* this.#setUp(inside);
    if (!this.#marks.atPrompt && !this.#unframed) throw this.#port.refusal();
  }

  #handOver(device: Promise<MakeFraming>): void {
    this.#handedOver = true;
    this.#sight.over();
    this.#port.become(device, (error) => {
      this.#handedOver = false;
      this.#goUnframed(`its profile could not be loaded: ${messageOf(error)}`);
    });
  }

  /** Framing is switched off: from now on only the prompt on the screen shows a command's end. */
  #goUnframed(why: string): void {
    this.#sight.over();
    this.#promptRow = this.#port.sinks.screen.view().cursorText;
    this.#unframed = new Unframed(this.#port, why, this.#promptRow, this.#facts.promptPattern);
    this.#port.ready();
  }
}
