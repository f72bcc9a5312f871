import { SshMcpError } from "../../base/errors.ts";
import type { Mark } from "../../terminal/scanner.ts";
import type { Level } from "../record/shell-level.ts";
import { commandLine } from "./command-line.ts";
import { onEnd, onGone, onNoEnd } from "./endings.ts";
import { PING_LINE } from "./hooks.ts";
import { abandonBootstrap, bootstrap, onIdentity, onReady, settleWithoutHook } from "./joining.ts";
import { type Behind, type MarksPort, MarksState } from "./marks-state.ts";
import type { Phase } from "./phase.ts";
import { CHANGES_EDITOR, CHANGES_LIMITS } from "./terminal-keys.ts";

/**
 * Frames commands in POSIX-like shells by private marks (docs/framing.md). Knows nothing of time or waits: the session
 * calls it to begin, submit, ping or give up; it reports to the session what the marks say.
 */
export class ShellMarks {
  readonly #state: MarksState;

  constructor(port: MarksPort) {
    this.#state = new MarksState(port);
  }

  get nonce(): string {
    return this.#state.nonce;
  }

  get phase(): Phase["at"] {
    return this.#state.phase.at;
  }

  /** The shell in front; undefined before the first bootstrap succeeded. */
  get level(): Level | undefined {
    return this.#state.level;
  }

  get levels(): readonly Level[] {
    return this.#state.levels;
  }

  /** Id of the command that is being typed or running at the top level; undefined at a prompt. */
  get running(): number | undefined {
    return this.#state.running;
  }

  /** A command may be typed now. */
  get atPrompt(): boolean {
    return this.#state.phase.at === "prompt" || this.#state.phase.at === "post";
  }

  /** Types the set-up line at a prompt; `inside`: the command that opened the shell to be joined, 0 for the login shell. */
  bootstrap(inside = 0): void {
    bootstrap(this.#state, inside);
  }

  /** The bootstrap was not answered: shows what came instead and steps back. `tidy`: the shell may sit in our raw read. */
  abandonBootstrap(running: number | undefined): { readonly tidy: boolean } {
    return abandonBootstrap(this.#state, running);
  }

  /** After R without P: prompts carry no mark here; interrupted commands are found out by ping. */
  settleWithoutHook(): void {
    settleWithoutHook(this.#state);
  }

  /**
   * Types one framed command. The caller has made sure that `atPrompt` holds
   * and nothing unsent is on the line.
   */
  submit(id: number, text: string, behind?: Behind): void {
    const level = this.level;
    if (level === undefined || !this.atPrompt) throw new SshMcpError("internal", "submit without a prompt");
    if (CHANGES_LIMITS.test(text)) level.fewDescriptors = true;
    const typed = commandLine({ ...level, label: `${this.nonce}L${level.number}` }, id, text);
    if (CHANGES_EDITOR.test(text)) level.ownKeys = true;
    this.#state.phase = {
      at: "hold",
      id,
      text,
      payload: typed.payload,
      owed: this.#state.owed,
      ahead: 0,
      pinged: false,
    };
    this.#state.type(typed.line, { as: "line", of: text }, behind);
  }

  /** Asks a shell that is back at its prompt without a mark how the command ended. */
  ping(): void {
    const phase = this.#state.phase;
    if (phase.at === "run") this.#state.phase = { ...phase, at: "ping" };
    else if (phase.at === "prompt" || phase.at === "post" || phase.at === "hold")
      this.#state.phase = { ...phase, pinged: true };
    this.#state.type(PING_LINE, { as: "status" });
  }

  /** Ends the typed line by a line feed, and every line from here on: the terminal does not make one of Enter. */
  endLine(): void {
    this.#state.lineEnd = "\n";
    this.#state.port.put("\n", { as: "enter" });
  }

  /** The ping was not answered: what came instead is output. */
  giveUpPing(): void {
    if (this.#state.phase.at !== "ping") return;
    this.#state.releaseHeld();
    this.#state.phase = { ...this.#state.phase, at: "run" };
  }

  /** Prompts are still to come for what is typed: behind the next command's line they do not mean it was dropped. */
  expectPrompts(count: number): void {
    this.#state.expectPrompts(count);
  }

  /** No prompt comes any more for what was typed. */
  forgetOwed(): void {
    if (this.#state.phase.at === "prompt" || this.#state.phase.at === "post")
      this.#state.phase = { ...this.#state.phase, owed: 0 };
  }

  /** Whether no prompt is to come any more for what was typed. */
  get settled(): boolean {
    return this.#state.owed === 0;
  }

  /** Bytes are held back as the echo of what was typed. */
  get holding(): boolean {
    return this.#state.held.any;
  }

  /** The line never ran: shows what was held as its echo. The phase stays, the mark may still come. */
  showHeld(): void {
    this.#state.releaseHeld();
  }

  /** All framing is lost: the login shell was replaced or broke. */
  reset(): void {
    this.#state.endTrace(false);
    this.#state.releaseHeld();
    this.#state.levels = [];
    this.#state.phase = { at: "unframed", late: undefined };
  }

  onBytes(bytes: Buffer): void {
    switch (this.#state.phase.at) {
      case "identify":
      case "hooking":
      case "settling":
      case "hold":
      case "ping":
        this.#state.hold(bytes);
        return;
      case "prompt":
      case "post":
        if (this.#state.phase.pinged) this.#state.hold(bytes);
        else this.#state.port.show(bytes);
        return;
      case "run": {
        const shown = this.#state.trace?.push(bytes) ?? bytes;
        if (shown.length > 0) this.#state.port.show(shown);
        return;
      }
      default:
        this.#state.port.show(bytes);
    }
  }

  onMark(received: Mark): void {
    const mark = this.#state.verified(received);
    if (mark === undefined) return;
    switch (mark.kind) {
      case "I":
        onIdentity(this.#state, mark);
        return;
      case "R":
        onReady(this.#state, mark);
        return;
      case "K":
        this.#onPayloadWanted(mark);
        return;
      case "A":
        this.#onLineRead(mark);
        return;
      case "C":
        this.#onStart(mark);
        return;
      case "N":
        onNoEnd(this.#state, mark);
        return;
      case "G":
        onGone(this.#state, mark);
        return;
      case "D": {
        // Options of the shell at that moment; no other mark needs to know them.
        const [id = "", exit = "", flags = "", ...cwd] = mark.fields.split(";");
        const level = this.#state.levels[mark.level - 1];
        const [, options = "", jobs] = /^([^j]*)(?:j(\d*))?$/.exec(flags) ?? [undefined, flags];
        this.#state.jobs = jobs === undefined ? undefined : { last: Number(jobs) };
        if (level) {
          level.flags = options;
          if (level.family === "zsh" || level.family === "bash") level.bare = flags.includes("!");
        }
        onEnd(this.#state, { ...mark, fields: [id, exit, ...cwd].join(";") });
        this.#state.jobs = undefined;
        return;
      }
      case "Q":
        this.#onPrompting(mark);
        return;
      case "P":
        onEnd(this.#state, mark);
        this.#state.prompting = false;
        return;
    }
  }

  /** The hooks have run and the prompt is printed now (zsh); its mark follows when the line editor reads. */
  #onPrompting(mark: Mark): void {
    const { at } = this.#state.phase;
    if (at === "settling") this.#state.dropEcho();
    else if (at === "run" || at === "ping" || !this.#state.isCurrent(mark)) onEnd(this.#state, mark);
    this.#state.prompting = true;
    if (this.#state.phase.at === "post" || this.#state.phase.at === "prompt")
      this.#state.port.event({ type: "prompting" });
  }

  /** The prompt's text came before its mark. */
  get prompting(): boolean {
    return this.#state.prompting;
  }

  /** Commands wait for the prompt that the command before ends in: only then does the line editor read. */
  get owesPrompt(): boolean {
    return this.#state.phase.at === "post" && this.level?.hooked === true;
  }

  /** The prompt stands, and its hook is gone. */
  hookLost(): void {
    const { level } = this;
    if (!level || this.#state.phase.at !== "post") return;
    level.hooked = false;
    this.#state.phase = { ...this.#state.phase, at: "prompt" };
  }

  /** The command is over: the shell reads others and runs none of them. */
  runsNothing(): void {
    const { level } = this;
    if (!level || this.#state.phase.at !== "run") return;
    this.#state.endTrace(false);
    level.noExec = true;
    this.#state.phase = { at: "prompt", owed: 0, pinged: false };
  }

  #onPayloadWanted(mark: Mark): void {
    const phase = this.#state.phase;
    if (phase.at !== "hold" || !this.#state.isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#state.dropEcho();
    if (phase.payload) {
      // The lines of a long command come back one by one.
      this.#state.held.lines(phase.payload);
      this.#state.port.put(phase.payload, { as: "line", of: phase.text });
    }
    this.#state.phase = { ...phase, payload: undefined, long: true };
  }

  /** A shell that reads an eval whole has read the line: what it printed so far is the echo. */
  #onLineRead(mark: Mark): void {
    const phase = this.#state.phase;
    if (phase.at !== "hold" || !this.#state.isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#state.dropEcho();
    this.#state.phase = { ...phase, read: true };
  }

  #onStart(mark: Mark): void {
    const phase = this.#state.phase;
    if (phase.at !== "hold" || !this.#state.isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#state.dropEcho();
    this.#state.begin(phase.id, phase.text);
  }

  /** The key its marks must carry; undefined for a level that is not there. */
  keyOf(level: number): string | undefined {
    return this.#state.keyOf(level);
  }
}
