import { randomBytes } from "node:crypto";
import { SshMcpError } from "../../base/errors.ts";
import type { Mark } from "../../terminal/scanner.ts";
import type { FramingPort } from "../pty/framing.ts";
import type { Level, MarkEvent } from "../record/shell-level.ts";
import { commandLine } from "./command-line.ts";
import { Held } from "./held.ts";
import {
  bootstrapLine,
  familyOf,
  HOOK_BYTES,
  hasPromptVariable,
  hookCode,
  PING_LINE,
  UNHOOK_LINE,
} from "./hooks.ts";
import { behind, exitCode, levelOf, type Phase } from "./phase.ts";
import { TraceRows } from "./trace-rows.ts";

/** Prompts that are waited for at most: a page of lines typed ahead. */
const MOST_OWED = 100;

/** Set-up of ours, permitted with the session or the command that opened the shell. */
const SETUP = { as: "setup" } as const;

const NO_EVAL =
  "the shell did not carry out the line's eval (a function of yours named builtin or eval, or a DEBUG trap that skips commands)";
const CUT = "it did not arrive whole";
const GONE =
  "the function __m, which frames commands here, was removed while it ran: it has ended, its status is not known, and the shell is set up again";

/** What the marks have done in their terminal, and what they report. */
export type MarksPort = Pick<FramingPort, "put" | "show" | "draw" | "applyModes" | "tidy"> & {
  /** Rows of others that came while a line of ours was typed. */
  aside(rows: readonly Buffer[]): void;
  event(event: MarkEvent): void;
};

/**
 * Frames commands in POSIX-like shells by private marks (docs/framing.md). Knows nothing of time or waits: the session
 * calls it to begin, submit, ping or give up; it reports to the session what the marks say.
 */
export class ShellMarks {
  readonly nonce = randomBytes(6).toString("hex");
  readonly #port: MarksPort;
  #levels: Level[] = [];
  #phase: Phase = { at: "unframed", late: undefined };
  readonly #held = new Held();
  /** The prompt is being printed: its text is here before its mark. */
  #prompting = false;
  /** Takes our part of a trace out of what the command prints. */
  #trace: TraceRows | undefined;

  constructor(port: MarksPort) {
    this.#port = port;
  }

  get phase(): Phase["at"] {
    return this.#phase.at;
  }

  /** The shell in front; undefined before the first bootstrap succeeded. */
  get level(): Level | undefined {
    return this.#levels.at(-1);
  }

  get levels(): readonly Level[] {
    return this.#levels;
  }

  /** Id of the command that is being typed or running at the top level; undefined at a prompt. */
  get running(): number | undefined {
    const phase = this.#phase;
    return phase.at === "hold" || phase.at === "run" || phase.at === "ping" ? phase.id : undefined;
  }

  /** A command may be typed now. */
  get atPrompt(): boolean {
    return this.#phase.at === "prompt" || this.#phase.at === "post";
  }

  /** Types the set-up line at a prompt; `inside`: the command that opened the shell to be joined, 0 for the login shell. */
  bootstrap(inside = 0): void {
    const number = this.#levels.length + 1;
    const label = `${this.nonce}L${number}`;
    this.#phase = { at: "identify", label, inside, missed: [] };
    this.#type("", bootstrapLine(label), SETUP);
  }

  /** Types a line whose echo is left out of what is shown; `prompt`: the text left of it. */
  #type(prompt: string, line: string, reason: Parameters<MarksPort["put"]>[1]): void {
    this.#held.typed(prompt, line);
    this.#port.put(line, reason);
  }

  /** The bootstrap was not answered: shows what came instead and steps back. `tidy`: the shell may sit in our raw read. */
  abandonBootstrap(running: number | undefined): { readonly tidy: boolean } {
    const phase = this.#phase;
    const late = phase.at === "identify" ? phase.label : undefined;
    this.#releaseHeld();
    if (phase.at === "settling") this.#levels.pop();
    this.#phase = running === undefined ? { at: "unframed", late } : { at: "run", id: running, ahead: 0 };
    if ("missed" in phase) for (const mark of phase.missed) this.#onEnd(mark);
    return { tidy: phase.at === "hooking" };
  }

  /** After R without P: prompts carry no mark here; interrupted commands are found out by ping. */
  settleWithoutHook(): void {
    const level = this.level;
    if (this.#phase.at !== "settling" || level === undefined || !level.hooked) return;
    level.hooked = false;
    // The prompt that shows our hook literally is put back; the end mark of that line then says ready.
    if (hasPromptVariable(level.family)) this.#type("", UNHOOK_LINE, SETUP);
    else this.#settled(level, this.#held.take());
  }

  /** `prompt`: held bytes that are the prompt itself; otherwise it follows the mark that settled this. */
  #settled(level: Level, prompt?: Buffer): void {
    this.#dropEcho();
    this.#phase = { at: "prompt", owed: 0, pinged: false };
    this.#port.event({ type: "ready", level });
    if (prompt && prompt.length > 0) this.#port.show(prompt);
  }

  /**
   * Types one framed command behind `prompt`, the text left of the cursor. The caller has made sure that `atPrompt` holds
   * and nothing unsent is on the line.
   */
  submit(id: number, text: string, prompt = ""): void {
    const level = this.level;
    if (level === undefined || !this.atPrompt) throw new SshMcpError("internal", "submit without a prompt");
    const typed = commandLine({ ...level, label: `${this.nonce}L${level.number}` }, id, text);
    this.#phase = { at: "hold", id, text, payload: typed.payload, owed: this.#owed, ahead: 0, pinged: false };
    this.#type(prompt, typed.line, { as: "line", of: text });
  }

  /** Asks a shell that is back at its prompt without a mark how the command ended. */
  ping(): void {
    const phase = this.#phase;
    if (phase.at === "run") this.#phase = { ...phase, at: "ping" };
    else if (phase.at === "prompt" || phase.at === "post" || phase.at === "hold")
      this.#phase = { ...phase, pinged: true };
    this.#type("", PING_LINE, { as: "status" });
  }

  /** The ping was not answered: what came instead is output. */
  giveUpPing(): void {
    if (this.#phase.at !== "ping") return;
    this.#releaseHeld();
    this.#phase = { ...this.#phase, at: "run" };
  }

  /** Prompts are still to come for what is typed: behind the next command's line they do not mean it was dropped. */
  expectPrompts(count: number): void {
    const phase = this.#phase;
    if (this.level) delete this.level.status;
    if (phase.at === "prompt" || phase.at === "post")
      this.#phase = { ...phase, owed: Math.min(MOST_OWED, phase.owed + count) };
    else if (phase.at === "run" || phase.at === "ping" || phase.at === "hold")
      this.#phase = { ...phase, ahead: Math.min(MOST_OWED, phase.ahead + count) };
  }

  /** No prompt comes any more for what was typed. */
  forgetOwed(): void {
    if (this.#phase.at === "prompt" || this.#phase.at === "post") this.#phase = { ...this.#phase, owed: 0 };
  }

  /** Prompts that may still come for what was typed before. */
  get #owed(): number {
    const phase = this.#phase;
    if (phase.at === "post") return phase.owed + 1;
    return phase.at === "prompt" ? phase.owed : 0;
  }

  /** Whether no prompt is to come any more for what was typed. */
  get settled(): boolean {
    return this.#owed === 0;
  }

  /** Bytes are held back as the echo of what was typed. */
  get holding(): boolean {
    return this.#held.any;
  }

  /** The line never ran: shows what was held as its echo. The phase stays, the mark may still come. */
  showHeld(): void {
    this.#releaseHeld();
  }

  /** All framing is lost: the login shell was replaced or broke. */
  reset(): void {
    this.#endTrace(false);
    this.#releaseHeld();
    this.#levels = [];
    this.#phase = { at: "unframed", late: undefined };
  }

  onBytes(bytes: Buffer): void {
    switch (this.#phase.at) {
      case "identify":
      case "hooking":
      case "settling":
      case "hold":
      case "ping":
        this.#hold(bytes);
        return;
      case "prompt":
      case "post":
        if (this.#phase.pinged) this.#hold(bytes);
        else this.#port.show(bytes);
        return;
      case "run": {
        const shown = this.#trace?.push(bytes) ?? bytes;
        if (shown.length > 0) this.#port.show(shown);
        return;
      }
      default:
        this.#port.show(bytes);
    }
  }

  onMark(received: Mark): void {
    const mark = this.#verified(received);
    if (mark === undefined) return;
    switch (mark.kind) {
      case "I":
        this.#onIdentity(mark);
        return;
      case "R":
        this.#onReady(mark);
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
        this.#onNoEnd(mark);
        return;
      case "G":
        this.#onGone(mark);
        return;
      case "D": {
        // Options of the shell at that moment; no other mark needs to know them.
        const [id = "", exit = "", flags = "", ...cwd] = mark.fields.split(";");
        const level = this.#levels[mark.level - 1];
        if (level) {
          level.flags = flags;
          if (level.family === "zsh") level.bare = flags.includes("!");
        }
        this.#onEnd({ ...mark, fields: [id, exit, ...cwd].join(";") });
        return;
      }
      case "Q":
        this.#onPrompting(mark);
        return;
      case "P":
        this.#onEnd(mark);
        this.#prompting = false;
        return;
    }
  }

  /** The hooks have run and the prompt is printed now (zsh); its mark follows when the line editor reads. */
  #onPrompting(mark: Mark): void {
    const { at } = this.#phase;
    if (at === "settling") this.#dropEcho();
    else if (at === "run" || at === "ping" || !this.#isCurrent(mark)) this.#onEnd(mark);
    this.#prompting = true;
    if (this.#phase.at === "post" || this.#phase.at === "prompt") this.#port.event({ type: "prompting" });
  }

  /** The prompt's text came before its mark. */
  get prompting(): boolean {
    return this.#prompting;
  }

  /** Commands wait for the prompt that the command before ends in: only then does the line editor read. */
  get owesPrompt(): boolean {
    return this.#phase.at === "post" && this.level?.hooked === true;
  }

  /** The prompt stands, and its hook is gone. */
  hookLost(): void {
    const { level } = this;
    if (!level || this.#phase.at !== "post") return;
    level.hooked = false;
    this.#phase = { ...this.#phase, at: "prompt" };
  }

  /** The key its marks must carry; undefined for a level that is not there. */
  keyOf(level: number): string | undefined {
    if (this.#phase.at === "hooking" && level === this.#levels.length + 1) return this.#phase.key;
    return this.#levels[level - 1]?.key;
  }

  /** A mark without its level's key is forged by something that saw another level's marks. The first one has none yet. */
  #verified(mark: Mark): Mark | undefined {
    if (mark.kind === "I") return mark;
    const key = this.keyOf(mark.level);
    if (key === undefined || !mark.fields.startsWith(`${key};`)) return undefined;
    return { ...mark, fields: mark.fields.slice(key.length + 1) };
  }

  #onIdentity(mark: Mark): void {
    const phase = this.#phase;
    // An answer after we gave up still counts: the shell sits there with echo off, waiting for the hook code.
    const label = phase.at === "identify" ? phase.label : phase.at === "unframed" ? phase.late : undefined;
    if (label === undefined || mark.level !== this.#levels.length + 1) return;
    const { inside, missed } = phase.at === "identify" ? phase : { inside: 0, missed: [] };
    // fish complains of the part of the line that is for other shells.
    if (mark.fields.startsWith("fish")) this.#port.applyModes(this.#held.take());
    else this.#dropEcho();
    if (missed.length > 0) {
      // The program to join had ended: it is the shell around it that reads our line. It has its hooks already.
      this.#port.put("command stty icanon echo\n".padEnd(HOOK_BYTES, "\n"), SETUP);
      this.#phase = { at: "run", id: inside, ahead: 0 };
      for (const one of missed) this.#onEnd(one);
      // The set-up line itself ends with one more prompt.
      this.expectPrompts(1);
      return;
    }
    const key = randomBytes(4).toString("hex");
    this.#phase = { at: "hooking", identity: mark.fields, key, inside, missed };
    this.#port.put(hookCode(familyOf(mark.fields), label, key, mark.level > 1), SETUP);
  }

  #onReady(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hooking" || mark.level !== this.#levels.length + 1) return;
    const { identity, inside, key } = phase;
    this.#levels.push(levelOf(mark, { identity, inside, key }));
    this.#dropEcho();
    this.#phase = { at: "settling" };
  }

  #onPayloadWanted(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hold" || !this.#isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#dropEcho();
    if (phase.payload) {
      // The lines of a long command come back one by one.
      this.#held.lines(phase.payload);
      this.#port.put(phase.payload, { as: "line", of: phase.text });
    }
    this.#phase = { ...phase, payload: undefined, long: true };
  }

  /** A shell that reads an eval whole has read the line: what it printed so far is the echo. */
  #onLineRead(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hold" || !this.#isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#dropEcho();
    this.#phase = { ...phase, read: true };
  }

  /** The line is over, and the end mark within the eval was not reached. */
  #onNoEnd(mark: Mark): void {
    const [idText = "", exit = "", begun, ...cwd] = mark.fields.split(";");
    const phase = this.#phase;
    const level = this.level;
    const mine = this.#isCurrent(mark) && "id" in phase && Number(idText) === phase.id;
    if (!level || !mine) return;
    const end = { ...mark, kind: "D", fields: [idText, exit, ...cwd].join(";") };
    if (phase.at !== "hold" || begun === "1") {
      this.#onEnd(end);
      return;
    }
    if (phase.read && exit !== "0") {
      // The shell could not read it, said so, and nothing of it was run: its message is the output.
      this.#begin(phase.id, phase.text);
      this.#releaseHeld();
      this.#onEnd(end);
      return;
    }
    if (!phase.long) level.bare = !level.bare;
    this.#releaseHeld();
    this.#phase = behind(end, phase.ahead);
    this.#port.tidy();
    this.#port.event({ type: "not run", id: phase.id, why: phase.long ? CUT : NO_EVAL });
  }

  /** The function that frames commands is no longer there: the shell is set up again. */
  #onGone(mark: Mark): void {
    const phase = this.#phase;
    if (!this.#isCurrent(mark) || !("id" in phase) || Number(mark.fields) !== phase.id) return;
    this.#endTrace(false);
    this.#releaseHeld();
    const gone = this.#levels.pop();
    this.#phase = { at: "unframed", late: undefined };
    this.#port.tidy();
    this.#port.event({ type: "lost", id: phase.id, why: GONE, inside: gone?.openedBy ?? 0 });
  }

  #onStart(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hold" || !this.#isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#dropEcho();
    this.#begin(phase.id, phase.text);
  }

  #begin(id: number, text: string): void {
    const phase = this.#phase;
    this.#phase = { at: "run", id, ahead: "ahead" in phase ? phase.ahead : 0 };
    const { key = "", family, flags, status } = this.level ?? {};
    const returns = flags?.includes("x") && family !== "zsh" ? status : undefined;
    this.#trace = new TraceRows(id, key, returns);
    this.#port.draw(text);
    this.#port.event({ type: "started", id });
  }

  #onEnd(mark: Mark): void {
    const top = this.level;
    if (top === undefined || mark.level > top.number) return;
    const [idText, statusText, ...rest] = mark.fields.split(";");
    const id = Number(idText);
    const exit = exitCode(statusText);
    const cwd = rest.join(";");
    if (/^\d+$/.test(statusText ?? "")) top.status = Number(statusText);
    if (mark.level < top.number) {
      this.#leaveTo(mark, id, exit, cwd);
      return;
    }
    const phase = this.#phase;
    // A prompt hook taken for lost was only slow: this is the prompt behind our question.
    const late = mark.kind === "P" && !top.hooked && phase.at !== "settling";
    top.hooked ||= late;
    switch (phase.at) {
      case "identify":
      case "hooking":
        if (id === phase.inside && phase.missed.length < 2)
          this.#phase = { ...phase, missed: [...phase.missed, mark] };
        return;
      case "settling":
        if (mark.kind !== "P" && top.hooked) return;
        this.#settled(top, this.#prompting ? this.#held.take() : undefined);
        this.#port.event({ type: "prompt", exit, cwd });
        return;
      case "hold":
        // The prompt hook of the command before may come late; one with our own id means the line was cut short.
        if (late) return;
        if (id === phase.id || (mark.kind === "P" && phase.owed === 0) || (mark.kind === "D" && phase.pinged))
          this.#end(phase.id, exit, cwd, "dropped", mark);
        else if (mark.kind === "P") this.#phase = { ...phase, owed: phase.owed - 1 };
        return;
      case "ping":
      case "run":
        if (id !== phase.id) return;
        this.#dropEcho();
        this.#end(id, exit, cwd, mark.kind === "D" ? "mark" : "prompt", mark);
        return;
      case "post":
      case "prompt": {
        if (late || (mark.kind !== "P" && !phase.pinged)) return;
        // Only the ping was answered: the prompt hook is gone (or never worked).
        if (phase.pinged && mark.kind === "D") top.hooked = false;
        // At the prompt already, this one is for what was typed there.
        const fewer = mark.kind === "P" && phase.at === "prompt" ? 1 : 0;
        this.#dropEcho();
        this.#phase = { at: "prompt", owed: Math.max(0, phase.owed - fewer), pinged: false };
        this.#port.event({ type: "prompt", exit, cwd });
        return;
      }
    }
  }

  #end(
    id: number,
    exit: number | undefined,
    cwd: string,
    how: "mark" | "prompt" | "dropped",
    mark: Mark,
  ): void {
    this.#endTrace(how === "mark");
    if (how === "dropped") this.#releaseHeld();
    const phase = this.#phase;
    // The interrupt that had the line dropped has brought this very prompt.
    const ahead = "ahead" in phase ? phase.ahead - (how === "dropped" ? 1 : 0) : 0;
    // What the command printed last is drawn while it still counts as running: no query in it is answered.
    this.#port.tidy();
    this.#phase = behind(mark, ahead);
    this.#port.event({ type: "ended", id, exit, cwd, how });
  }

  /** A mark of a lower level: every shell above it is gone, and so is the command that held them. */
  #leaveTo(mark: Mark, id: number, exit: number | undefined, cwd: string): void {
    const target = this.#levels[mark.level - 1];
    const above = this.#levels[mark.level];
    if (target === undefined || above === undefined || id !== above.openedBy) return;
    const inner = [
      this.running,
      ...this.#levels
        .slice(mark.level + 1)
        .map((level) => level.openedBy)
        .reverse(),
    ];
    this.#endTrace(false);
    this.#releaseHeld();
    this.#levels.length = mark.level;
    const phase = this.#phase;
    this.#port.tidy();
    this.#phase = behind(mark, "ahead" in phase ? phase.ahead : 0);
    for (const command of inner)
      if (command !== undefined)
        this.#port.event({ type: "ended", id: command, exit, cwd, how: "left_shell" });
    this.#port.event({ type: "ended", id, exit, cwd, how: mark.kind === "D" ? "mark" : "prompt" });
  }

  #endTrace(reached: boolean): void {
    const rest = this.#trace?.flush(reached);
    this.#trace = undefined;
    if (rest && rest.length > 0) this.#port.show(rest);
  }

  #isCurrent(mark: Mark): boolean {
    return mark.level === this.level?.number;
  }

  #hold(bytes: Buffer): void {
    if (!this.#held.add(bytes)) this.#releaseHeld();
  }

  /** The echo of what was typed is left out, but for what it does to terminal modes; what is none is shown. */
  #dropEcho(): void {
    // What is no whole row while a shell is set up is its prompt.
    const { all, rows } = this.#held.takeBeside(/^(?:identify|hooking|settling)$/.test(this.#phase.at));
    if (all.length > 0) this.#port.applyModes(all);
    if (rows.length > 0) this.#port.aside(rows);
  }

  #releaseHeld(): void {
    const held = this.#held.take();
    if (held.length > 0) this.#port.show(held);
  }
}
