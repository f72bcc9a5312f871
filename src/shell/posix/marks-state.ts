import { randomBytes } from "node:crypto";
import type { Mark } from "../../terminal/scanner.ts";
import type { FramingPort } from "../pty/framing.ts";
import type { Level, MarkEvent } from "../record/shell-level.ts";
import type { TypedLine } from "./echo.ts";
import { Held } from "./held.ts";
import type { Phase } from "./phase.ts";
import { TraceRows } from "./trace-rows.ts";

/** Prompts that are waited for at most: a page of lines typed ahead. */
const MOST_OWED = 100;

/** Where a line is typed: the text left of it, and the terminal's width; `late` as in `Held.typed`. */
export type Behind = Omit<TypedLine, "line"> & { readonly late?: boolean };

const ANYWHERE: Behind = { prompt: "" };

/** What the marks have done in their terminal, and what they report. */
export type MarksPort = Pick<FramingPort, "put" | "show" | "draw" | "applyModes" | "tidy"> & {
  /** Rows of others that came while a line of ours was typed. */
  aside(rows: readonly Buffer[]): void;
  event(event: MarkEvent): void;
};

/** Where the marks have brought a terminal: the shells in it, the phase of its command, and what is held of its bytes. */
export class MarksState {
  readonly nonce = randomBytes(6).toString("hex");
  readonly port: MarksPort;
  levels: Level[] = [];
  phase: Phase = { at: "unframed", late: undefined };
  readonly held = new Held();
  /** What ends a typed line. */
  lineEnd: "\r" | "\n" = "\r";
  /** The prompt is being printed: its text is here before its mark. */
  prompting = false;
  /** With the end mark that is being read: the shell has jobs, the last one in the background being this process (0: none). */
  jobs: { readonly last: number } | undefined;
  /** Takes our part of a trace out of what the command prints. */
  trace: TraceRows | undefined;

  constructor(port: MarksPort) {
    this.port = port;
  }

  get level(): Level | undefined {
    return this.levels.at(-1);
  }

  /** Id of the command that is being typed or running at the top level; undefined at a prompt. */
  get running(): number | undefined {
    const phase = this.phase;
    return phase.at === "hold" || phase.at === "run" || phase.at === "ping" ? phase.id : undefined;
  }

  /** Prompts that may still come for what was typed before. */
  get owed(): number {
    const phase = this.phase;
    if (phase.at === "post") return phase.owed + 1;
    return phase.at === "prompt" ? phase.owed : 0;
  }

  /** Prompts are still to come for what is typed: behind the next command's line they do not mean it was dropped. */
  expectPrompts(count: number): void {
    const phase = this.phase;
    if (this.level) delete this.level.status;
    if (phase.at === "prompt" || phase.at === "post")
      this.phase = { ...phase, owed: Math.min(MOST_OWED, phase.owed + count) };
    else if (phase.at === "run" || phase.at === "ping" || phase.at === "hold")
      this.phase = { ...phase, ahead: Math.min(MOST_OWED, phase.ahead + count) };
  }

  /** The key its marks must carry; undefined for a level that is not there. */
  keyOf(level: number): string | undefined {
    if (this.phase.at === "hooking" && level === this.levels.length + 1) return this.phase.key;
    return this.levels[level - 1]?.key;
  }

  /** A mark without its level's key is forged by something that saw another level's marks. The first one has none yet. */
  verified(mark: Mark): Mark | undefined {
    if (mark.kind === "I") return mark;
    const key = this.keyOf(mark.level);
    if (key === undefined || !mark.fields.startsWith(`${key};`)) return undefined;
    return { ...mark, fields: mark.fields.slice(key.length + 1) };
  }

  /** A command begins: what comes now is its output. */
  begin(id: number, text: string): void {
    const phase = this.phase;
    this.phase = { at: "run", id, ahead: "ahead" in phase ? phase.ahead : 0 };
    const { key = "", family, flags, status } = this.level ?? {};
    // With status 0 only what is put back (`set -a`) stands between.
    const traced = flags?.includes("x") && family !== "zsh" && (status !== 0 || flags.includes("a"));
    const returns = traced ? status : undefined;
    this.trace = new TraceRows(id, key, returns);
    this.port.draw(text);
    this.port.event({ type: "started", id });
  }

  /** Types a line whose echo is left out of what is shown. */
  type(
    line: string,
    reason: Parameters<MarksPort["put"]>[1],
    { prompt, cols, late }: Behind = ANYWHERE,
  ): void {
    this.held.typed({ prompt, line, cols }, late);
    this.port.put(line.replace(/\r$/, this.lineEnd), reason);
  }

  endTrace(reached: boolean): void {
    const rest = this.trace?.flush(reached);
    this.trace = undefined;
    if (rest && rest.length > 0) this.port.show(rest);
  }

  isCurrent(mark: Mark): boolean {
    return mark.level === this.level?.number;
  }

  hold(bytes: Buffer): void {
    if (!this.held.add(bytes)) this.releaseHeld();
  }

  /** The echo of what was typed is left out, but for what it does to terminal modes; what is none is shown. */
  dropEcho(): void {
    // What is no whole row while a shell is set up is its prompt.
    const { all, rows, prompt } = this.held.takeBeside(/^(?:identify|hooking|settling)$/.test(this.phase.at));
    if (all.length > 0) this.port.applyModes(all);
    if (rows.length > 0) this.port.aside(rows);
    if (prompt && prompt.length > 0) this.port.show(prompt);
  }

  releaseHeld(): void {
    const held = this.held.take();
    if (held.length > 0) this.port.show(held);
  }
}
