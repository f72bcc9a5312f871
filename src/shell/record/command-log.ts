import type { RangeCounter, Transcript } from "../../terminal/transcript.ts";
import type { DeviceError, DeviceWarning, State } from "./outcome.ts";
import { Strays } from "./strays.ts";

/** One command of a session: its text, where its output is, its state. */
export interface Command {
  readonly id: number;
  readonly text: string;
  readonly startedAt: number;
  /** Shell level it was typed into. */
  readonly level: number;
  /** Counts the output, pruned or not; open while the command runs. */
  range: RangeCounter;
  endedAt?: number;
  state: State["state"];
  exit?: number;
  cwd?: string;
  /** The shell began to run it (always true where nothing marks the beginning). */
  begun: boolean;
  /** A key that interrupts or suspends was sent while it ran. */
  interrupted: boolean;
  /** Ctrl-Z was sent while it ran. */
  suspended?: boolean;
  /** The shell it ran in ended before it was seen to end. */
  stranded: boolean;
  /** It left the user in a nested shell that carries our hooks. */
  holdsShell: boolean;
  /** Told once to each caller, with a result about this command. */
  readonly notes: string[];
  /** Told with every result about this command. */
  readonly remarks: string[];
  /** Why its end is unknown: the link was lost while it ran. */
  cut?: string;
  /** Network CLI: the row of the prompt its first line was typed at. */
  typedAt?: string;
  /** Network CLI: mode and host of the prompt that ended it, and what the profile knows as errors. */
  mode?: string;
  host?: string;
  errors?: readonly DeviceError[];
  warnings?: readonly DeviceWarning[];
  /** Of a command of several lines, those that were not typed, or whose end is not known. */
  untyped?: number;
  /** Pager keys typed for it. */
  pages?: number;
}

/** Commands remembered per session; the oldest is forgotten first, with its output still in the transcript by cursor. */
const REMEMBERED = 1000;

/** The commands of a session by id; ids grow by one and are never used again. */
export class CommandLog {
  /** What was printed outside of all of them. */
  readonly strays = new Strays();
  readonly #commands = new Map<number, Command>();
  /** Those that have not ended, the oldest first; one that has leaves when it is next looked for. */
  #open: Command[] = [];
  #last = 0;

  /** Another shell is about to print, behind a row that says so. */
  renewed(transcript: Transcript): void {
    this.strays.renewed(transcript);
    transcript.append(Buffer.from("\r\n--- new shell ---\r\n"));
  }

  open(text: string, level: number, startedAt: number, range: RangeCounter): Command {
    const id = ++this.#last;
    const command: Command = {
      id,
      text,
      level,
      startedAt,
      range,
      state: "running",
      begun: false,
      interrupted: false,
      stranded: false,
      holdsShell: false,
      notes: [],
      remarks: [],
    };
    this.#commands.set(id, command);
    this.#open.push(command);
    if (this.#commands.size > REMEMBERED) {
      const oldest = this.#commands.keys().next().value;
      if (oldest !== undefined) this.#commands.delete(oldest);
    }
    return command;
  }

  get(id: number): Command | undefined {
    return this.#commands.get(id);
  }

  get last(): Command | undefined {
    return this.#commands.get(this.#last);
  }

  /** The newest command that held a nested shell and has ended. */
  get lastHolder(): Command | undefined {
    return this.all().findLast((command) => command.holdsShell && command.endedAt !== undefined);
  }

  all(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** The command in front: the newest that has not ended and does not merely hold a nested shell open. */
  get running(): Command | undefined {
    // Asked several times per chunk: only what is open is looked at.
    if (this.#open.some(({ endedAt }) => endedAt !== undefined))
      this.#open = this.#open.filter(({ endedAt }) => endedAt === undefined);
    return this.#open.findLast(({ id, holdsShell }) => !holdsShell && this.#commands.has(id));
  }

  /** What is under way in front. */
  stands(state: State["state"]): void {
    const command = this.running;
    if (command) command.state = state;
  }

  /** A command that was taken for ended goes on. */
  reopen(command: Command): void {
    delete command.endedAt;
    command.state = "running";
    if (!this.#open.includes(command)) this.#open.push(command);
  }

  /** What was noted since the last time, by command. */
  takeNotes(): readonly { readonly id: number; readonly note: string }[] {
    const taken: { id: number; note: string }[] = [];
    for (const { id, notes } of this.#commands.values())
      if (notes.length > 0) for (const note of notes.splice(0)) taken.push({ id, note });
    return taken;
  }
}
