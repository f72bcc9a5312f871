import type { Chunk, Pace } from "./pace.ts";
import { endsInPrompt, promptOf, type Recording, type Step } from "./recording.ts";

/** What a client did that the recording does not hold. */
export interface Journal {
  /** Lines the recording has no answer to, in their order. */
  readonly unknown: string[];
  /** Keys that were not asked for: a pager's wrong key, control characters, half a line end. */
  readonly strays: string[];
  /** Steps played, keys included. */
  played: number;
}

export interface TerminalPort {
  write(bytes: Buffer): void;
  close(): void;
}

const BELL = "\u0007";
/** How models refuse a line; the others say what IOS says. */
const REFUSALS: Readonly<Record<string, string>> = {
  aosw: "% Parse error",
  fortigate: "\r\ncommand parse error before 'it'\r\nCommand fail. Return code -61\r\n",
  h3c: "           ^\r\n % Unrecognized command found at '^' position.",
  mlnxos: "% Unrecognized command.",
  tnsr: "CLI syntax error: Unknown command",
  tplink: "Error: Bad command",
  vyos: "Invalid command",
};

/**
 * The device's end of a recorded session: echoes what is typed, prints what was recorded for the line or key, and waits.
 * What comes while it prints is taken afterwards. Not modelled: history, completion, wrapping of long lines.
 */
export class ReplayedTerminal {
  readonly #recording: Recording;
  readonly #pace: Pace;
  readonly #port: TerminalPort;
  readonly #journal: Journal;
  readonly #queue: string[] = [];
  #line = "";
  #prompt: string;
  /** Step that comes next in the recorded order. */
  #next = 0;
  #afterReturn = false;
  #printing = false;
  #closed = false;

  constructor(recording: Recording, pace: Pace, port: TerminalPort, journal: Journal) {
    this.#recording = recording;
    this.#pace = pace;
    this.#port = port;
    this.#journal = journal;
    this.#prompt = promptOf(recording.init);
  }

  async start(): Promise<void> {
    this.#printing = true;
    await this.#print(this.#pace.output(this.#recording.init));
    this.#printing = false;
    await this.#pump();
  }

  async input(bytes: Buffer): Promise<void> {
    this.#queue.push(...bytes.toString("utf8"));
    await this.#pump();
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
  }

  async #pump(): Promise<void> {
    if (this.#printing) return;
    this.#printing = true;
    for (let char = this.#queue.shift(); char !== undefined; char = this.#queue.shift())
      await this.#take(char);
    this.#printing = false;
  }

  async #take(char: string): Promise<void> {
    const awaited = this.#recording.steps[this.#next];
    if (awaited?.isKey === true) return this.#key(char, awaited);
    const wasReturn = this.#afterReturn;
    this.#afterReturn = char === "\r";
    if (char === "\r") return this.#recording.newline === "\n" ? this.#enter() : undefined;
    if (char === "\n") {
      if (wasReturn) return this.#recording.newline === "\n" ? undefined : this.#enter();
      return this.#recording.newline === "\n" ? this.#enter() : this.#stray(char);
    }
    if (wasReturn && this.#recording.newline === "\r\n") this.#stray("\r");
    if (char >= " " && char !== "\u007f") {
      this.#line += char;
      return this.#print(this.#pace.echo(char));
    }
    const erased = char === "\u0015" ? this.#line.length : char === "\b" || char === "\u007f" ? 1 : 0;
    if (erased === 0) return this.#stray(char);
    const count = Math.min(erased, this.#line.length);
    this.#line = this.#line.slice(0, this.#line.length - count);
    return this.#print(this.#pace.echo("\b \b".repeat(count)));
  }

  async #key(char: string, step: Step): Promise<void> {
    if (char !== step.input) {
      this.#stray(char);
      return this.#print(this.#pace.echo(BELL));
    }
    await this.#play(this.#next, step.output);
  }

  async #enter(): Promise<void> {
    const line = this.#line;
    this.#line = "";
    const { steps, model } = this.#recording;
    const matches = (step: Step) => !step.isKey && step.input === line;
    const ahead = steps.findIndex((step, index) => index >= this.#next && matches(step));
    const index = ahead === -1 ? steps.findIndex(matches) : ahead;
    const step = steps[index];
    if (step) {
      const { output } = step;
      const echoed = output.startsWith(line);
      return this.#play(index, echoed ? output.slice(line.length) : `\r\n${output}`);
    }
    if (line !== "") this.#journal.unknown.push(line);
    // One device takes what another refuses: a session must get along with both.
    const refused = line !== "" && this.#pace.chance(0.5);
    const refusal = refused ? `${REFUSALS[model] ?? "% Invalid input detected at '^' marker."}\r\n` : "";
    await this.#print(this.#pace.output(`\r\n${refusal}${this.#prompt}`));
  }

  async #play(index: number, output: string): Promise<void> {
    this.#journal.played++;
    this.#next = index + 1;
    await this.#print(this.#pace.output(output));
    if (this.#recording.steps[this.#next]?.isKey === true) return;
    if (endsInPrompt(output)) this.#prompt = promptOf(output);
    else this.#port.close();
  }

  #stray(char: string): void {
    this.#journal.strays.push(char);
  }

  async #print(chunks: readonly Chunk[]): Promise<void> {
    for (const { bytes, delayMs } of chunks) {
      if (this.#closed) return;
      this.#port.write(bytes);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
