import { LearnedPrompt, type RowTest } from "../evidence/learned-prompt.ts";
import { askedByText } from "../evidence/rows.ts";
import { drawnView } from "../pty/drawn-view.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { Command } from "../record/command-log.ts";

/** Quiet in milliseconds before something behind an end is told. */
const PROMPT_SETTLE = 250;
const QUESTION_SETTLE = 1000;

/**
 * A shell that is not framed: one line at a time, and nothing but its prompt shows an end. A row of output may equal that: until
 * something is typed, rows that come with the prompt behind them are the command's, and a question takes the end back.
 */
export class Unframed {
  readonly why: string;
  readonly #port: FramingPort;
  readonly #pattern: RowTest | undefined;
  #prompt: LearnedPrompt;
  /** The command that ended last, and transcript end then. */
  #last: { readonly command: Command; readonly to: number } | undefined;

  /** `row`: the prompt as it is now; `pattern`: the inventory's prompt_regex. */
  constructor(port: FramingPort, why: string, row: string, pattern: RowTest | undefined) {
    this.#port = port;
    this.why = why;
    this.#pattern = pattern;
    this.#prompt = new LearnedPrompt(row, pattern);
  }

  /** What marks an end. */
  get prompt(): LearnedPrompt {
    return this.#prompt;
  }

  /**
   * Types a line at the prompt, or where rows of others have overwritten that and the kernel says that shell `pid` reads in its
   * line editor. @throws what the port refuses with, where neither is there.
   */
  *submit(text: string, pid: number | undefined): Script {
    const { ledger, sinks } = this.#port;
    if (sinks.log.running || ledger.typed) throw this.#port.refusal();
    const stands = this.#mayType();
    if (!stands && !(yield* this.#reads(pid))) throw this.#port.refusal();
    this.#last = undefined;
    if (stands) this.#prompt = new LearnedPrompt(sinks.screen.view().cursorText, this.#pattern);
    const command = this.#port.begin(text, 1);
    command.begun = true;
    this.#port.put(`${text}\r`, { as: "line", of: text });
  }

  ended(command: Command): void {
    this.#last = { command, to: this.#port.sinks.transcript.end };
  }

  /** Something is typed: what comes now may be its. */
  typed(): void {
    this.#last = undefined;
  }

  look(seen: Snapshot): void {
    const last = this.#last;
    const prompt = this.#prompt;
    if (last === undefined || seen.end <= last.to) return;
    const row = seen.view.cursorText;
    const rows = seen.rowsSince(last.to).filter((line) => line.trim() !== "" && !prompt.matches(line)).length;
    if (rows === 0) return;
    if (prompt.matches(row)) {
      if (!seen.quiet.reached(PROMPT_SETTLE)) return;
      this.#port.ledger.revise(last.command, rows, false);
      this.#last = { ...last, to: seen.end };
    } else if (askedByText(row) !== undefined && seen.quiet.reached(QUESTION_SETTLE)) {
      this.#port.ledger.revise(last.command, rows - 1, true);
      this.#last = undefined;
    }
  }

  /** In an empty row; a shell that asks something itself reads a line, not keys. */
  *#reads(pid: number | undefined): Script<boolean> {
    const { ledger, sinks } = this.#port;
    const { end } = sinks.transcript;
    if (pid === undefined || drawnView(sinks.screen)?.cursorText.trim() !== "") return false;
    const { waiting, front } = yield* finished(this.#port.kernel());
    if (sinks.transcript.end !== end || sinks.log.running || ledger.typed) return false;
    const same = front?.pid === pid && front.shell && front.alone && front.readsFile === false;
    return waiting === "keys" && same;
  }

  /** Not where rows have come behind the end and no prompt with them. */
  #mayType(): boolean {
    const { screen, transcript } = this.#port.sinks;
    const view = drawnView(screen);
    const same = this.#last === undefined || transcript.end <= this.#last.to;
    return same || (view !== undefined && this.#prompt.matches(view.cursorText));
  }
}
