import { randomBytes } from "node:crypto";
import { SshMcpError } from "../../base/errors.ts";
import type { Mark } from "../../terminal/scanner.ts";
import type { FramingPort, Level, Phase } from "../record/posix-types.ts";
import {
  bootstrapLine,
  commandLine,
  familyOf,
  HOOK_BYTES,
  hasPromptVariable,
  hookCode,
  PING_LINE,
  shellName,
  UNHOOK_LINE,
} from "./hooks.ts";

/** Echo held while a line is on its way; past this it cannot be an echo of ours any more. */
const HOLD_LIMIT = 256 * 1024;

/**
 * Frames commands in POSIX-like shells by private marks (docs/framing.md). Knows nothing of time or waits: the session
 * tells it when to begin, submit, ping or give up; it tells the session what the marks say.
 */
export class PosixFraming {
  readonly nonce = randomBytes(6).toString("hex");
  readonly #port: FramingPort;
  #levels: Level[] = [];
  #phase: Phase = { at: "unframed" };
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Label of a bootstrap that was given up unanswered. */
  #late: string | undefined;

  constructor(port: FramingPort) {
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

  /** Id of the command that is on its way or running at the top level; undefined at a prompt. */
  get running(): number | undefined {
    const phase = this.#phase;
    return phase.at === "hold" || phase.at === "run" || phase.at === "ping" ? phase.id : undefined;
  }

  /** A command may be typed now. */
  get atPrompt(): boolean {
    return this.#phase.at === "prompt" || this.#phase.at === "post";
  }

  /** Types the bootstrap line at what looks like a prompt; opens a nested level when a command runs. */
  bootstrap(): void {
    const number = this.#levels.length + 1;
    const label = `${this.nonce}L${number}`;
    this.#phase = { at: "identify", label };
    this.#missed = [];
    this.#port.write(bootstrapLine(label));
  }

  /** The bootstrap was not answered: shows what came instead and steps back. `tidy`: the shell may sit in our raw read. */
  abandonBootstrap(running: number | undefined): { readonly tidy: boolean } {
    const tidy = this.#phase.at === "hooking";
    if (this.#phase.at === "identify") this.#late = this.#phase.label;
    this.#releaseHeld();
    this.#phase = running === undefined ? { at: "unframed" } : { at: "run", id: running };
    for (const mark of this.#missed.splice(0)) this.#onEnd(mark);
    return { tidy };
  }

  /** After R without P: prompts carry no mark here; interrupted commands are found out by ping. */
  settleWithoutHook(): void {
    const level = this.level;
    if (this.#phase.at !== "settling" || level === undefined || !level.hooked) return;
    level.hooked = false;
    // The prompt that shows our hook literally is put back; the end mark of that line then says ready.
    if (hasPromptVariable(level.family)) this.#port.write(UNHOOK_LINE);
    else this.#settled(level, this.#takeHeld());
  }

  /** `prompt`: held bytes that are the prompt itself; otherwise it follows the mark that settled this. */
  #settled(level: Level, prompt: readonly Buffer[] = []): void {
    this.#discardHeld();
    this.#phase = { at: "prompt" };
    this.#port.event({ type: "ready", level });
    for (const bytes of prompt) this.#port.release(bytes);
  }

  /** Types one framed command. The caller has made sure that `atPrompt` holds and nothing unsent is on the line. */
  submit(id: number, text: string): void {
    const level = this.level;
    if (level === undefined || !this.atPrompt) throw new SshMcpError("internal", "submit without a prompt");
    const typed = commandLine(level.family, id, text);
    this.#phase = { at: "hold", id, text, payload: typed.payload };
    this.#port.write(typed.line);
  }

  /** Asks a shell that is back at its prompt without a mark how the command ended. */
  ping(): void {
    if (this.#phase.at === "run") this.#phase = { at: "ping", id: this.#phase.id };
    else this.#pinged = true;
    this.#port.write(PING_LINE);
  }

  /** The ping was not answered: what came instead is output. */
  giveUpPing(): void {
    if (this.#phase.at !== "ping") return;
    this.#releaseHeld();
    this.#phase = { at: "run", id: this.#phase.id };
  }

  /** A prompt is still to come for what was sent before the next command: it does not mean that the line was dropped. */
  expectLatePrompt(): void {
    this.#promptSeen = false;
  }

  /** The line never ran: shows what was taken for its echo. The phase stays, the mark may still come. */
  showHeld(): void {
    this.#releaseHeld();
  }

  /** All framing is lost: the login shell was replaced or broke. */
  reset(): void {
    this.#releaseHeld();
    this.#levels = [];
    this.#phase = { at: "unframed" };
  }

  onBytes(bytes: Buffer): void {
    switch (this.#phase.at) {
      case "identify":
      case "hooking":
      case "settling":
      case "hold":
      case "ping":
        this.#held.push(Buffer.from(bytes));
        this.#heldBytes += bytes.length;
        if (this.#heldBytes > HOLD_LIMIT) this.#releaseHeld();
        return;
      default:
        this.#port.release(bytes);
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
      case "C":
        this.#onStart(mark);
        return;
      case "D":
      case "P":
        this.#onEnd(mark);
        return;
    }
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
    const label = phase.at === "identify" ? phase.label : phase.at === "unframed" ? this.#late : undefined;
    if (label === undefined || mark.level !== this.#levels.length + 1) return;
    this.#late = undefined;
    this.#discardHeld();
    if (this.#missed.length > 0) {
      // The program to join had ended: it is the shell around it that reads our line. It has its hooks already.
      this.#port.write("command stty icanon echo\n".padEnd(HOOK_BYTES, "\n"));
      this.#phase = { at: "run", id: this.#suspended };
      for (const missed of this.#missed.splice(0)) this.#onEnd(missed);
      // The set-up line itself ends with one more prompt.
      this.expectLatePrompt();
      return;
    }
    const key = randomBytes(4).toString("hex");
    this.#phase = { at: "hooking", identity: mark.fields, key };
    this.#port.write(hookCode(familyOf(mark.fields), label, key, mark.level > 1));
  }

  #onReady(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hooking" || mark.level !== this.#levels.length + 1) return;
    const [pid, tty, user, ...host] = mark.fields.split(";");
    this.#levels.push({
      number: mark.level,
      family: familyOf(phase.identity),
      name: shellName(phase.identity),
      hooked: true,
      openedBy: this.#suspended,
      key: phase.key,
      ...(pid && /^\d+$/.test(pid) ? { pid: Number(pid) } : {}),
      ...(tty?.startsWith("/dev/") ? { tty } : {}),
      ...(user ? { user } : {}),
      ...(host.length > 0 && host[0] ? { host: host.join(";") } : {}),
    });
    this.#discardHeld();
    this.#phase = { at: "settling" };
  }

  /** Command of the current top level that a bootstrap in progress would nest in; set by `nestIn`. */
  #suspended = 0;

  /** Declares that the next bootstrap opens a level inside command `id`. */
  nestIn(id: number): void {
    this.#suspended = id;
  }

  #onPayloadWanted(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hold" || !this.#isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    if (phase.payload) this.#port.write(phase.payload);
    this.#phase = { ...phase, payload: undefined };
  }

  #onStart(mark: Mark): void {
    const phase = this.#phase;
    if (phase.at !== "hold" || !this.#isCurrent(mark) || Number(mark.fields) !== phase.id) return;
    this.#discardHeld();
    this.#phase = { at: "run", id: phase.id };
    this.#port.draw(phase.text);
    this.#port.event({ type: "started", id: phase.id });
  }

  #onEnd(mark: Mark): void {
    const top = this.level;
    if (top === undefined || mark.level > top.number) return;
    const [idText, statusText, ...rest] = mark.fields.split(";");
    const id = Number(idText);
    const exit = exitCode(statusText);
    const cwd = rest.join(";");
    if (mark.level < top.number) {
      this.#leaveTo(mark, id, exit, cwd);
      return;
    }
    const phase = this.#phase;
    switch (phase.at) {
      case "identify":
      case "hooking":
        if (id === this.#suspended && this.#missed.length < 2) this.#missed.push(mark);
        return;
      case "settling":
        if (mark.kind !== "P" && top.hooked) return;
        this.#settled(top);
        this.#port.event({ type: "prompt", exit, cwd });
        return;
      case "hold":
        // The prompt hook of the command before may come late; one with our own id means the line was cut short.
        if (id === phase.id) this.#end(phase.id, exit, cwd, "dropped", mark);
        else if (mark.kind === "P" && this.#promptSeen) this.#end(phase.id, exit, cwd, "dropped", mark);
        else if (mark.kind === "P") this.#promptSeen = true;
        return;
      case "ping":
      case "run":
        if (id !== phase.id) return;
        this.#discardHeld();
        this.#end(id, exit, cwd, mark.kind === "D" ? "mark" : "prompt", mark);
        return;
      case "post":
      case "prompt":
        if (mark.kind !== "P" && !this.#pinged) return;
        // Only the ping was answered: the prompt hook is gone (or never worked).
        if (this.#pinged && mark.kind === "D") top.hooked = false;
        this.#pinged = false;
        this.#phase = { at: "prompt" };
        this.#promptSeen = true;
        this.#port.event({ type: "prompt", exit, cwd });
        return;
    }
  }

  /** End marks of the command a bootstrap wants to nest in: it ended while it was being joined. */
  #missed: Mark[] = [];

  /** A ping was typed at a prompt: an end mark answers it. */
  #pinged = false;

  /** The prompt mark that belongs to the command before the held one has been seen. */
  #promptSeen = true;

  #end(
    id: number,
    exit: number | undefined,
    cwd: string,
    how: "mark" | "prompt" | "dropped",
    mark: Mark,
  ): void {
    if (how === "dropped") this.#releaseHeld();
    this.#phase = mark.kind === "P" ? { at: "prompt" } : { at: "post", id };
    this.#promptSeen = mark.kind === "P";
    this.#port.outputEnded();
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
    this.#releaseHeld();
    this.#levels.length = mark.level;
    this.#phase = mark.kind === "P" ? { at: "prompt" } : { at: "post", id };
    this.#promptSeen = mark.kind === "P";
    this.#port.outputEnded();
    this.#port.event({ type: "left", level: target });
    for (const command of inner)
      if (command !== undefined)
        this.#port.event({ type: "ended", id: command, exit, cwd, how: "left_shell" });
    this.#port.event({ type: "ended", id, exit, cwd, how: mark.kind === "D" ? "mark" : "prompt" });
  }

  #isCurrent(mark: Mark): boolean {
    return mark.level === this.level?.number;
  }

  /** The echo is thrown away, but for what it does to terminal modes. */
  #discardHeld(): void {
    if (this.#held.length > 0) this.#port.applyModes(Buffer.concat(this.#takeHeld()));
  }

  #takeHeld(): Buffer[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  #releaseHeld(): void {
    for (const bytes of this.#takeHeld()) this.#port.release(bytes);
  }
}

/** ksh93 reports a signal as 256+n; everybody else as 128+n. */
function exitCode(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const status = Number(text);
  return status > 256 && status < 256 + 65 ? status - 128 : status;
}
