import { visibleLine } from "../../base/text.ts";
import { drawnView } from "../pty/drawn-view.ts";
import type { FramingPort } from "../pty/framing.ts";
import type { Command } from "../record/command-log.ts";
import type { Level, MarkEvent } from "../record/shell-level.ts";
import { JOB_STOPPED } from "../record/stopped.ts";
import type { KernelSight } from "./kernel-sight.ts";
import type { ShellMarks } from "./marks.ts";
import { isOneJob } from "./one-job.ts";

/** A command that may have gone on with a job that was stopped before. */
const RESUMES = /(?:^|[;&|\s])(?:fg\b|%)|CONT\b/;

/** It brings one to the front. */
const GOES_ON = /(?:^|[;&|])\s*(?:fg\b|%)/;

interface Parts {
  readonly port: FramingPort;
  readonly marks: ShellMarks;
  readonly sight: KernelSight;
  /** Row left of the cursor at the last prompt. */
  promptRow(): string;
  /** Joins the shell at the cursor: the login shell, or one that a command opened. */
  join(inside: Command | undefined): void;
  /** The login shell answers: its commands are framed from here on. */
  framed(): void;
}

/** What the shell's marks mean for commands, waits and the ledger. */
export class MarkEvents {
  readonly #parts: Parts;
  /** The command that removed our function, while the shell is set up again. */
  #lost: Extract<MarkEvent, { type: "lost" }> | undefined;
  /** Transcript end at the last prompt's mark; undefined: none has come since the last keys. */
  promptAt: number | undefined;
  /** The same of a prompt that was not still to come as the keys were typed: it stands behind what they entered. */
  answeredAt: number | undefined;
  /** Its text came before it. */
  #textFirst = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** No prompt has come behind what the caller types now. */
  keysTyped(): void {
    this.promptAt = undefined;
    this.answeredAt = undefined;
  }

  /** The last prompt's text has not come, only its mark. */
  get promptDue(): boolean {
    const { screen, transcript } = this.#parts.port.sinks;
    if (this.promptAt === undefined || this.#textFirst) return false;
    screen.flush();
    return transcript.lineFeeds(this.promptAt, transcript.end) === 0 && screen.cursorRowText().trim() === "";
  }

  /** The last prompt's mark has come, and no sign that its line editor reads. */
  get editorDue(): boolean {
    const { screen, transcript } = this.#parts.port.sinks;
    const { owesPrompt, phase } = this.#parts.marks;
    if (owesPrompt || phase !== "prompt") return owesPrompt;
    if (this.promptAt === undefined || transcript.lineFeeds(this.promptAt, transcript.end) > 0) return false;
    const view = drawnView(screen);
    return view === undefined || (!view.modes.bracketedPaste && view.cursorText.trim() === "");
  }

  on(event: MarkEvent): void {
    const { port } = this.#parts;
    const { ledger } = port;
    switch (event.type) {
      case "ready":
        this.#parts.sight.ready(event.level);
        port.met();
        port.muteReplies(false);
        // The prompt comes a second time, the set-up line's echo having been thrown away: over the first.
        port.show(Buffer.from("\r\u001b[K"));
        if (this.endLost()) return;
        if (event.level.number > 1) {
          this.#nested(event.level);
          return;
        }
        this.#parts.framed();
        return;
      case "started":
        port.muteReplies(false);
        ledger.begun(event.id);
        return;
      case "ended":
        port.muteReplies(false);
        port.settled();
        this.#ended(event);
        if (event.how === "prompt") {
          this.#promptMark();
          this.answeredAt = this.promptAt;
        }
        // What was being joined may have ended meanwhile.
        port.met();
        return;
      case "not run":
        port.muteReplies(false);
        port.settled();
        ledger.over(event.id, `the command was NOT run: ${event.why}`);
        return;
      case "lost":
        // It ends when the shell can be worked in again.
        port.muteReplies(false);
        port.settled();
        this.#lost = event;
        this.#parts.join(port.sinks.log.get(event.inside));
        return;
      case "prompting":
        this.#tidyTyped();
        ledger.prompting();
        return;
      case "prompt":
        this.#onPrompt(event.exit, event.cwd);
        return;
    }
  }

  /** Whether it has ended or is stopped, the host's kernel knows where the status does not tell. */
  #ended(event: Extract<MarkEvent, { type: "ended" }>): void {
    const { port, sight, marks } = this.#parts;
    const { number = 1, family, tty } = marks.level ?? {};
    const tells = family !== "fish" && family !== "ksh";
    const over = port.ledger.ended(event, number, tells);
    if (over === undefined) return;
    const { left } = event;
    const shell = left?.tty === tty ? left?.pid : undefined;
    const { text, suspended } = over.command;
    const jobs = suspended === true || left !== undefined ? undefined : event.jobs;
    const again = suspended === true || (jobs ? GOES_ON : RESUMES).test(text);
    port.askKernel((kernel) => {
      const stopped = sight.hasStopped(kernel, shell, again, jobs);
      // By its jobs alone: a job in the background may be the one, or the list has gone on behind it.
      const guessed = stopped === true && jobs !== undefined;
      if (guessed && !isOneJob(text)) over.command.remarks.push(JOB_STOPPED);
      port.ledger.conclude(over, guessed ? isOneJob(text) : stopped);
    });
  }

  #onPrompt(exit: number | undefined, cwd: string | undefined): void {
    const { port } = this.#parts;
    const { ledger } = port;
    const { typed } = ledger;
    this.#promptMark();
    if (!typed?.owedPrompt) this.answeredAt = this.promptAt;
    if (!this.#parts.marks.prompting) this.#tidyTyped();
    port.settled();
    ledger.promptStands(exit, cwd);
    if (!typed?.owedPrompt) port.met();
  }

  #promptMark(): void {
    this.promptAt = this.#parts.port.sinks.transcript.end;
    this.#textFirst = this.#parts.marks.prompting;
  }

  /** What was typed by keys ends with this prompt: it begins a row. */
  #tidyTyped(): void {
    const { typed } = this.#parts.port.ledger;
    if (typed?.command && typed.lines <= 1 && !typed.owedPrompt) this.#parts.port.tidy();
  }

  /** True: it was a shell that had lost its function; it is set up again. */
  endLost(): boolean {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost) this.#parts.port.ledger.over(lost.id, lost.why);
    return lost !== undefined;
  }

  #nested(level: Level): void {
    const row = visibleLine(this.#parts.promptRow(), 200);
    if (this.#parts.port.ledger.holdsShell(level, this.#parts.marks.levels.at(-2)))
      this.#parts.port.report({ state: "asking", asked: "shell", evidence: "sentinel", row });
  }
}
