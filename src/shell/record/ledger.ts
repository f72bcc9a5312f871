import type { Clock } from "../../base/clock.ts";
import { PERSON } from "../../base/contract/caller.ts";
import { visibleLine } from "../../base/text.ts";
import type { ChannelEnd } from "../../ssh/contract.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import { endsWithInput } from "./closed-state.ts";
import type { Command, CommandLog } from "./command-log.ts";
import type { State } from "./outcome.ts";
import type { Level, MarkEvent } from "./shell-level.ts";
import { isStopped, MAYBE_STOPPED, STOPPED } from "./stopped.ts";
import { REPLIED, type Typed, type TypedAt } from "./typed.ts";
import { behindEnter, endsOpen, INTERRUPTS, LEAVES_NOTHING, shownKeys } from "./typed-keys.ts";
import type { Waits } from "./waits.ts";

/** Told where the line of a first prompt was emptied. */
export const CLEARED_AHEAD =
  "keys that were sent before the prompt and not entered were cleared from its line: they did NOT run";

/** Told when the shell's directory cannot be said any more. */
const NO_DIRECTORY =
  "the directory this shell is in is not known: it was removed, its name holds control characters, or the shell has lost it";

/** A command whose very purpose is to end its shell: the shell's status is its own. */
const LEAVES = /^\s*(?:exit|logout|bye)\b/;

/** A command that is over, ended or stopped: its exit status, and the level of the shell it was typed in. */
export interface MayBeStopped {
  readonly command: Command;
  readonly exit: number | undefined;
  readonly level: number;
}

interface LedgerParts {
  readonly log: CommandLog;
  readonly transcript: Transcript;
  readonly waits: Waits;
}

/** Keeps the account of commands on one PTY: opened, begun, ended, and who is notified. */
export class Ledger {
  readonly #parts: LedgerParts;
  readonly #clock: Clock;
  cwd: string | undefined;
  #typed: Typed | undefined;
  /** Who typed the last keys, if they ended within a line: what a program leaves of them unread is on the next prompt's line. */
  #openEnd: string | undefined;
  /** Keys behind the last Enter went to what may not have read them: text, or a cursor key that recalls an older line. */
  #unread = false;
  /** The last keys were Ctrl-Z. */
  #suspends = false;
  /** Commands of a nested shell that was left while they ran, until it is known how. */
  #stranded: Command[] = [];
  /** A command of the nested shell that is being left ends it by its very purpose. */
  #left = false;
  /** Sentences for the next outcome. */
  readonly notes: string[] = [];

  constructor(parts: LedgerParts, clock: Clock) {
    this.#parts = parts;
    this.#clock = clock;
  }

  /** Id of the caller whose keys ended within a line, and whose Enter is still to come. */
  get openEnd(): string | undefined {
    return this.#openEnd;
  }

  /** Keys that nobody has read so far may be on the next prompt's line. */
  get mayBeLeft(): boolean {
    return this.#unread || this.#openEnd !== undefined;
  }

  /** What keys typed by the caller have left behind at a prompt. */
  get typed(): Typed | undefined {
    return this.#typed;
  }

  open(text: string, level: number): Command {
    this.#parts.log.strays.typed(this.#parts.transcript, level);
    return this.#parts.log.open(text, level, this.#clock.now(), this.#parts.transcript.mark());
  }

  /**
   * Notes keys on their way to what acts on single keys, to whatever else runs (undefined), or to a prompt: what is typed
   * there is a command, its text known as keys only.
   */
  keys(bytes: Buffer, to: TypedAt | "keys" | undefined, by: string): void {
    const text = bytes.toString("utf8");
    const suspends = text.includes("\u001a");
    const interrupts = INTERRUPTS.test(text);
    for (const command of interrupts || this.#suspends ? this.#parts.log.all() : []) {
      if (command.endedAt !== undefined) continue;
      if (interrupts) command.interrupted = true;
      // What ends behind other keys was not ended by that one.
      if (suspends || command.suspended !== undefined) command.suspended = suspends;
    }
    this.#suspends = suspends;
    // One key alone that was acted on is no beginning of a line; behind an Enter the program may be gone.
    const least = to === "keys" ? 2 : 1;
    this.#openEnd = endsOpen(text, this.#openEnd !== undefined, least) ? by : undefined;
    const tail = behindEnter(text);
    if (to === undefined) this.#unread = tail.replace(LEAVES_NOTHING, "") !== "";
    else if (to !== "keys" || tail !== text) this.#unread = false;
    if (!to || to === "keys") return;
    const shown = to.secret ? "[secret]" : by.startsWith(PERSON) ? "by a human" : shownKeys(text);
    const command = this.#typed?.command ?? this.open(`keys: ${shown}`, to.level);
    this.#hasBegun(command);
    const entered = to.lines ?? text.match(/\r\n?|\n/g)?.length ?? 0;
    const lines = (this.#typed?.lines ?? 0) + entered - (to.answers && entered > 0 ? 1 : 0);
    const escapeAt = text.includes("\u001b") ? this.#clock.now() : this.#typed?.escapeAt;
    const owedPrompt = this.#typed?.owedPrompt ?? to.owedPrompt;
    const enter = (this.#typed?.enter ?? false) || lines > 0;
    const endsInput = text.includes("\u0004") || this.#typed?.endsInput === true;
    this.#typed = { enter, lines, owedPrompt, endsInput, escapeAt, command };
  }

  /** A line of ours was left at the prompt, entered or not: it is as if the caller had typed it. */
  leftOnLine(enter: boolean, command: Command): void {
    this.#typed = {
      enter,
      lines: enter ? 1 : 0,
      owedPrompt: false,
      escapeAt: undefined,
      command,
    };
  }

  /** What was typed has ended; its command is finished by whoever knows how, and what was left behind it follows. */
  handBack(): void {
    this.#typed = undefined;
  }

  /** Nothing typed by keys is under way any more. */
  forgetTyped(): void {
    this.#typed = undefined;
    this.#openEnd = undefined;
    this.#unread = false;
  }

  /** The first prompt stands, and keys that were sent before it may be on its line. */
  firstPrompt(): void {
    this.#typed = undefined;
    this.#leftOver(false);
  }

  replied(): void {
    this.#typed ??= REPLIED;
  }

  /** Rows of something else came since this cursor, while a line was typed. */
  cameWhileTyped(from: number, rows: readonly string[]): void {
    const { log, transcript } = this.#parts;
    log.strays.came(
      transcript,
      from,
      rows.map((row) => Buffer.from(row)),
    );
  }

  begun(id: number): void {
    const command = this.#parts.log.get(id);
    if (!command) return;
    command.range.close();
    command.range = this.#parts.transcript.mark();
    this.#hasBegun(command);
  }

  #hasBegun(command: Command): void {
    command.begun = true;
    const strays = this.#parts.log.strays.take();
    if (strays !== undefined) command.notes.push(strays);
  }

  /** Command `id` was not run, or is over in a way nobody knows. */
  over(id: number, remark: string): void {
    const command = this.#parts.log.get(id);
    if (!command || command.endedAt !== undefined) return;
    command.remarks.push(remark);
    this.finish(command, undefined, "sentinel");
  }

  /**
   * `tells`: the shell gives a stopped job a status of its own. `MayBeStopped`: it is over for now, and whether it has ended is
   * for `conclude` to say.
   */
  ended(
    event: Extract<MarkEvent, { type: "ended" }>,
    level: number,
    tells: boolean,
  ): MayBeStopped | undefined {
    const command = this.#parts.log.get(event.id);
    if (event.cwd === undefined && this.cwd !== undefined) command?.remarks.push(NO_DIRECTORY);
    this.cwd = event.cwd;
    if (!command || command.endedAt !== undefined) return undefined;
    if (event.how === "dropped") {
      command.remarks.push("NOT RUN: the shell discarded the line before running it");
      this.finish(command, undefined, "sentinel");
      return undefined;
    }
    const leaves = event.how === "left_shell" && LEAVES.test(command.text);
    if (event.how === "left_shell" && !leaves) {
      this.#strand(command);
      return undefined;
    }
    if (leaves) command.notes.push("it ended the nested shell");
    this.#close(command);
    if (event.how === "prompt") this.#prompted();
    this.#leftOver(event.how === "mark");
    const over = { command, exit: event.exit, level };
    // Its nested shell was left, and no command of that shell did it.
    const left = command.holdsShell && !this.#left;
    this.#left = leaves;
    const may = event.jobs !== undefined && event.exit === 0;
    if (!leaves && (left || command.suspended === true || may || (tells && isStopped(event.exit))))
      return over;
    this.conclude(over, false);
    return undefined;
  }

  /** Whether what is over has stopped or ended. Undefined: the host's kernel does not say. */
  conclude({ command, exit, level }: MayBeStopped, stopped: boolean | undefined): void {
    const guess = command.suspended === true && isStopped(exit);
    if (stopped === undefined && (command.suspended === true || isStopped(exit)) && !guess)
      command.remarks.push(MAYBE_STOPPED);
    const has = stopped ?? guess;
    if (command.holdsShell) {
      const how = has ? "was stopped" : `ended${exit === undefined ? "" : ` exit=${exit}`}`;
      this.notes.push(`#${command.id} \`${visibleLine(command.text, 60)}\` ${how}; back at level ${level}`);
    }
    const fate = has
      ? "runs in the nested shell, which is stopped"
      : "ran in the nested shell that ended: its own end was not seen";
    for (const { id, text } of this.#stranded.splice(0))
      this.notes.push(`#${id} \`${visibleLine(text, 60)}\` ${fate}`);
    this.#settle(command, exit, "sentinel", has);
  }

  /** The shell a command ran in is gone, and nobody saw the command end; who waits for it waits for the shell's end. */
  #strand(command: Command): void {
    command.range.close();
    command.endedAt = this.#clock.now();
    command.state = "closed";
    command.stranded = true;
    this.#stranded.push(command);
  }

  /** A prompt mark came. What was typed by keys has ended with it, unless further lines were typed ahead. */
  promptStands(exit: number | undefined, cwd: string | undefined): void {
    this.cwd = cwd;
    const typed = this.#typed;
    if (typed?.owedPrompt) {
      this.#typed = { ...typed, owedPrompt: false };
      this.#prompted();
      return;
    }
    if (typed && typed.lines > 1) {
      this.#typed = { ...typed, lines: typed.lines - 1 };
      if (typed.command && exit !== undefined) typed.command.exit = exit;
      return;
    }
    this.endTyped(exit);
    this.#prompted();
  }

  /** A prompt is being printed, its mark is to follow. */
  prompting(): void {
    this.#parts.log.strays.prompted(this.#parts.transcript, true);
  }

  #prompted(): void {
    this.#parts.log.strays.prompted(this.#parts.transcript);
  }

  /** The next prompt mark ends what was typed, however many lines it had. */
  oneLine(): void {
    if (this.#typed) this.#typed = { ...this.#typed, lines: 1, owedPrompt: false };
  }

  /** Nothing typed by keys is under way any more. */
  endTyped(exit: number | undefined): void {
    const command = this.#typed?.command;
    this.#typed = undefined;
    if (command) this.finish(command, exit, "sentinel");
    this.#leftOver(false);
  }

  /** Keys without an Enter that the program left unread are on the line of the prompt behind it. */
  #leftOver(owedPrompt: boolean): void {
    if (this.mayBeLeft) this.#typed ??= { ...REPLIED, owedPrompt };
  }

  /** A command has ended at a prompt that is there. */
  finishAtPrompt(command: Command): void {
    this.finish(command, undefined, "prompt");
    this.#leftOver(false);
  }

  finish(command: Command, exit: number | undefined, evidence: "sentinel" | "prompt"): void {
    this.#close(command);
    const stopped = command.suspended === true && isStopped(exit);
    if (command.suspended === true && !stopped) command.remarks.push(MAYBE_STOPPED);
    this.#settle(command, exit, evidence, stopped);
  }

  /** What is printed from here on is not the command's. */
  #close(command: Command): void {
    command.range.close();
    command.endedAt = this.#clock.now();
    command.state = "done";
    this.#parts.log.strays.ended(this.#parts.transcript);
  }

  #settle(
    command: Command,
    exit: number | undefined,
    evidence: "sentinel" | "prompt",
    stopped: boolean,
  ): void {
    command.state = stopped ? "stopped" : "done";
    if (stopped) command.remarks.push(STOPPED);
    if (exit !== undefined && !stopped) command.exit = exit;
    if (this.cwd !== undefined && evidence === "sentinel") command.cwd = this.cwd;
    const state: State = { state: command.state, evidence };
    const { log } = this.#parts;
    this.#parts.waits.settle((wait) => {
      const about = wait.about === "news" || wait.command === command.id;
      return about || log.get(wait.command)?.stranded ? { state, command } : undefined;
    });
  }

  /** An end by prompt was reported too early: what came behind it is the command's, too. `goesOn`: it has still not ended. */
  revise(command: Command, rows: number, goesOn: boolean): void {
    const count = rows === 1 ? "1 row" : `${rows} rows`;
    this.notes.push(
      `#${command.id} went on after its end was reported: ${count}, ssh_read(command: ${command.id})`,
    );
    command.remarks.push(`its end had been reported before its last ${count}`);
    if (goesOn) {
      command.range.reopen();
      this.#parts.log.reopen(command);
      return;
    }
    command.range.extend();
    command.endedAt = this.#clock.now();
  }

  /** A nested shell took our hooks: the command that opened it goes on, but the caller may work inside. */
  holdsShell(level: Level, below: Level | undefined): Command | undefined {
    const command = this.#parts.log.get(level.openedBy);
    if (!command) return undefined;
    command.holdsShell = true;
    const host = level.host ? `@${visibleLine(level.host, 60)}` : "";
    const who = level.user ? ` as ${visibleLine(level.user, 40)}${host}` : "";
    const replaced = below?.pid !== undefined && below.pid === level.pid;
    command.notes.push(
      replaced
        ? `${level.name}${who} has replaced the shell (level ${level.number} by our count); commands now run in it, \`exit\` ends both`
        : `a nested ${level.name}${who} runs inside #${command.id} (level ${level.number}); commands now run in it, \`exit\` leaves it`,
    );
    return command;
  }

  /** Open commands whose result can no longer be known; the session continues. */
  abandonOpen(why: string): void {
    for (const command of this.#parts.log.all()) {
      if (command.endedAt !== undefined) continue;
      command.range.close();
      command.endedAt = this.#clock.now();
      command.state = "closed";
      command.remarks.push(why);
    }
  }

  /** The channel is gone, and every open command with it. The shell's own exit code belongs to the command in front. */
  closeAll(end: ChannelEnd): void {
    const { log } = this.#parts;
    const front = log.running;
    const unsent = this.#typed?.enter === false && this.mayBeLeft ? this.#typed.command : undefined;
    this.#typed = undefined;
    const why = end.reason === "exit" ? endsWithInput(log.last?.text ?? "") : undefined;
    if (why !== undefined) log.last?.remarks.push(why);
    for (const command of log.all()) {
      if (command.endedAt !== undefined) continue;
      command.range.close();
      command.endedAt = this.#clock.now();
      command.state = "closed";
      if (command === unsent) command.remarks.push("what was left on the line was never entered");
      else if (end.reason === "disconnect") {
        const [did, unknown] = command.begun
          ? ["was running", "whether it finished or still runs"]
          : ["had not begun", "whether it ran"];
        command.cut = `#${command.id} \`${visibleLine(command.text, 60)}\` ${did} when the link was lost: unknown ${unknown}`;
        command.remarks.push(command.cut);
      } else if (end.reason !== "exit")
        command.remarks.push("its end was not seen: whether it finished is unknown");
      else if (command === front && end.code !== undefined) command.exit = end.code;
    }
  }
}
